"""The sweep of due reminders against a bare INSERT … SELECT of the very rows that it wrote, in the same run.

Every obligation has a reminder that is due and a last day that is not. The sweep claims the timers, settles them, and writes
the records of reminding, the events of supervision and the domain events, batch after batch in one transaction; then these rows
are inserted once more, by one statement a table, into the same tables with the same indexes, constraints and triggers. Telling
members is timed apart: it is not part of the ratio. fsync is on.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.import_cases import import_all
from core.calendar import shipped_calendar
from core.clock import FrozenClock
from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.session import Database, SystemSession
from core.demo.files import DemoRequest, write_demo
from core.extension.everywhere import Area, settings_everywhere
from core.extension.loading import installed, load
from core.extension.migration import migrate
from core.extension.registry import Registry
from core.installation.seed import seed_reference
from plugins.reminders.jobs.sweeping import STEADY, Sweep
from plugins.reminders.jobs.telling import tell
from plugins.reminders.jobs.timed import FIRINGS
from plugins.reminders.rules.vocabulary import TimerKind
from plugins.reminders.settings import RemindersSettings

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
WRITTEN = ("reminders_reminder", "reminders_event", "domain_event")
OBLIGATIONS = """
insert into reminders_obligation (shard, code, agency_id, kind, source_type, source_id, state, due_on, earliest_due_on,
       registered_on, registered_at)
select a.shard, a.code, a.id, 'DEFENCE', 'Period', uuid7(), 'RECEIVED', date '2026-11-09', date '2026-11-09',
       date '2026-10-25', timestamptz '2026-10-25 10:00+08'
  from (select *, row_number() over (order by id) - 1 as place, count(*) over () as agencies from agency) a
  join generate_series(0, cast(:rows as integer) - 1) n on n % a.agencies = a.place
"""
TIMERS = """
insert into reminders_timer (shard, code, agency_id, subject_type, subject_id, due_version, kind, offset_days, fires_on,
       fires_at, nominal_on)
select o.shard, o.code, o.agency_id, 'SupervisedObligation', o.id, 1, k.kind, k.days, k.fires::date, k.fires, o.due_on - k.days
  from reminders_obligation o cross join (values ('REMIND', 7, timestamptz '2026-11-02 09:00+08'),
       ('REMIND', 1, timestamptz '2026-11-06 09:00+08'), ('MISS', 0, timestamptz '2026-11-10 00:00+08')) k(kind, days, fires)
"""


async def timed(work: Awaitable[Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    done = await work
    return done, time.perf_counter() - started


async def prepare(dsn: str, folder: Path, rows: int) -> None:
    await migrate(dsn, Registry(load(installed())))
    database = Database(make_engine(dsn, pool_size=2))
    async with database.system() as session:
        await seed_reference(session, NOW)
    write_demo(folder / "files", DemoRequest("4401", 300, 1, date(2026, 10, 31)), shipped_calendar())
    await import_all(dsn, folder / "files", folder / "report")
    async with database.system() as session:
        await session.execute(text(OBLIGATIONS), {"rows": rows})
        await session.execute(text(TIMERS))
    async with database.engine.connect() as connection:
        for table in ("reminders_obligation", "reminders_timer"):
            await connection.execute(text(f"analyze {table}"))
    await database.dispose()


async def sweep_once(session: SystemSession) -> tuple[int, float, float]:
    clock = FrozenClock(NOW)
    settings = await settings_everywhere(session, RemindersSettings, clock.today())
    areas = [Area(4401, 440100000, 440200000, datetime(2026, 1, 1, tzinfo=UTC))]
    sweep = Sweep(session, clock, shipped_calendar(), areas, settings)
    (remind,) = [one for one in FIRINGS if one.kind is TimerKind.REMIND]
    await session.execute(STEADY)
    total, firing, telling = 0, 0.0, 0.0
    while True:
        (claimed, fired), spent = await timed(sweep.fire(remind))
        firing += spent
        total += claimed
        _, spent = await timed(tell(session, clock, remind, [one for one in fired if one.loud]))
        telling += spent
        if claimed < sweep.batch:
            return total, firing, telling


async def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="yingsu-bench-") as name:
        folder = Path(name)
        server = EmbeddedServer(folder / "data")
        with server.lease():
            info = server.create_database("sweep")
            await prepare(info.dsn, folder, rows)
            database = Database(make_engine(info.dsn, pool_size=2))
            started = time.perf_counter()
            async with database.system() as session:
                before = await session.scalar(text("select coalesce(max(sequence), 0) from domain_event"))
                total, firing, telling = await sweep_once(session)
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                committing = time.perf_counter()
            firing += time.perf_counter() - committing
            whole = time.perf_counter() - started
            bare, written = await insert_again(database, before)
            await database.dispose()
    assert total == rows, (total, rows)
    print(f"sweep          {firing:8.1f} s  {rows / firing:9.0f} reminders/s, {written / firing:9.0f} written rows/s")
    print(f"INSERT SELECT  {bare:8.1f} s  {written / bare:9.0f} rows/s   (baseline, {written} rows)")
    print(f"telling        {telling:8.1f} s  of {whole:.1f} s in all; no member has been named, so nobody was told")
    print(f"peak memory    {peak:8d} MB of the sweeping process")
    print(f"ratio          {firing / bare:8.2f}  times the baseline; at most 2 is asked for")


async def insert_again(database: Database, before: int) -> tuple[float, int]:
    """The same rows once more, by one statement a table, all in one transaction; what the sweep wrote is taken away first."""
    spent, written = 0.0, 0
    async with database.engine.connect() as connection:
        superuser = await connection.get_raw_connection()
        driver: Any = superuser.driver_connection
        columns = {table: await names(driver, table) for table in WRITTEN}
        for table in WRITTEN:
            where = f"where sequence > {before}" if table == "domain_event" else ""
            await driver.execute(f"create table kept_{table} as select {columns[table]} from {table} {where}")
            await driver.execute(f"truncate {table} cascade" if table != "domain_event" else "truncate domain_event")
            await driver.execute(f"vacuum analyze {table}")
        await driver.execute("checkpoint")
        started = time.perf_counter()
        async with driver.transaction():
            for table in WRITTEN:
                status = await driver.execute(
                    f"insert into {table} ({columns[table]}) select {columns[table]} from kept_{table}"
                )
                written += int(status.split()[-1])
        spent = time.perf_counter() - started
    return spent, written


async def names(driver: Any, table: str) -> str:
    rows = await driver.fetch(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = $1"
        " and is_generated = 'NEVER' and is_identity = 'NO' order by ordinal_position",
        table,
    )
    return ", ".join(row["column_name"] for row in rows)


def main(options: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    asyncio.run(measure(parser.parse_args(options).rows))


if __name__ == "__main__":
    main()
