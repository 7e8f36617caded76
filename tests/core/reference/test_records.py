"""Reference data in the database: written once, mended where it differs, otherwise left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from core.db.session import Database
from core.reference.readers import read_causes, read_courts, read_divisions
from core.reference.records import merge_causes, merge_courts, merge_divisions
from core.reference.tables import Cause, Court, Division


async def test_reference_data_lands_once(database: Database) -> None:
    async with database.system() as session:
        divisions = list(read_divisions())[:2000]
        assert await merge_divisions(session, divisions) == 2000
        assert await merge_divisions(session, divisions) == 0
        assert await merge_courts(session, read_courts()) == 49
        assert await merge_causes(session, read_causes()) == 163
        assert await merge_causes(session, read_causes()) == 0


async def test_only_what_differs_is_written(database: Database) -> None:
    courts = list(read_courts())
    changed = [replace(courts[0], name_zh="改名法院"), *courts[1:]]
    async with database.system() as session:
        assert await merge_courts(session, changed) == 1
        assert await session.scalar(select(Court.name_zh).where(Court.code == courts[0].code)) == "改名法院"


async def test_an_empty_text_is_no_value(database: Database) -> None:
    async with database.system() as session:
        empty = await session.scalar(
            select(func.count())
            .select_from(Court)
            .where((Court.division_code == "") | (Court.administrative_role == ""))
        )
    assert empty == 0


async def test_causes_form_three_levels(database: Database) -> None:
    async with database.anonymous() as session:
        rows = await session.rows(select(Cause.level, func.count()).group_by(Cause.level).order_by(Cause.level))
    assert [row[1] for row in rows] == [1, 22, 140]


async def test_tenants_read_reference_data_and_cannot_write_it(database: Database) -> None:
    async with database.anonymous() as session:
        assert await session.scalar(select(func.count()).select_from(Division)) == 2000
    with pytest.raises(DBAPIError):
        async with database.anonymous() as session:
            await session.rows(Court.__table__.delete().returning(Court.code))
