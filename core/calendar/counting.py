"""The arithmetic of a period over day ordinals, with a light record of each step; `period` turns it into a result."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from core.calendar.period_input import Direction, Extension, PeriodInput, Suspension
from core.calendar.trace import RULE_LAW, TermUnit, TraceRule
from core.calendar.working_days import LAST_DAY, DateOutOfRange, DayTable, check_ordinal

_NEVER: Final = LAST_DAY.toordinal() + 1
_SATURDAY: Final = 5
_MONTHS: Final = {TermUnit.MONTH: 1, TermUnit.YEAR: 12}
_MONTH_LAW: Final = "民法典 202"


class PeriodSuspended(Exception):
    """中止未恢复: the period stands still, so it has no last day until it resumes."""

    def __init__(self, suspended_on: date) -> None:
        super().__init__(f"the period stands still since {suspended_on}")
        self.suspended_on = suspended_on
        self.message_zh = f"期间自 {suspended_on} 起中止，恢复前无法确定届满日。"


class Mark(NamedTuple):
    """A step in ordinals. `looked` is the span of days for which the calendar was asked, if it was."""

    rule: TraceRule
    law: str
    before: int
    after: int
    amount: int
    unit: TermUnit
    span: tuple[int, int] | None
    note: str
    looked: tuple[int, int] | None


class Pause(NamedTuple):
    """Days `start <= day < end` that are not counted; `end` is `_NEVER` while nothing resumed it."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Count:
    """What counting gave: the term's own last day, the day it ends on after moving off rest days, and the steps."""

    raw: int
    due: int
    marks: list[Mark]

    def years(self) -> set[int]:
        """The calendar years that the result depends on."""
        found: set[int] = set()
        for mark in self.marks:
            if mark.looked is not None:
                first, last = (date.fromordinal(ordinal).year for ordinal in mark.looked)
                found.update(range(first, last + 1))
        return found


def count(given: PeriodInput, days: DayTable) -> Count:
    """Count a period against one table of days. Raises PeriodSuspended and DateOutOfRange."""
    counter = _Counter(given, days)
    if given.direction is Direction.BEFORE:
        return counter.back()
    return counter.forward()


