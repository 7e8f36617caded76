"""The endpoint against other ways to answer the same: one table, on the same rows, with row-level security on.

Every server answers first, and the answers are compared; then all are driven in turn, in rounds, at 1 and at 16 connections, and the
medians are told. Processor time is read from /proc: the server's with its children, and PostgreSQL's apart.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.contestants.roster import CONTESTANTS, Ask, Contestant, Heat, Subjects, functions_sql, indexes_sql
from benchmarks.nation.store import FOLDER, Store, nation
from benchmarks.nation.viewers import SHARD, Viewer, viewers_of
from benchmarks.processes import drive, free_port, peak_memory_mb, postmaster_of, processor_ms, running
from benchmarks.sameness import difference, plain
from core.app import house_of, id_secret
from core.db.engine import make_engine
from core.db.session import Database
from core.extension.registry import Registry

OPERATIONS = ("list", "detail", "dashboard", "mutation")
WARM_UP = 3.0
"""Seconds: as long as a virtual machine needs to compile what is hot."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One server at one operation with so many connections."""

    rate: float
    p50: float
    p99: float
    server_ms: float
    database_ms: float
    errors: int
    first_error: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A started server."""

    contestant: Contestant
    pid: int
    postmaster: int
    port: int

    def answer(self, ask: Ask) -> Any:
        """One answer, parsed."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{ask['path']}", ask["body"].encode(),
            {"Content-Type": "application/json", **ask["headers"]},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as refused:
            return {"errors": [refused.read().decode(errors="replace")[:2000]]}

    def measure(self, operation: str, connections: int, seconds: float, warm_up: float = WARM_UP) -> Measure:
        """Warm up, then drive."""
        order = {"port": self.port, "requests": self.contestant.asks(operation), "connections": connections}
        if warm_up:
            drive({**order, "seconds": warm_up})
        server, database = processor_ms(self.pid), processor_ms(self.postmaster)
        seen = drive({**order, "seconds": seconds})
        count = max(seen["requests"], 1)
        server, database = processor_ms(self.pid) - server, processor_ms(self.postmaster) - database
        return Measure(
            seen["rate"],
            seen["p50"],
            seen["p99"],
            server / count,
            database / count,
            seen["errors"],
            seen["first_error"],
        )


@contextmanager
def started(contestant: Contestant, store: Store) -> Iterator[Running]:
    port, log = free_port(), FOLDER / f"{contestant.name.replace(' ', '-')}.log"
    environment = {"PYTHONPATH": str(Path.cwd()), **contestant.environment}
    with running(contestant.command(port), port, log, environment, contestant.folder) as pid:
        yield Running(contestant, pid, postmaster_of(store.data), port)


async def subjects_of(store: Store, viewer: Viewer) -> Subjects:
    """The viewer's fifty newest closed cases, and the newest response."""
    database = Database(make_engine(store.dsn, pool_size=2))
    ids = house_of(Registry.load()).catalogue.id_codec(await id_secret(database))
    await database.dispose()
    connection = await asyncpg.connect(store.dsn)
    rows = await connection.fetch(
        "select case_id, id from response where shard = $1 and code >= $2 and code < $3 and ordinal = 0 and closed_on is not null"
        " order by filed_on desc, id desc limit 50",
        SHARD, viewer.scope.low, viewer.scope.high,
    )  # fmt: skip
    await connection.close()

    def global_id(type_name: str, key: UUID) -> str:
        return ids.encode(type_name, SHARD, key)

    return Subjects([row["case_id"] for row in rows], rows[0]["id"], global_id)


async def equip(store: Store) -> None:
    """What the teams of other servers would add to the database: functions, and indexes by id alone."""
    connection = await asyncpg.connect(store.dsn)
    await connection.execute(functions_sql())
    await connection.execute(indexes_sql())
    await connection.execute("analyze agency, dispute, case_shell")
    await connection.close()


def heats(store: Store, names: Sequence[str]) -> list[Heat]:
    """One for each kind of viewer asked for."""
    viewers = asyncio.run(viewers_of(store))
    chosen = [viewer for viewer in viewers if viewer.name in names]
    return [Heat(store, viewer, asyncio.run(subjects_of(store, viewer))) for viewer in chosen]


def check_same(baseline: dict[tuple[str, int], Any], server: Running, operations: Sequence[str]) -> None:
    """Compare a few answers of each operation with those of the first server; raises where they differ."""
    for operation in operations:
        asks = server.contestant.asks(operation)
        for place in range(0, len(asks), 7):
            answer = server.answer(asks[place])
            if "errors" in answer:
                raise AssertionError(f"{server.contestant.name}, {operation}: {answer['errors']}")
            ours = baseline.setdefault((operation, place), plain(answer["data"]))
            if found := difference(ours, plain(answer["data"])):
                raise AssertionError(f"{server.contestant.name}, {operation} {place}: {found}")


