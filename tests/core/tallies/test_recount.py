"""Figures that follow tenants, that were filled by the migration, and that are counted anew where they went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from importlib import import_module
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from core.cases.acts.closing import CASE_CLOSE
from core.cases.outcomes import Outcome
from core.db.engine import make_engine
from core.db.session import Database
from core.installation.checks import check_tallies
from core.tallies.records import rebuild, wrong_cells
from core.tenancy.acts.changes import Order, merge, move
from tests.conftest import _administer, on
from tests.support.acting import Desk, Docket
from tests.support.city import NOW, TODAY, City, build_city

ORDER = Order(TODAY, "穗府函〔2026〕1号", "tester", NOW)
CITY, TIANHE, HUANGPU, TOWN = 440_100_000, 440_106_000, 440_112_000, 440_112_001
FILED = text(
    "select tenant_code, sum(responses) as n from case_tally where shard = 4401 and level = :level and series = 'FILED'"
    " group by tenant_code having sum(responses) <> 0"
)


@pytest.fixture
async def url(server_url: str, template: str) -> AsyncIterator[str]:
    """A database of its own for each test."""
    name = f"t_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    yield on(server_url, name)
    await _administer(server_url, f"drop database {name} with (force)")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(make_engine(url, pool_size=3))
    yield opened
    await opened.dispose()


@pytest.fixture
async def city(database: Database) -> City:
    """The small city, one of its cases closed."""
    city = await build_city(database)
    case_id, _ = await Docket(database, city).case("town")
    close = {"case_id": case_id, "outcome": Outcome.REVOKED, "closed_on": date(2026, 3, 9)}
    await Desk(database, city.scope(CITY)).perform(CASE_CLOSE, **close)
    return city


async def filed(database: Database, level: str) -> dict[int, int]:
    async with database.system() as session:
        assert await wrong_cells(session, 4401) == 0
        return {row.tenant_code: int(row.n) for row in await session.rows(FILED, {"level": level})}


async def test_figures_follow_a_town_that_moves(database: Database, city: City) -> None:
    assert await filed(database, "DISTRICT") == {CITY: 1, TIANHE: 2, HUANGPU: 4}
    async with database.system() as session:
        await move(session, TOWN, TIANHE, ORDER)
    assert await filed(database, "DISTRICT") == {CITY: 1, TIANHE: 4, HUANGPU: 2}
    assert await filed(database, "TOWN") == {CITY: 1, TIANHE: 2, HUANGPU: 2, TIANHE + 1: 2}
    assert await filed(database, "CITY") == {CITY: 7}


async def test_figures_follow_districts_that_merge(database: Database, city: City) -> None:
    async with database.system() as session:
        await merge(session, [HUANGPU], TIANHE, ORDER)
    assert await filed(database, "DISTRICT") == {CITY: 1, TIANHE: 6}
    assert await filed(database, "CITY") == {CITY: 7}


async def cells(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    listed = "shard, level, tenant_code, agency_id, month, series, procedure_kind, status, outcome, lost"
    return await connection.fetch(
        f"select {listed}, sum(responses) from case_tally group by {listed} having sum(responses) <> 0 order by {listed}"
    )


async def test_the_migrations_count_what_is_there(url: str, city: City) -> None:
    """Months from the responses, then years from the months."""
    connection = await asyncpg.connect(url)
    kept = await cells(connection)
    await connection.execute("delete from case_tally")
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as migrating:
        await migrating.run_sync(import_module("core.migrations.versions.core_0004_case_tallies").count)
        await migrating.commit()
    await engine.dispose()
    await connection.execute(import_module("core.migrations.versions.core_0010_tallies_by_year").SUMMED)
    assert {row["shard"] for row in kept} == {4401, 4403}
    assert await cells(connection) == kept
    await connection.close()


async def test_wrong_figures_are_found_and_counted_anew(url: str, database: Database, city: City) -> None:
    assert (await check_tallies(database)).ok
    connection = await asyncpg.connect(url)
    await connection.execute("update case_tally set responses = responses + 1 where level = 'CITY' and shard = 4401")
    await connection.execute("delete from case_tally where level = 'TOWN' and tenant_code = 440112001")
    await connection.close()
    found = await check_tallies(database)
    assert not found.ok
    assert "figures of 4401 are wrong" in found.detail
    async with database.system() as session:
        assert await rebuild(session, 4401) > 0
    assert (await check_tallies(database)).ok


async def test_a_recount_and_a_writer_wait_for_each_other(database: Database, city: City) -> None:
    """The writer's change is in the recount or added to it, never both, never lost."""
    change = text("update response set status = 'CLOSED', closed_on = date '2026-03-09' where id = :id")
    async with database.system() as writer:
        await writer.execute(change, {"id": city.responses["city"]})

        async def count_anew() -> None:
            async with database.system() as counting:
                await rebuild(counting, 4401)

        counting = asyncio.create_task(count_anew())
        await asyncio.sleep(0.2)
        assert not counting.done()
    await counting
    async with database.system() as counter:
        await rebuild(counter, 4401)

        async def write() -> None:
            async with database.system() as session:
                await session.execute(change, {"id": city.responses["tianhe"]})

        writing = asyncio.create_task(write())
        await asyncio.sleep(0.2)
        assert not writing.done()
    await writing
    async with database.system() as session:
        assert await wrong_cells(session, 4401) == 0
        assert await session.scalar(text("select count(*) from response where status = 'CLOSED'")) == 3
