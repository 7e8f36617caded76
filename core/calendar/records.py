"""The SQL of the working-day calendar: the calendar in force, its versions, and the calculations that a new year touches."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, insert, select, text, update

from core.calendar import tables
from core.calendar.calendar_file import read_calendar_file
from core.calendar.working_days import CalendarDay, WorkingCalendar, YearStatus
from core.db.session import ReadSession, SystemSession

DAY_COLUMNS = ("version_id", "day", "is_workday", "kind", "holiday")


@dataclass(frozen=True, slots=True)
class CurrentYear:
    """The edition of a year that is in force."""

    id: int
    version: int
    status: YearStatus
    days: tuple[CalendarDay, ...]


async def current_years(session: ReadSession) -> dict[int, CurrentYear]:
    """The editions in force, by year.

    The rows go through the reader of calendar files, so that a day's `version` is made from the year's content here as there,
    and what the database holds is checked as a file is.
    """
    version, day = tables.CalendarVersion, tables.CalendarDay
    rows = await session.rows(
        select(
            version.id, version.year, version.version, version.status, day.day, day.kind, day.is_workday, day.holiday
        )
        .join(day, day.version_id == version.id)
        .where(version.superseded_at.is_(None))
        .order_by(day.day)
    )
    if not rows:
        return {}
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(("date", "is_workday", "kind", "holiday", "status"))
    writer.writerows((r.day.isoformat(), int(r.is_workday), r.kind, r.holiday or "", r.status) for r in rows)
    days: dict[int, list[CalendarDay]] = {}
    for read in read_calendar_file(content.getvalue().encode()):
        days.setdefault(read.date.year, []).append(read)
    editions = {row.year: row for row in rows}
    return {
        year: CurrentYear(row.id, row.version, YearStatus(row.status), tuple(days[year]))
        for year, row in editions.items()
    }


async def load_calendar(session: ReadSession) -> WorkingCalendar:
    """The working-day calendar in force (工作日历)."""
    years = await current_years(session)
    return WorkingCalendar(day for edition in years.values() for day in edition.days)


class CalendarSource:
    """The calendar in force, kept in the process: read anew only when a version was added, which one small query tells."""

    def __init__(self) -> None:
        self._stamp: int | None = None
        self._calendar = WorkingCalendar()

    async def current(self, session: ReadSession) -> WorkingCalendar:
        """The calendar as this transaction sees it."""
        stamp = cast("int", await session.scalar(select(func.coalesce(func.max(tables.CalendarVersion.id), 0))))
        if stamp != self._stamp:
            # Two transactions may read it side by side: both keep the same thing.
            calendar = await load_calendar(session)
            self._stamp, self._calendar = stamp, calendar
            return calendar
        return self._calendar


async def add_year(
    session: SystemSession,
    year: int,
    days: Sequence[CalendarDay],
    former: CurrentYear | None,
    *,
    source: str,
    now: datetime,
) -> int:
    """Write a new edition of a year; the former one is superseded, never changed. Answers its number."""
    version = tables.CalendarVersion
    if former is not None:
        await session.execute(update(version).where(version.id == former.id).values(superseded_at=now))
    number = 1 + cast(
        "int", await session.scalar(select(func.coalesce(func.max(version.version), 0)).where(version.year == year))
    )
    version_id = await session.scalar(
        insert(version)
        .values(year=year, version=number, status=days[0].status.value, source=source, loaded_at=now)
        .returning(version.id)
    )
    table = tables.CalendarDay.__table__
    if not isinstance(table, Table):
        raise TypeError("calendar days are mapped to no table")
    await session.execute(
        insert(table),
        [
            dict(zip(DAY_COLUMNS, (version_id, d.date, d.is_workday, d.kind.value, d.holiday or None), strict=True))
            for d in days
        ],
    )
    return number


async def lock_calendar(session: SystemSession) -> None:
    """Two loadings of a calendar wait for each other."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended('yingsu.calendar', 0))"))