@dataclass(slots=True)
class _Counter:
    given: PeriodInput
    days: DayTable
    last: int = 0
    shown: int = 0
    anchor: int = 0
    months: int = 0
    shift: int = 0
    marks: list[Mark] = field(default_factory=list)

    def forward(self) -> Count:
        given = self.given
        pauses = _merged(given.suspensions)
        self.last = self.shown = given.start_on.toordinal()
        if given.fixed_on is not None:
            start, self.last = self.last, given.fixed_on.toordinal()
            self._mark(TraceRule.FIXED_DATE, law=given.source)
            self._pause(start, TermUnit.DAY, pauses)
        else:
            if given.amount:
                self.shown += 1
                start_on = self.shown - 1
                law = RULE_LAW[TraceRule.EXCLUDE_START]
                self.marks.append(
                    Mark(TraceRule.EXCLUDE_START, law, start_on, self.shown, 1, TermUnit.DAY, None, "", None)
                )
            self._add(TraceRule.COUNT_TERM, given.amount, given.unit, pauses, law=given.source)
        for extension in given.extensions:
            self._extend(extension, pauses)
        if given.travel_days:
            self._add(TraceRule.TRAVEL_EXCLUDED, given.travel_days, TermUnit.DAY, pauses)
        raw = self.last
        self._settle(pauses)
        return Count(raw, self.last, self.marks)

    def back(self) -> Count:
        given = self.given
        event = self.last = self.shown = given.start_on.toordinal()
        working = given.unit is TermUnit.WORKING_DAY
        self.last = self.days.add(event, -given.amount) if working else check_ordinal(event - given.amount)
        looked = (self.last, event) if working else None
        self._mark(TraceRule.COUNT_BACK, given.amount, given.unit, law=given.source, looked=looked)
        raw = self.last
        if given.roll:
            self.last = self.days.previous_workday(raw)
            self._mark_roll(raw)
        else:
            self._mark(TraceRule.STRICT_NO_ROLL)
        return Count(raw, self.last, self.marks)

    def _add(
        self, rule: TraceRule, amount: int, unit: TermUnit, pauses: list[Pause], *, law: str = "", note: str = ""
    ) -> None:
        """Add a term to the last day; adjoining terms in months count from one anchor, so that 1 + 1 months are 2."""
        previous = self.last
        looked = None
        if unit in _MONTHS:
            if not self.months:
                self.anchor, self.shift = previous, 0
            self.months += amount * _MONTHS[unit]
            self.last = check_ordinal(_add_months(self.anchor, self.months) + self.shift)
        else:
            self.months = 0
            if unit is TermUnit.WORKING_DAY:
                self.last = self.days.add(previous, amount)
                looked = (previous + 1, self.last) if self.last > previous else None
            else:
                self.last = check_ordinal(previous + amount)
        self._mark(rule, amount, unit, law=law, note=note, looked=looked)
        self._pause(previous, unit, pauses)

    def _extend(self, extension: Extension, pauses: list[Pause]) -> None:
        note, law = extension.reason, extension.source
        if extension.until is None or extension.granted_on is None:
            self._add(TraceRule.EXTENDED, extension.amount, extension.unit, pauses, law=law, note=note)
            return
        self.months = 0
        self.last = extension.until.toordinal()
        self._mark(TraceRule.DUE_REPLACED, law=law, note=note)
        granted_on = extension.granted_on
        later = _merged(pause for pause in self.given.suspensions if pause.suspended_on >= granted_on)
        self._pause(granted_on.toordinal() - 1, TermUnit.DAY, later)

    def _pause(self, previous: int, unit: TermUnit, pauses: list[Pause]) -> None:
        """Leave out the suspended days after `previous`: the last day moves on by as many days as were not counted."""
        for pause in pauses:
            start = max(pause.start, previous + 1)
            if start > self.last:
                break
            if pause.end <= start:
                continue
            _refuse_open(pause)
            looked = None
            if unit is TermUnit.WORKING_DAY:
                remaining = self.days.count(start - 1, self.last)
                self.last = self.days.add(pause.end - 1, remaining)
                looked = (start, self.last)
            else:
                self.last = check_ordinal(self.last + pause.end - start)
                self.shift += pause.end - start
            self._mark(
                TraceRule.SUSPENDED, pause.end - start, span=(start, pause.end), note=pause.reason, looked=looked
            )

    def _settle(self, pauses: list[Pause]) -> None:
        """Move a last day that is a rest day to the next working day that is not suspended."""
        raw = self.last
        if not self.given.roll:
            self._mark(TraceRule.STRICT_NO_ROLL)
            return
        self.last = self.days.next_workday(raw)
        self._mark_roll(raw)
        for pause in pauses:
            if raw < pause.start <= self.last < pause.end:
                _refuse_open(pause)
                start = self.last
                self.last = self.days.next_workday(pause.end)
                span, looked = (start, pause.end), (start, self.last)
                self._mark(TraceRule.SUSPENDED, pause.end - start, span=span, note=pause.reason, looked=looked)

    def _mark_roll(self, raw: int) -> None:
        looked = (min(raw, self.last), max(raw, self.last))
        if self.last == raw and (raw - 1) % 7 < _SATURDAY:
            # An ordinary working day says nothing worth reading, but the result rests on its year all the same.
            self.marks[-1] = _also_looked(self.marks[-1], looked)
            return
        self._mark(TraceRule.ROLL_REST_DAY if self.last != raw else TraceRule.KEEP_MAKEUP_WORKDAY, looked=looked)

    def _mark(
        self,
        rule: TraceRule,
        amount: int = 0,
        unit: TermUnit = TermUnit.DAY,
        *,
        law: str = "",
        span: tuple[int, int] | None = None,
        note: str = "",
        looked: tuple[int, int] | None = None,
    ) -> None:
        self.marks.append(Mark(rule, _law(rule, unit, law), self.shown, self.last, amount, unit, span, note, looked))
        self.shown = self.last


def _law(rule: TraceRule, unit: TermUnit, source: str) -> str:
    if rule in (TraceRule.EXTENDED, TraceRule.DUE_REPLACED):
        return source or RULE_LAW[rule]
    general = _MONTH_LAW if rule is TraceRule.COUNT_TERM and unit in _MONTHS else RULE_LAW[rule]
    return f"{source}; {general}" if source and general else source or general


def _also_looked(mark: Mark, looked: tuple[int, int]) -> Mark:
    if mark.looked is not None:
        looked = (min(mark.looked[0], looked[0]), max(mark.looked[1], looked[1]))
    return mark._replace(looked=looked)


def _refuse_open(pause: Pause) -> None:
    if pause.end == _NEVER:
        raise PeriodSuspended(date.fromordinal(pause.start))


def _merged(suspensions: Iterable[Suspension]) -> list[Pause]:
    """Disjoint pauses in order, whatever the order and overlaps they were given in."""
    found: list[Pause] = []
    for one in sorted(suspensions, key=lambda pause: pause.suspended_on):
        start = one.suspended_on.toordinal()
        end = _NEVER if one.resumed_on is None else min(one.resumed_on.toordinal(), _NEVER - 1)
        if start >= end:
            continue
        if found and start <= found[-1].end:
            reasons = {*found[-1].reason.split("；"), one.reason} - {""}
            found[-1] = Pause(found[-1].start, max(end, found[-1].end), "；".join(sorted(reasons)))
        else:
            found.append(Pause(start, end, one.reason))
    return found


def _add_months(ordinal: int, months: int) -> int:
    """The corresponding day, or the month's last day if there is none (民法典 202)."""
    start = date.fromordinal(ordinal)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > LAST_DAY.year:
        raise DateOutOfRange(str(year))
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()
