from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text, update

from core.calendar import shipped_calendar
from core.calendar.records import load_calendar
from core.db.session import Database
from core.installation.seed import Seeded, seed_reference
from core.installation.sort_keys import computed_sort_keys, shipped_sort_keys, shipped_tenants
from core.reference.tables import Court, Division
from core.tenancy.tables import Tenant, TenantVersion

MERGED = date(2025, 11, 6)
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SEEDED_TABLES = ("division", "court", "cause", "tenant", "tenant_version", "calendar_version", "calendar_day")


@pytest.fixture(scope="module")
async def seeded(database: Database) -> Seeded:
    async with database.system() as session:
        return await seed_reference(session, NOW)


async def fingerprint(database: Database) -> dict[str, object]:
    async with database.system() as session:
        return {
            table: await session.scalar(text(f"select array_agg((xmin::text, ctid::text)) from {table}"))
            for table in SEEDED_TABLES
        }


async def test_a_fresh_database_gets_everything(database: Database, seeded: Seeded) -> None:
    assert (seeded.divisions, seeded.tenants) == (44_635, 44_593)
    assert (seeded.courts, seeded.causes, seeded.calendar_years) == (49, 163, 4)
    async with database.anonymous() as session:
        assert await session.scalar(select(func.count()).select_from(Division)) == 44_635
        assert await session.scalar(select(func.count()).select_from(TenantVersion)) == 44_593


async def test_seeding_again_touches_no_row(database: Database, seeded: Seeded) -> None:
    before = await fingerprint(database)
    async with database.system() as session:
        again = await seed_reference(session, NOW)
    assert again == Seeded(0, 0, 0, 0, 0)
    assert await fingerprint(database) == before


async def test_guangzhou_has_its_districts_and_towns_under_its_shard(database: Database, seeded: Seeded) -> None:
    async with database.anonymous() as session:
        rows = await session.rows(
            select(Tenant.level, func.count())
            .where(Tenant.shard == 4401, Tenant.kind == "NORMAL", Tenant.valid_to.is_(None))
            .group_by(Tenant.level)
        )
        roots = await session.rows(select(Tenant.code, Tenant.shard).where(Tenant.level == "CITY"))
    assert {row.level: row[1] for row in rows} == {"CITY": 1, "DISTRICT": 11, "TOWN": 177}
    assert {(440_100_000, 4401), (110_000_000, 11), (429_004_000, 429_004)} <= {(row.code, row.shard) for row in roots}


async def test_a_closed_district_leads_to_its_successor(database: Database, seeded: Seeded) -> None:
    async with database.anonymous() as session:
        yubei = await session.row(select(Tenant).where(Tenant.code == 500_112_000))
        version = await session.row(select(TenantVersion).where(TenantVersion.code == 500_112_000))
    assert yubei is not None
    assert version is not None
    assert (yubei.successor_code, yubei.valid_to, version.valid_to) == (500_157_000, MERGED, MERGED)


async def test_the_calendar_in_the_database_is_the_shipped_one(database: Database, seeded: Seeded) -> None:
    async with database.anonymous() as session:
        loaded = await load_calendar(session)
    assert loaded.years == shipped_calendar().years
    assert loaded.is_workday(date(2026, 2, 14))
    assert list(loaded.rows()) == list(shipped_calendar().rows())


async def test_reference_data_becomes_what_is_shipped_but_a_tenants_own_name_stays(
    database: Database, seeded: Seeded
) -> None:
    async with database.system() as session:
        await session.execute(update(Court).where(Court.code == "粤71").values(name_zh="误"))
        await session.execute(update(Tenant).where(Tenant.code == 440_112_001).values(name_zh="新名街道"))
        again = await seed_reference(session, NOW)
        court = await session.scalar(select(Court.name_zh).where(Court.code == "粤71"))
        tenant = await session.scalar(select(Tenant.name_zh).where(Tenant.code == 440_112_001))
    assert again == Seeded(0, 1, 0, 0, 0)
    assert (court, tenant) == ("广州铁路运输中级法院", "新名街道")


def test_the_shipped_sort_keys_are_those_that_pypinyin_gives_today() -> None:
    assert shipped_sort_keys() == computed_sort_keys(shipped_tenants())
