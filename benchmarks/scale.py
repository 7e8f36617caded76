"""Ours at 50 thousand and at 5 million cases: the same nation, the same viewers, the same questions.

Both servers run side by side and are driven in turn, so that whatever else the machine does falls on both. PostgreSQL's own counters
tell whether any table of tenants was scanned while they answered.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

import asyncpg

from benchmarks.contestants.roster import ours
from benchmarks.endpoint import Measure, Running, heats, started
from benchmarks.nation.store import Store, nation

OPERATIONS = ("list", "detail", "dashboard")
BAR = 1.5
"""The larger nation may take so many times as long (architecture §8)."""
SMALL = 1_000
"""Rows up to which PostgreSQL rightly reads a table whole."""
SCANS = """
select s.relname, s.seq_scan from pg_stat_user_tables s join pg_class c on c.oid = s.relid
 where s.schemaname = 'public' and c.reltuples > $1 and exists (
   select from pg_index i where i.indrelid = s.relid and i.indisprimary and pg_get_indexdef(i.indexrelid) like '%(shard, id)')
"""


async def scans(store: Store) -> dict[str, int]:
    """How often each table of tenants was read whole, since its statistics began."""
    connection = await asyncpg.connect(store.dsn)
    rows = await connection.fetch(SCANS, SMALL)
    await connection.close()
    return {row["relname"]: row["seq_scan"] for row in rows}


def rounds_of(
    servers: Sequence[Running], operation: str, options: argparse.Namespace
) -> list[list[tuple[Measure, Measure]]]:
    """For each server its measures at one and at sixteen connections, round by round, the servers in turn."""
    seen: list[list[tuple[Measure, Measure]]] = [[] for _ in servers]
    for _ in range(options.rounds):
        for place, server in enumerate(servers):
            seen[place].append(
                (server.measure(operation, 1, options.seconds), server.measure(operation, 16, options.seconds))
            )
    return seen


def heading(sizes: Sequence[int]) -> str:
    small, large = (f"{size:,}" for size in sizes)
    return f"{'viewer':9} {'operation':10} {'figure':34} {small:>10} {large:>10} {'ratio':>6}"


def lines(viewer: str, operation: str, seen: list[list[tuple[Measure, Measure]]]) -> list[str]:
    """Medians over the rounds: the time of one request, the requests of sixteen connections, the processor's time."""
    figures = {
        "p50 ms, 1 connection": ([[one.p50 for one, _ in rounds] for rounds in seen], False),
        "req/s, 16 connections": ([[many.rate for _, many in rounds] for rounds in seen], True),
        "processor ms, server and database": (
            [[m.server_ms + m.database_ms for _, m in rounds] for rounds in seen],
            False,
        ),
    }
    shown = []
    for name, (values, more_is_better) in figures.items():
        small, large = (median(one) for one in values)
        ratio = small / large if more_is_better else large / small
        verdict = "" if ratio <= BAR else "  DOES NOT HOLD"
        shown.append(f"{viewer:9} {operation:10} {name:34} {small:10.2f} {large:10.2f} {ratio:6.2f}{verdict}")
    return shown


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs=2, type=int, default=[50_000, 5_000_000])
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--viewers", nargs="+", choices=["city", "district"], default=["city", "district"])
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    options = arguments(given)
    with ExitStack() as stack:
        stores = [stack.enter_context(nation(cases)) for cases in options.cases]
        pairs = list(zip(*(heats(store, options.viewers) for store in stores), strict=True))
        before = [asyncio.run(scans(store)) for store in stores]
        print(heading(options.cases))
        for pair in pairs:
            with ExitStack() as running:
                servers = [running.enter_context(started(ours(heat), heat.store)) for heat in pair]
                for operation in OPERATIONS:
                    for text in lines(pair[0].viewer.name, operation, rounds_of(servers, operation, options)):
                        print(text, flush=True)
        for store, cases, earlier in zip(stores, options.cases, before, strict=True):
            report_scans(cases, earlier, asyncio.run(scans(store)))


def report_scans(cases: int, earlier: dict[str, int], later: dict[str, int]) -> None:
    scanned = {name: count - earlier.get(name, 0) for name, count in later.items() if count > earlier.get(name, 0)}
    if scanned:
        raise AssertionError(f"at {cases:,} cases tables were scanned: {scanned}")
    print(f"at {cases:,} cases no table of tenants was scanned")


if __name__ == "__main__":
    main()