def middle(rounds: Sequence[Measure]) -> Measure:
    """The median of each figure over the rounds; errors are added up."""
    figures = (
        median(getattr(one, name) for one in rounds) for name in ("rate", "p50", "p99", "server_ms", "database_ms")
    )
    first = next((one.first_error for one in rounds if one.first_error), None)
    return Measure(*figures, sum(one.errors for one in rounds), first)


def heading() -> str:
    return (
        f"{'operation':9} {'conn':>4}  {'server':24} {'req/s':>8} {'of hand':>8} {'p50 ms':>8} {'p99 ms':>8}"
        f" {'server ms':>10} {'database ms':>12} {'errors':>7}"
    )


def line(operation: str, connections: int, name: str, measure: Measure, baseline: Measure | None) -> str:
    ratio = f"{measure.rate / baseline.rate:8.2f}" if baseline else f"{'':8}"
    return (
        f"{operation:9} {connections:4}  {name:24} {measure.rate:8.1f} {ratio} {measure.p50:8.1f} {measure.p99:8.1f}"
        f" {measure.server_ms:10.2f} {measure.database_ms:12.2f} {measure.errors:7}"
    )


Results = dict[tuple[str, int, str], Measure]


def run(heat: Heat, options: argparse.Namespace) -> Iterator[tuple[str, int, dict[str, Measure]]]:
    """Start all servers, check their answers, and drive them in turn, round by round: what else the machine does falls on all."""
    operations = [one for one in options.operations if one != "mutation" or heat.district is None]
    answers: dict[tuple[str, int], Any] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(started(CONTESTANTS[name](heat), heat.store)) for name in options.servers]
        for server in servers:
            check_same(answers, server, operations)
        for operation, connections in product(operations, options.connections):
            seen: dict[str, list[Measure]] = {server.contestant.name: [] for server in servers}
            for number, server in product(range(options.rounds), servers):
                warm_up = 0.0 if number else WARM_UP
                seen[server.contestant.name].append(server.measure(operation, connections, options.seconds, warm_up))
            yield operation, connections, {name: middle(rounds) for name, rounds in seen.items()}
        print(
            "peak memory, MB: " + ", ".join(f"{one.contestant.name} {peak_memory_mb(one.pid):.0f}" for one in servers)
        )


def show(heat: Heat, options: argparse.Namespace) -> Results:
    """Print the table of one viewer as it comes."""
    print(
        f"\nviewer: {heat.viewer.name}, {len(heat.subjects.cases)} cases in turn for the detail; baseline: hand-written SQL"
    )
    print(heading())
    results: Results = {}
    for operation, connections, measures in run(heat, options):
        for name, measure in measures.items():
            results[operation, connections, name] = measure
            print(line(operation, connections, name, measure, measures.get(BASELINE)), flush=True)
            if measure.errors:
                print(f"! {name}, {operation}: first error {measure.first_error}")
    return results


BASELINE = "hand-written SQL"
BARS = {
    ("list", BASELINE): 0.7,
    ("list", "PostGraphile 5"): 1.7,
    ("detail", BASELINE): 0.45,
    ("detail", "PostGraphile 5"): 1.1,
}
"""Ours to the other's requests a second at 16 connections, at least (architecture §8)."""


def show_bars(results: Results) -> None:
    print("\nbars at 16 connections, ours to theirs")
    for (operation, name), bar in BARS.items():
        own, other = results.get((operation, 16, "ours")), results.get((operation, 16, name))
        if own and other:
            ratio = own.rate / other.rate
            print(
                f"{operation:9} {name:24} {ratio:6.2f}  at least {bar}: {'holds' if ratio >= bar else 'DOES NOT HOLD'}"
            )


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--cases", type=int, default=50_000, help="cases of the nation; Guangzhou has its share of them"
    )
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is told")
    parser.add_argument("--servers", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS))
    parser.add_argument("--operations", nargs="+", choices=OPERATIONS, default=list(OPERATIONS))
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 16])
    parser.add_argument("--viewers", nargs="+", choices=["city", "district"], default=["city", "district"])
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    options = arguments(given)
    with nation(options.cases) as store:
        asyncio.run(equip(store))
        for heat in heats(store, options.viewers):
            show_bars(show(heat, options))


if __name__ == "__main__":
    main()
