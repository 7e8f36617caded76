"""The sweep of due reminders against a bare INSERT … SELECT of the same rows, in the same run.

Every obligation has been born (its event is there), has a reminder that is due and a last day that is not. Three copies of one
database, each driven by a process of its own that has prepared nothing and holds nothing:

- *bare*: a record of reminding, an event of supervision and a domain event for each due timer, computed from timers and obligations
  by one INSERT … SELECT a table, in one transaction. The same role and policies, the same defaults for ids, the same ordinals and
  payloads, the same indexes, constraints and triggers. Nothing else: no lock is taken beforehand, no timer is settled, no settings
  and no areas are asked, nothing is answered, nobody can sweep beside it.
- *sweep*: the sweep's own statements, batch after batch, in transactions of as many batches as the job's. Members are not told.
- *worker*: `yingsu scheduler --once` gives the slots out, `yingsu worker --until-idle` does them, from the moment that it says that it
  works until it ends. It looks for those whom it has to tell as well; no member has been named, so nobody is told. Its peak
  memory is what the kernel saw (ru_maxrss of the child).

What bare and sweep wrote is compared, row by row, without ids. Processor time is PostgreSQL's and the driving process's together: it
says more than the clock does where other work takes the machine. fsync is on. `--lean` needs half the disk: there are no
copies, what bare wrote is taken away before the sweep, and no worker follows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from benchmarks.processes import postmaster_of, processor_ms
from core.clock import FrozenClock
from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.session import Database, SystemSession

NOW: Final = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 2)
YINGSU: Final = Path(sys.executable).parent / "yingsu"
TABLES: Final = ("reminders_obligation", "reminders_timer", "reminders_event")
OBLIGATIONS: Final = """
insert into reminders_obligation (shard, code, agency_id, kind, source_type, source_id, state, due_on, earliest_due_on,
       registered_on, registered_at)
select a.shard, a.code, a.id, 'DEFENCE', 'Period', uuid7(), 'RECEIVED', date '2026-11-09', date '2026-11-09',
       date '2026-10-25', timestamptz '2026-10-25 10:00+08'
  from (select *, row_number() over (order by id) - 1 as place, count(*) over () as agencies from agency) a
  join generate_series(0, cast(:rows as integer) - 1) n on n % a.agencies = a.place
"""
BIRTHS: Final = """
insert into reminders_event (shard, code, agency_id, obligation_id, ordinal, transition, to_state, actor, at, evidence)
select o.shard, o.code, o.agency_id, o.id, 1, 'BEAR', 'RECEIVED', 'system', o.registered_at, '{"kinds": ["CASE_RECORD"]}'::jsonb
  from reminders_obligation o
"""
TIMERS: Final = """
insert into reminders_timer (shard, code, agency_id, subject_type, subject_id, due_version, kind, offset_days, fires_on,
       fires_at, nominal_on)
select o.shard, o.code, o.agency_id, 'SupervisedObligation', o.id, 1, k.kind, k.days, k.fires::date, k.fires, o.due_on - k.days
  from reminders_obligation o cross join (values ('REMIND', 7, timestamptz '2026-11-02 09:00+08'),
       ('REMIND', 1, timestamptz '2026-11-06 09:00+08'), ('MISS', 0, timestamptz '2026-11-10 00:00+08')) k(kind, days, fires)
"""
_DUE: Final = """
  from reminders_timer t join reminders_obligation o on o.shard = t.shard and o.id = t.subject_id
 where t.state = 'ARMED' and t.kind = 'REMIND' and t.fires_at <= cast(:now as timestamptz)"""
BARE: Final = (
    f"""
insert into reminders_reminder (shard, code, agency_id, case_id, response_id, obligation_id, due_version, due_on, kind,
       offset_days, nominal_on, sent_on, sent_at, short_lead)
select o.shard, o.code, o.agency_id, o.case_id, o.response_id, o.id, t.due_version, o.due_on, 'REMIND_' || t.offset_days,
       t.offset_days, t.nominal_on, cast(:today as date), cast(:now as timestamptz), t.short_lead {_DUE}""",
    f"""
insert into reminders_event (shard, code, agency_id, case_id, response_id, obligation_id, ordinal, transition, from_state,
       to_state, actor, at, reason, evidence)
