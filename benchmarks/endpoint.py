"""The endpoint against other ways to answer the same: one table, on the same rows, with row-level security on.

Every server answers first, and the answers are compared; then each is driven at 1 and at 16 connections. Processor time is read
from /proc: the server's with its children, and PostgreSQL's apart.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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
WARM_UP = 1.0


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

    def measure(self, operation: str, connections: int, seconds: float) -> Measure:
        """Warm up, then drive."""
        order = {"port": self.port, "requests": self.contestant.asks(operation), "connections": connections}
        drive({**order, "seconds": WARM_UP})
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


def run(heat: Heat, options: argparse.Namespace) -> tuple[Results, dict[str, float]]:
    """Start each server in turn, check its answers, drive it; measures by operation, connections and server, and peak memory."""
    results: Results = {}
    memory: dict[str, float] = {}
    answers: dict[tuple[str, int], Any] = {}
    operations = [one for one in options.operations if one != "mutation" or heat.district is None]
    for contestant in (CONTESTANTS[name](heat) for name in options.servers):
        with started(contestant, heat.store) as server:
            check_same(answers, server, operations)
            for operation in operations:
                for connections in options.connections:
                    measure = server.measure(operation, connections, options.seconds)
                    results[operation, connections, contestant.name] = measure
                    if measure.errors:
                        print(f"! {contestant.name}, {operation}: {measure.errors} errors, first {measure.first_error}")
            memory[contestant.name] = peak_memory_mb(server.pid)
    return results, memory


def show(heat: Heat, results: Results, memory: dict[str, float]) -> None:
    print(
        f"\nviewer: {heat.viewer.name}, {len(heat.subjects.cases)} cases in turn for the detail; baseline: hand-written SQL"
    )
    print(heading())
    for operation, connections in dict.fromkeys((operation, count) for operation, count, _ in results):
        baseline = results.get((operation, connections, BASELINE))
        for name in memory:
            print(line(operation, connections, name, results[operation, connections, name], baseline))
    print("peak memory, MB: " + ", ".join(f"{name} {amount:.0f}" for name, amount in memory.items()))


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
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
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
            results, memory = run(heat, options)
            show(heat, results, memory)
            show_bars(results)


if __name__ == "__main__":
    main()
