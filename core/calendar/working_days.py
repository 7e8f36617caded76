"""The working-day calendar (工作日历) as plain data: which days are working days, and arithmetic on them.

A calendar holds whole years. A year is *official* once the State Council's holiday notice (国务院办公厅放假通知)
is loaded, *provisional* while its rows only say which days are weekends, and *unknown* if no rows are loaded.
In the last two, Saturdays and Sundays are taken as rest days and every result says that it is provisional.
A notice may still change the last December days of the year before its own: then both years are loaded anew.
"""

from __future__ import annotations

import enum
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from itertools import accumulate, compress
from typing import Final, Self

from core.errors import BadUserInput

FIRST_DAY: Final = date(1980, 1, 1)
LAST_DAY: Final = date(2120, 12, 31)
_FIRST: Final = FIRST_DAY.toordinal()
_LAST: Final = LAST_DAY.toordinal()
_FRIDAY: Final = 5
_NOT_LOADED: Final = "none"

FIXED_HOLIDAYS: Final = (
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (5, 2, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
)
"""Days off that stand on the same date every year (全国年节及纪念日放假办法 2, as amended from 2025-01-01)."""


class DayKind(enum.StrEnum):
    """What a day is in the State Council's list."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP_WORKDAY = "makeup_workday"

    @property
    def is_workday(self) -> bool:
        """Whether a day of this kind is a working day; a swapped working weekend (调休上班) is one."""
        return self in (DayKind.WORKDAY, DayKind.MAKEUP_WORKDAY)


class YearStatus(enum.StrEnum):
    """How far a year of the calendar may be trusted."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"
    UNKNOWN = "unknown"


class ProvisionalPolicy(enum.StrEnum):
    """What is a rest day in a year without a notice: setting `calendar.provisional_policy`."""

    WEEKENDS = "weekends"
    WEEKENDS_AND_FIXED = "weekends+fixed"


class DateOutOfRange(BadUserInput):
    """日期超出范围: a day, or a period's end, outside 1980-2120, where no calendar is kept."""

    def __init__(self, value: str) -> None:
        super().__init__(
            f"The date {value} lies outside {FIRST_DAY}..{LAST_DAY}.",
            f"日期 {value} 超出可计算范围（{FIRST_DAY} 至 {LAST_DAY}）。",
            field="date",
            value=value,
        )


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the calendar (日历日). `version` names the loaded edition of its year."""

    date: date
    is_workday: bool
    kind: DayKind
    holiday: str
    status: YearStatus
    version: str


@dataclass(frozen=True, slots=True, order=True)
class YearVersion:
    """Which edition of a calendar year a result rests on."""

    year: int
    version: str
    status: YearStatus

    def to_json(self) -> dict[str, object]:
        """Plain data for a jsonb column."""
        return {"year": self.year, "version": self.version, "status": self.status.value}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """The inverse of `to_json`. Raises ValueError or KeyError on foreign data."""
        return cls(int(str(data["year"])), str(data["version"]), YearStatus(str(data["status"])))


class DayTable:
    """Working-day arithmetic over day ordinals (`date.toordinal()`), each question answered in constant time."""

    __slots__ = ("_before", "_flags", "_workdays")

    def __init__(self, flags: bytes) -> None:
        self._flags = flags
        self._before = array("i", accumulate(flags, initial=0))
        self._workdays = array("i", compress(range(_FIRST, _LAST + 1), flags))

    def is_workday(self, ordinal: int) -> bool:
        """Whether the day is a working day."""
        return self._flags[_index(ordinal)] == 1

    def next_workday(self, ordinal: int) -> int:
        """The first working day on or after the day."""
        return self._nth(self._before[_index(ordinal)], ordinal)

    def previous_workday(self, ordinal: int) -> int:
        """The last working day on or before the day."""
        return self._nth(self._before[_index(ordinal) + 1] - 1, ordinal)

    def add(self, ordinal: int, amount: int) -> int:
        """The `amount`-th working day after the day (before it, if negative); 0 gives the day itself."""
        if amount == 0:
            return ordinal
        index = _index(ordinal)
        position = self._before[index + 1] + amount - 1 if amount > 0 else self._before[index] + amount
        return self._nth(position, ordinal)

    def count(self, after: int, through: int) -> int:
        """How many working days lie in `(after, through]`; 0 if the span is empty."""
        return max(0, self._before[_index(through) + 1] - self._before[_index(after) + 1])

    def _nth(self, position: int, origin: int) -> int:
        if not 0 <= position < len(self._workdays):
            raise DateOutOfRange(f"{date.fromordinal(origin)} ± …")
        return self._workdays[position]


class WorkingCalendar:
    """The working days of all loaded years, immutable; a year that is not loaded has weekends as its only rest days.

    Dates from 1990 to 2100 always get an answer; whether to trust it, `status` says.
    """

    __slots__ = ("_days", "_policy", "_years", "days", "earliest")

    days: DayTable
    """What results are shown from."""
    earliest: DayTable
    """As if an unpublished year had no rest day at all: no notice can bring a period's end before what this gives."""

    def __init__(
        self, rows: Iterable[CalendarDay] = (), policy: ProvisionalPolicy = ProvisionalPolicy.WEEKENDS_AND_FIXED
    ) -> None:
        """Build from rows in any order.

        Raises ValueError if a year is not complete, has a day twice, or mixes statuses or versions.
        """
        self._policy = policy
        self._days = _by_date(rows)
        self._years = _year_versions(self._days.values())
        flags = bytearray(_weekday_flags())
        unpublished = bytearray(b"\x01") * len(flags)
        for day in self._days.values():
            index = day.date.toordinal() - _FIRST
            flags[index] = day.is_workday
            if day.status is YearStatus.OFFICIAL:
                unpublished[index] = day.is_workday
        if policy is ProvisionalPolicy.WEEKENDS_AND_FIXED:
            self._rest_on_fixed_holidays(flags)
        self.days = DayTable(bytes(flags))
        self.earliest = DayTable(bytes(unpublished))

    def _rest_on_fixed_holidays(self, flags: bytearray) -> None:
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
            if self.status(year) is not YearStatus.OFFICIAL:
                for month, day, _ in FIXED_HOLIDAYS:
                    flags[date(year, month, day).toordinal() - _FIRST] = 0

    def __repr__(self) -> str:
        return f"WorkingCalendar({', '.join(f'{v.year} {v.status}' for v in self._years.values())})"

    @property
    def policy(self) -> ProvisionalPolicy:
        """What is a rest day where no notice is loaded."""
        return self._policy

    @property
    def years(self) -> tuple[YearVersion, ...]:
        """The loaded years with their versions, in order."""
        return tuple(self._years.values())

    def rows(self) -> Iterator[CalendarDay]:
        """The loaded days, in order."""
        return iter(self._days.values())

    def year(self, year: int) -> YearVersion:
        """The edition of a year; for one that is not loaded, status UNKNOWN and version `none`."""
        return self._years.get(year) or YearVersion(year, _NOT_LOADED, YearStatus.UNKNOWN)

    def status(self, year: int) -> YearStatus:
        """How far the year may be trusted."""
        return self.year(year).status

    def with_rows(self, rows: Iterable[CalendarDay]) -> WorkingCalendar:
        """A calendar in which the years of `rows` replace those of the same number. Raises ValueError as the constructor."""
        fresh = list(rows)
        replaced = {row.date.year for row in fresh}
        kept = [row for row in self._days.values() if row.date.year not in replaced]
        return WorkingCalendar([*kept, *fresh], self._policy)

    def with_policy(self, policy: ProvisionalPolicy) -> WorkingCalendar:
        """The same rows under another provisional policy."""
        return WorkingCalendar(self._days.values(), policy)

    def day(self, on: date) -> CalendarDay:
        """What is known of a day. Raises DateOutOfRange."""
        workday = self.is_workday(on)
        row = self._days.get(on)
        if row is not None and row.is_workday == workday:
            return row
        fixed = "" if workday else next((name for m, d, name in FIXED_HOLIDAYS if (m, d) == (on.month, on.day)), "")
        if self._policy is ProvisionalPolicy.WEEKENDS:
            fixed = ""
        kind = DayKind.WORKDAY if workday else (DayKind.HOLIDAY if fixed else DayKind.WEEKEND)
        edition = self.year(on.year)
        return CalendarDay(on, workday, kind, fixed, edition.status, edition.version)

    def is_workday(self, on: date) -> bool:
        """Whether the day is a working day. Raises DateOutOfRange."""
        return self.days.is_workday(on.toordinal())

    def next_workday(self, on: date) -> date:
        """The first working day on or after the day. Raises DateOutOfRange."""
        return date.fromordinal(self.days.next_workday(on.toordinal()))

    def previous_workday(self, on: date) -> date:
        """The last working day on or before the day. Raises DateOutOfRange."""
        return date.fromordinal(self.days.previous_workday(on.toordinal()))

    def add_workdays(self, on: date, amount: int) -> date:
        """The `amount`-th working day after the day; a negative amount counts back. Raises DateOutOfRange."""
        return date.fromordinal(self.days.add(on.toordinal(), amount))

    def count_workdays(self, after: date, through: date) -> int:
        """How many working days lie after the first day up to and including the second. Raises DateOutOfRange."""
        return self.days.count(after.toordinal(), through.toordinal())


def check_ordinal(ordinal: int) -> int:
    """The ordinal itself. Raises DateOutOfRange if the calendar does not reach it."""
    if _FIRST <= ordinal <= _LAST:
        return ordinal
    inside = 1 <= ordinal <= date(MAXYEAR, 12, 31).toordinal()
    raise DateOutOfRange(date.fromordinal(ordinal).isoformat() if inside else f"#{ordinal}")


def _index(ordinal: int) -> int:
    return check_ordinal(ordinal) - _FIRST


def _weekday_flags() -> bytes:
    size = _LAST - _FIRST + 1
    week = b"\x01\x01\x01\x01\x01\x00\x00"
    monday_offset = FIRST_DAY.weekday()
    return (week * (size // 7 + 2))[monday_offset : monday_offset + size]


def _by_date(rows: Iterable[CalendarDay]) -> dict[date, CalendarDay]:
    ordered = sorted(rows, key=lambda row: row.date)
    days = {row.date: row for row in ordered}
    if len(days) != len(ordered):
        raise ValueError("a calendar day is given twice")
    for row in ordered:
        check_ordinal(row.date.toordinal())
        if row.kind.is_workday != row.is_workday:
            raise ValueError(f"{row.date}: is_workday does not agree with kind {row.kind}")
    return days


def _year_versions(days: Iterable[CalendarDay]) -> dict[int, YearVersion]:
    versions: dict[int, YearVersion] = {}
    sizes: dict[int, int] = {}
    for day in days:
        version = YearVersion(day.date.year, day.version, day.status)
        if versions.setdefault(version.year, version) != version:
            raise ValueError(f"the rows of {version.year} mix statuses or versions")
        sizes[version.year] = sizes.get(version.year, 0) + 1
    for year, size in sizes.items():
        if size != days_in_year(year):
            raise ValueError(f"{year} has {size} of {days_in_year(year)} days")
    return versions


def days_in_year(year: int) -> int:
    """365 or 366."""
    return date(year, 12, 31).timetuple().tm_yday


def is_weekend(on: date) -> bool:
    """Whether the day is a Saturday or Sunday by the week, whatever a notice says."""
    return on.isoweekday() > _FRIDAY
