"""Terms, counted on the fingers: walk from day to day, and say of each whether it counts."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache

from tests.simulation.reference.working_days import ONE_DAY, WorkingDays


class Unit(Enum):
    DAY = "day"
    WORKING_DAY = "working day"
    MONTH = "month"
    STATED = "stated last day"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, working days or months after the start, which is not counted itself; or a stated last day."""

    amount: int = 0
    unit: Unit = Unit.DAY
    roll: bool = True
    stated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from `first` on that do not count, up to and without `resumed_on`."""

    first: date
    resumed_on: date

    def holds(self, day: date) -> bool:
        return self.first <= day < self.resumed_on


@cache
def last_day(term: Term, start: date, days: WorkingDays, pauses: tuple[Pause, ...] = ()) -> date:
    """The last day of a term, moved off rest days where it rolls."""
    if term.unit is Unit.STATED:
        assert term.stated_on is not None
        return days.rolled(term.stated_on) if term.roll else term.stated_on
    day = _months_later(start, term.amount, pauses) if term.unit is Unit.MONTH else _counted(term, start, days, pauses)
    if not term.roll:
        return day
    while not days.is_worked(day) or (day != start and _stands_still(day, pauses)):
        day += ONE_DAY
    return day


def _counted(term: Term, start: date, days: WorkingDays, pauses: tuple[Pause, ...]) -> date:
    day, counted = start, 0
    while counted < term.amount:
        day += ONE_DAY
        if _stands_still(day, pauses) or (term.unit is Unit.WORKING_DAY and not days.is_worked(day)):
            continue
        counted += 1
    return day


def _months_later(start: date, months: int, pauses: tuple[Pause, ...]) -> date:
    """The corresponding day, or the month's end (民法典 202, 203), and as many days later as stood still before it."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    day = start
    while day < last:
        day += ONE_DAY
        if _stands_still(day, pauses):
            last += ONE_DAY
    return last


def _stands_still(day: date, pauses: tuple[Pause, ...]) -> bool:
    return any(pause.holds(day) for pause in pauses)