select o.shard, o.code, o.agency_id, o.case_id, o.response_id, o.id,
       1 + (select coalesce(max(e.ordinal), 0) from reminders_event e where e.shard = o.shard and e.obligation_id = o.id),
       'REMIND', o.state, o.state, 'system', cast(:now as timestamptz), null,
       '{{"kinds": ["MESSAGE"]}}'::jsonb || jsonb_build_object('offset_days', t.offset_days, 'due_version', t.due_version) {_DUE}""",
    f"""
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
select o.shard, o.code, o.agency_id, 'SupervisionRemind', 'SupervisedObligation', o.id,
       jsonb_build_object('case_id', o.case_id, 'kind', o.kind, 'from_state', o.state, 'to_state', o.state,
                          'due_on', o.due_on, 'due_version', t.due_version), cast(:now as timestamptz) {_DUE}""",
)
WRITTEN: Final = {
    "reminders_reminder": "true",
    "reminders_event": "transition = 'REMIND'",
    "domain_event": "name = 'SupervisionRemind'",
}


async def prepare(dsn: str, folder: Path, rows: int) -> None:
    """A migrated city with its agencies, obligations, births and timers."""
    # Imported here, so that no process that is measured has them.
    from benchmarks.import_cases import import_all  # noqa: PLC0415
    from core.calendar import shipped_calendar  # noqa: PLC0415
    from core.demo.files import DemoRequest, write_demo  # noqa: PLC0415
    from core.extension.loading import installed, load  # noqa: PLC0415
    from core.extension.migration import migrate  # noqa: PLC0415
    from core.extension.registry import Registry  # noqa: PLC0415
    from core.installation.seed import seed_reference  # noqa: PLC0415

    await migrate(dsn, Registry(load(installed())))
    database = Database(make_engine(dsn, pool_size=2))
    async with database.system() as session:
        await seed_reference(session, NOW)
    write_demo(folder / "files", DemoRequest("4401", 300, 1, date(2026, 10, 31)), shipped_calendar())
    await import_all(dsn, folder / "files", folder / "report")
    async with database.engine.connect() as connection:
        # The rows refer to each other by construction: checking that five million times would only take longer.
        await connection.execute(text("set session_replication_role = replica"))
        for statement in (OBLIGATIONS, BIRTHS, TIMERS):
            await connection.execute(text(statement), {"rows": rows} if statement is OBLIGATIONS else {})
        await connection.execute(text("set session_replication_role = origin"))
        await connection.execute(
            text(
                "insert into plugin_enablement (shard, code, high, plugin, policy, choice, changed_at, changed_by, version) values"
                " (4401, 440100000, 440200000, 'reminders', 'ALLOWED', 'ENABLED', '2026-01-01', 'benchmark', 1)"
            )
        )
        for table in TABLES:
            await connection.execute(text(f"vacuum analyze {table}"))
    await database.dispose()


async def bare(database: Database) -> dict[str, float]:
    """One statement a table, in one transaction."""
    started, before, written = time.perf_counter(), time.process_time(), 0
    async with database.system() as session:
        for statement in BARE:
            given = {"now": NOW} | ({"today": TODAY} if ":today" in statement else {})
            written += await session.execute(text(statement), given)
    spent = {"seconds": time.perf_counter() - started, "processor": time.process_time() - before}
    return spent | {"written": written}


async def swept(database: Database) -> dict[str, float]:
    """The sweep's statements."""
    from core.calendar import shipped_calendar  # noqa: PLC0415
    from core.extension.everywhere import Area, settings_everywhere  # noqa: PLC0415
    from plugins.reminders.jobs.sweeping import MOST, START, STEADY, Batch, Sweep  # noqa: PLC0415
    from plugins.reminders.jobs.timed import FIRINGS  # noqa: PLC0415
    from plugins.reminders.rules.vocabulary import TimerKind  # noqa: PLC0415
    from plugins.reminders.settings import RemindersSettings  # noqa: PLC0415

    clock = FrozenClock(NOW)
    areas = [Area(4401, 440100000, 440200000, datetime(2026, 1, 1, tzinfo=UTC))]
    (remind,) = [one for one in FIRINGS if one.kind is TimerKind.REMIND]

    async def some(session: SystemSession) -> tuple[bool, int]:
        """As many batches as one transaction of the job takes; whether there may be more."""
        settings = await settings_everywhere(session, RemindersSettings, clock.today())
        sweep = Sweep(session, clock, shipped_calendar(), areas, settings)
        await session.execute(STEADY)
        batch, fired = Batch(full=True, claimed=0, end=START, loud=()), 0
        for _ in range(MOST):
            batch = await sweep.fire(remind, batch.end)
            fired += batch.claimed
            if not batch.full:
                break
        return batch.full, fired

    started, before, reminders, more = time.perf_counter(), time.process_time(), 0, True
    while more:
        async with database.system() as session:
            more, fired = await some(session)
        reminders += fired
    spent = {"seconds": time.perf_counter() - started, "processor": time.process_time() - before}
    return spent | {"reminders": reminders, "written": 3 * reminders}


async def undone(database: Database) -> dict[str, float]:
    """What was written is taken away; the births stand as they were."""
    async with database.engine.connect() as connection:
        await connection.execute(text("truncate reminders_reminder, reminders_event, domain_event"))
        await connection.execute(text("set session_replication_role = replica"))
        await connection.execute(text(BIRTHS))
        await connection.execute(text("set session_replication_role = origin"))
        for table in TABLES:
            await connection.execute(text(f"vacuum analyze {table}"))
        await connection.execute(text("checkpoint"))
    return {}


