"""Agencies of an import: landed first, since cases are judged against them."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import Row, select

from core.db.session import SystemSession
from core.imports.landing.scripts import script
from core.imports.reference import Agency
from core.reference.pinyin import pinyin_key
from core.tenancy.tables import Agency as AgencyTable


async def known_agencies(session: SystemSession, tenant: Row[Any]) -> dict[str, Agency]:
    """The agencies inside the importing tenant, by the id that files use. A foreign one looks like one that is not there."""
    rows = await session.rows(
        select(AgencyTable.external_id, AgencyTable.name_zh, AgencyTable.code).where(
            AgencyTable.shard == tenant.shard, AgencyTable.code >= tenant.low, AgencyTable.code < tenant.high
        )
    )
    return {row.external_id: Agency(row.name_zh, row.code) for row in rows}


async def land_agencies(driver: asyncpg.Connection) -> dict[str, int]:
    """Land what the file brings; known agencies keep what they are. Gives the lines of refused rows by their ids."""
    await driver.execute(script("judge_agencies.sql"))
    names = await driver.fetch("select distinct name from stage_agencies")
    await driver.execute("create temp table agency_sort_key (name text, sort_key text) on commit drop")
    keys = [(row["name"], pinyin_key(row["name"])) for row in names]
    await driver.copy_records_to_table("agency_sort_key", records=keys)
    await driver.execute(script("land_agencies.sql"))
    return {row["agency_id"]: row["line"] for row in await driver.fetch("select agency_id, line from foreign_agency")}
