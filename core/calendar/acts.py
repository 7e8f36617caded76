"""Loading a calendar year, and what follows from it: every open period that rested on another edition is reckoned anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.calendar.recalculation import Recalculated, recalculate
from core.calendar.records import CurrentYear, add_year, current_years, load_calendar, lock_calendar
from core.calendar.working_days import CalendarDay, YearStatus
from core.db.session import SystemSession
from core.labels import Labelled


class YearOutcome(Labelled):
    """载入结果: what became of a year of a calendar file."""

    LOADED = "LOADED", "已载入", "loaded"
    UNCHANGED = "UNCHANGED", "与现行版本相同", "the same as the edition in force"
    OFFICIAL_STANDS = "OFFICIAL_STANDS", "已有正式版本，未替换", "kept: an official edition is in force"


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """What became of a year; `version` is the number of the edition that is now in force."""

    year: int
    status: YearStatus
    outcome: YearOutcome
    version: int


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What an import did: to each year of the file, and to what was reckoned by them."""

    years: tuple[LoadedYear, ...]
    recalculated: Recalculated


async def import_calendar(
    session: SystemSession,
    rows: Sequence[CalendarDay],
    source: str,
    now: datetime,
    *,
    by: str = "system",
    corrects_official: bool = True,
) -> CalendarImport:
    """导入工作日历: load whole years, then reckon anew every open period, suggestion and copy that rested on another edition.

    A year becomes a new edition which supersedes the former one; the same content again changes nothing. An official edition
    is never replaced by a provisional one, and by another official one only if `corrects_official`.
    `source` says where the rows come from (国务院办公厅通知 or a file's name).
    """
    await lock_calendar(session)
    current = await current_years(session)
    by_year: dict[int, list[CalendarDay]] = {}
    for row in sorted(rows, key=lambda day: day.date):
        by_year.setdefault(row.date.year, []).append(row)
    years = [
        await _load(session, days, current.get(year), source, now, corrects_official=corrects_official)
        for year, days in by_year.items()
    ]
    loaded = [year.year for year in years if year.outcome is YearOutcome.LOADED]
    # Also where nothing was loaded: an act that began before the last loading may have reckoned by the former edition.
    calendar = await load_calendar(session)
    return CalendarImport(tuple(years), await recalculate(session, calendar, loaded, source=source, by=by, now=now))


async def _load(
    session: SystemSession,
    days: Sequence[CalendarDay],
    former: CurrentYear | None,
    source: str,
    now: datetime,
    *,
    corrects_official: bool,
) -> LoadedYear:
    year, status = days[0].date.year, days[0].status
    outcome = _outcome(days, former, corrects_official=corrects_official)
    if outcome is not YearOutcome.LOADED:
        standing = former.version if former else 0
        return LoadedYear(year, former.status if former else status, outcome, standing)
    return LoadedYear(year, status, outcome, await add_year(session, year, days, former, source=source, now=now))


def _outcome(days: Sequence[CalendarDay], former: CurrentYear | None, *, corrects_official: bool) -> YearOutcome:
    if former is None:
        return YearOutcome.LOADED
    if _content(days) == _content(former.days):
        return YearOutcome.UNCHANGED
    if former.status is YearStatus.OFFICIAL and not (days[0].status is YearStatus.OFFICIAL and corrects_official):
        return YearOutcome.OFFICIAL_STANDS
    return YearOutcome.LOADED


def _content(days: Sequence[CalendarDay]) -> list[tuple[object, ...]]:
    return [(day.date, day.kind, day.holiday, day.status) for day in days]