async def digests(database: Database) -> dict[str, float]:
    """What was written, but for ids and the numbers of transactions: how many rows, and the sum of their hashes."""
    found: dict[str, float] = {}
    async with database.system() as session:
        for table, where in WRITTEN.items():
            row = "to_jsonb(w) - '{id,sequence,transaction}'::text[]"
            (one,) = await session.rows(
                text(f"select count(*) as n, sum(hashtextextended(({row})::text, 0)) as h from {table} w where {where}")
            )
            found[f"{table} rows"], found[f"{table} hash"] = one.n, str(one.h)
    return found


PARTS: Final = {"bare": bare, "sweep": swept, "digests": digests, "undo": undone}


async def perform(part: str, dsn: str) -> dict[str, float]:
    database = Database(make_engine(dsn, pool_size=2))
    try:
        return await PARTS[part](database)
    finally:
        await database.dispose()


def apart(part: str, dsn: str, postmaster: int) -> dict[str, Any]:
    """A part in a process of its own; with the processor time that it and PostgreSQL took."""
    command = [sys.executable, "-m", "benchmarks.sweep", "--part", part, "--dsn", dsn]
    before = processor_ms(postmaster)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"processor": found.get("processor", 0) + (processor_ms(postmaster) - before) / 1000}


def prepared(dsn: str, folder: Path, rows: int) -> float:
    """Prepare in a process of its own; the seconds it took."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.sweep", "--part", "prepare", "--dsn", dsn, "--folder", str(folder)]
    subprocess.run([*command, "--rows", str(rows)], check=True)
    return time.perf_counter() - started


def work(dsn: str, folder: Path) -> tuple[float, float]:
    """A real scheduler and a real worker: seconds at work, and the worker's peak memory in MB."""
    clock = folder / "clock"
    clock.write_text(NOW.isoformat(), encoding="ascii")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YINGSU_")}
    own = kept | {"YINGSU_DATABASE_URL": dsn, "YINGSU_CLOCK": str(clock), "YINGSU_DATA": str(folder / "own")}
    subprocess.run([YINGSU, "scheduler", "--once"], env=own, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([YINGSU, "worker", "--until-idle"], env=own, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    started = time.perf_counter()
    _, status, usage = os.wait4(process.pid, 0)
    spent = time.perf_counter() - started
    assert status == 0, status
    return spent, usage.ru_maxrss / 1024


async def copied(server: EmbeddedServer, name: str) -> str:
    """A copy of the prepared database, its pages on disk."""
    engine = make_engine(server.info("postgres").dsn, pool_size=1)
    async with engine.connect() as connection:
        # Not through the log, which would be as large as the database, and still be written out while the copy is measured.
        await connection.execute(text(f"create database {name} template base strategy file_copy"))
        await connection.execute(text("checkpoint"))
    await engine.dispose()
    return server.info(name).dsn


def measure(rows: int, folder: Path, *, lean: bool) -> None:
    server = EmbeddedServer(folder / "data")
    with server.lease():
        postmaster = postmaster_of(folder / "data")
        dsn = server.create_database("base").dsn
        print(f"prepared       {prepared(dsn, folder, rows):8.1f} s  {rows} obligations", flush=True)
        results: dict[str, Mapping[str, Any]] = {}
        same: list[Mapping[str, Any]] = []
        for part in ("bare", "sweep"):
            if not lean:
                dsn = asyncio.run(copied(server, part))
            results[part] = apart(part, dsn, postmaster)
            tell_of(part, results[part])
            same.append(apart("digests", dsn, postmaster) | {"processor": None})
            if not lean:
                server.drop_database(part)
            elif part == "bare":
                apart("undo", dsn, postmaster)
        assert same[0] == same[1], same
        assert results["sweep"]["reminders"] == rows, results
        if not lean:
            worked, memory = work(asyncio.run(copied(server, "worker")), folder)
            print(f"worker         {worked:8.1f} s  peak memory {memory:.0f} MB; under 200 is asked for")
    ratio, cost = (results["sweep"][name] / results["bare"][name] for name in ("seconds", "processor"))
    print(f"ratio          {ratio:8.2f}  times the baseline, {cost:.2f} in processor time; at most 2 is asked for")


def tell_of(part: str, result: Mapping[str, Any]) -> None:
    seconds, processor, written = result["seconds"], result["processor"], result["written"]
    print(
        f"{part:14} {seconds:8.1f} s  {written / seconds:9.0f} rows/s, {written} rows; {processor:.1f} s of processor time",
        flush=True,
    )


def main(options: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path, help="where the databases are made; a temporary folder by default")
    parser.add_argument("--lean", action="store_true", help="half the disk: no copies, and no worker")
    parser.add_argument("--part", choices=["prepare", *PARTS], help=argparse.SUPPRESS)
    parser.add_argument("--dsn", help=argparse.SUPPRESS)
    given = parser.parse_args(options)
    if given.part == "prepare":
        asyncio.run(prepare(given.dsn, given.folder, given.rows))
    elif given.part is not None:
        print(json.dumps(asyncio.run(perform(given.part, given.dsn))))
    else:
        with tempfile.TemporaryDirectory(prefix="yingsu-bench-", dir=given.folder) as name:
            measure(given.rows, Path(name), lean=given.lean)


if __name__ == "__main__":
    main()
