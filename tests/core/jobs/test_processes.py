"""Real workers and schedulers, on a real queue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.db.session import Database
from core.jobs.enqueue import enqueue
from tests.support.city import City
from tests.support.jobs import letters, marks, queued
from tests.support.probe import FAIL, MARK, URGENT, Mark, enable_probe
from tests.support.processes import Processes, processes, until

TIANHE, CITY_CODE, OTHER_CITY = 440106000, 440100000, 440300000


@pytest.fixture
async def started(database_url: str, city: City, tmp_path: Path) -> AsyncIterator[Processes]:
    async with processes(database_url, tmp_path) as made:
        yield made


async def empty(database: Database) -> bool:
    return await queued(database) == []


async def test_a_worker_does_what_is_queued_and_is_told_of_what_comes(
    database: Database, city: City, started: Processes
) -> None:
    async with database.write(city.scope(TIANHE)) as session:
        for number in range(20):
            await enqueue(session, MARK, Mark(f"early {number}", TIANHE))
    worker = await started.start("worker")

    async def early() -> bool:
        return await empty(database)

    await until(early)
    async with database.write(city.scope(TIANHE)) as session:
        await enqueue(session, URGENT, Mark("late", TIANHE))
        await enqueue(session, FAIL, Mark("bad", TIANHE), key="bad")
    await until(early)
    assert await worker.terminate() == 0
    assert sorted(await marks(database)) == sorted([*(f"early {number}" for number in range(20)), "late"])
    assert [(one.key, one.attempts, one.error_class) for one in await letters(database)] == [("bad", 2, "LookupError")]


async def test_a_worker_ends_when_nothing_is_left(database: Database, city: City, started: Processes) -> None:
    async with database.write(city.scope(TIANHE)) as session:
        await enqueue(session, MARK, Mark("until idle", TIANHE))
    worker = await started.start("worker", "--until-idle")
    assert await worker.ended() == 0
    assert "until idle" in await marks(database)
    assert await queued(database) == []


async def test_two_schedulers_give_each_slot_once_and_catch_up_in_order(
    database: Database, city: City, started: Processes
) -> None:
    await enable_probe(database, CITY_CODE, OTHER_CITY)
    started.set_clock("2026-03-10T07:29:30+08:00")
    await started.start("scheduler")
    await started.start("scheduler")

    async def seen(instant: str) -> bool:
        asked = text("select count(*) from job_scheduler where clock_at = cast(cast(:at as text) as timestamptz)")
        async with database.system() as session:
            return int(await session.scalar(asked, {"at": instant})) == 2

    for instant in ("2026-03-10T07:29:30+08:00", "2026-03-10T07:30:00+08:00", "2026-03-12T07:30:00+08:00"):
        started.set_clock(instant)
        await until(lambda instant=instant: seen(instant))  # type: ignore[misc]
    given = [
        (one.slot.isoformat(), one.tenant)
        for one in await queued(database)
        if one.job == "probe.daily" and one.slot is not None
    ]
    days = [f"2026-03-{day:02}T23:30:00+00:00" for day in (8, 9, 10, 11)]
    assert sorted(given) == sorted((day, city_code) for day in days for city_code in (CITY_CODE, OTHER_CITY))
    assert [day for day, code in given if code == CITY_CODE] == days
    worker = await started.start("worker", "--until-idle")
    assert await worker.ended() == 0
    done = [one for one in await marks(database) if one.startswith("probe.daily")]
    assert sorted(done) == sorted(f"probe.daily {day} 2026-03-12" for day in days for _ in range(2))


async def test_a_plugins_slot_is_for_the_cities_that_have_it(
    database: Database, city: City, started: Processes
) -> None:
    """One district is enough; of hundreds of cities without the plugin none gets a message."""
    await queued(database, clear=True)
    await enable_probe(database, TIANHE)
    started.set_clock("2027-05-03T12:00:00+08:00")
    once = await started.start("scheduler", "--once")
    assert await once.ended() == 0
    given = {one.tenant for one in await queued(database) if one.job.startswith("probe.")}
    assert given == {CITY_CODE}
    await queued(database, clear=True)


async def test_one_tick_gives_what_is_due_and_a_second_one_nothing(
    database: Database, city: City, started: Processes
) -> None:
    started.set_clock("2027-05-04T12:00:00+08:00")
    first = await started.start("scheduler", "--once")
    second = await started.start("scheduler", "--once")
    assert await first.ended() == await second.ended() == 0
    assert first.said != ["0 slots"]
    assert second.said == ["0 slots"]
    await queued(database, clear=True)
