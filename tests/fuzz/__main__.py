"""`make fuzz`: a million requests, mutated at random, in several processes; exits with 1 where one was answered badly."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import asyncpg

from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from tests.conftest import on
from tests.e2e.conftest import install_members
from tests.fuzz.running import Report, run
from tests.support.city import build_city

MEMORY_GROWTH_MB = 300
SHOWN = 20
"""Faults of one kind that are shown: the same words can have several causes."""
PORTION = 25_000
"""Requests of one seed, on one database."""


async def _prepare(server: str, name: str) -> None:
    connection = await asyncpg.connect(on(server, "postgres"))
    await connection.execute(f"create database {name}")
    await connection.close()
    await migrate(on(server, name), Registry.load())


async def _portion(server: str, template: str, seed: int, count: int) -> Report:
    name = f"fuzz_{seed}_{os.getpid()}"
    connection = await asyncpg.connect(on(server, "postgres"))
    await connection.execute(f"create database {name} template {template}")
    database = Database(make_engine(on(server, name), pool_size=5))
    try:
        city = await build_city(database)
        await install_members(database, city)
        with tempfile.TemporaryDirectory(prefix="yingsu-fuzz-") as folder:
            return await run(database, city, Path(folder), seed, count)
    finally:
        await database.dispose()
        await connection.execute(f"drop database {name} with (force)")
        await connection.close()


def portion(server: str, template: str, seed: int, count: int) -> Report:
    """One process's share of a run."""
    return asyncio.run(_portion(server, template, seed, count))


def main() -> int:
    """Run, and print what was found."""
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    arguments.add_argument("--requests", type=int, default=1_000_000)
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    given = arguments.parse_args()
    print(f"{given.requests} requests, {given.processes} processes, seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="yingsu-fuzz-server-") as folder:
        server = EmbeddedServer(Path(folder), fsync=False)
        with server.lease() as info:
            asyncio.run(_prepare(info.dsn, "fuzz_template"))
            return _all(info.dsn, given)


def _all(server: str, given: argparse.Namespace) -> int:
    shares = [min(PORTION, given.requests - start) for start in range(0, given.requests, PORTION)]
    began, total = time.perf_counter(), Report()
    found: Counter[str] = Counter()
    with ProcessPoolExecutor(given.processes) as pool:
        running = [
            pool.submit(portion, server, "fuzz_template", given.seed + number, share)
            for number, share in enumerate(shares)
        ]
        for done in as_completed(running):
            report = done.result()
            total.requests += report.requests
            total.statuses += report.statuses
            total.codes += report.codes
            total.slowest = max(total.slowest, report.slowest)
            grown = report.memory_mb[1] - report.memory_mb[0]
            if grown > MEMORY_GROWTH_MB:
                found[f"memory grew by {grown:.0f} MB"] += 1
            for fault in report.faults:
                if found[fault.what[:80]] < SHOWN:
                    print(f"FAULT {fault.what}\n  {fault.sent.method} {fault.sent.query_string!r}")
                    shown = [header for header in fault.sent.headers if header[0] != b"authorization"]
                    print(f"  {shown!r}\n  {fault.sent.body[:4_000]!r}", flush=True)
                found[fault.what[:80]] += 1
            seconds = time.perf_counter() - began
            print(
                f"{total.requests} requests, {seconds:.0f} s, {total.requests / seconds:.0f}/s, faults {sum(found.values())}, "
                f"slowest {total.slowest:.2f} s of CPU, memory {report.memory_mb[0]:.0f} -> {report.memory_mb[1]:.0f} MB",
                flush=True,
            )
    print("statuses", dict(sorted(total.statuses.items())))
    print("codes", dict(total.codes.most_common()))
    for what, times in found.most_common():
        print(f"{times} x {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
