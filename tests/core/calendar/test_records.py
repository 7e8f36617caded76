from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from core.calendar import CalendarFileError, YearStatus, shipped_calendar
from core.calendar.acts import import_calendar
from core.calendar.records import CalendarSource, load_calendar
from core.calendar.tables import CalendarDay, CalendarVersion
from core.db.session import Database

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


async def test_a_database_without_a_calendar_knows_no_year(database: Database) -> None:
    async with database.anonymous() as session:
        calendar = await CalendarSource().current(session)
    assert calendar.years == ()
    assert calendar.status(2026) is YearStatus.UNKNOWN


async def test_the_calendar_survives_the_database_unchanged(database: Database) -> None:
    shipped = shipped_calendar()
    async with database.system() as session:
        await import_calendar(session, list(shipped.rows()), "shipped", NOW)
        loaded = await load_calendar(session)
    assert list(loaded.rows()) == list(shipped.rows())
    assert loaded.years == shipped.years


async def test_a_year_has_one_edition_in_force(database: Database) -> None:
    with pytest.raises(IntegrityError, match="ix_calendar_version_current"):
        async with database.system() as session:
            await session.execute(
                insert(CalendarVersion).values(year=2026, version=9, status="official", source="x", loaded_at=NOW)
            )


async def test_a_damaged_year_is_told_not_used(database: Database) -> None:
    async with database.system() as session:
        version = await session.scalar(select(CalendarVersion.id).where(CalendarVersion.year == 2026))
        day = select(CalendarDay.day).where(CalendarDay.version_id == version).limit(1).scalar_subquery()
        await session.execute(
            update(CalendarDay)
            .where(CalendarDay.version_id == version, CalendarDay.day == day)
            .values(kind="workday", is_workday=False)
        )
        with pytest.raises(CalendarFileError):
            await load_calendar(session)
        await session.execute(update(CalendarDay).where(CalendarDay.day == day).values(kind="holiday"))
