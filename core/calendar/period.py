"""The period engine (期间计算): from an event to the last day on which a duty can be done, and why.

The rules (民诉法 85, 适用解释 48, 民法典 201-203): the day of the event is not counted; a last day that is a rest day
moves to the next working day, and a swapped working weekend is a working day; months and years end on the
corresponding day or the month's last; travel and suspended time are not counted; the last day ends at 24:00 in Shanghai.
Everything here is a pure function of its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple, Self

from core.calendar.counting import Count, Mark, count
from core.calendar.period_input import PeriodInput
from core.calendar.trace import RULE_LAW, TermUnit, TraceRule, TraceStep
from core.calendar.working_days import ProvisionalPolicy, WorkingCalendar, YearStatus, YearVersion
from core.clock import SHANGHAI

_POLICY_ZH: Final = {
    ProvisionalPolicy.WEEKENDS: "仅以周六、周日",
    ProvisionalPolicy.WEEKENDS_AND_FIXED: "以周六、周日及固定日期的法定节日",
}
_HOLIDAY_RULES: Final = (TraceRule.ROLL_REST_DAY, TraceRule.KEEP_MAKEUP_WORKDAY)


@dataclass(frozen=True, slots=True)
class Period:
    """A computed period (期间): `due` is its last day (届满日), `raw_last_day` the last day before moving off rest days.

    `provisional` (暂定): it rests on a year without an official list. `earliest_due` is then the earliest end that
    any list could give, and reminders count back from it; otherwise it equals `due`.
    `versions` are the calendar years it rests on.
    """

    due: date
    raw_last_day: date
    earliest_due: date
    provisional: bool
    versions: tuple[YearVersion, ...]
    trace: tuple[TraceStep, ...]

    @property
    def rolled(self) -> bool:
        """Whether the last day moved off a rest day."""
        return self.due != self.raw_last_day

    @property
    def violation_date(self) -> date:
        """违反之日: the first day on which the duty is overdue."""
        return self.due + timedelta(days=1)

    def to_json(self) -> dict[str, object]:
        """Plain data for a jsonb column."""
        return {
            "due": self.due.isoformat(),
            "raw_last_day": self.raw_last_day.isoformat(),
            "earliest_due": self.earliest_due.isoformat(),
            "rolled": self.rolled,
            "provisional": self.provisional,
            "violation_date": self.violation_date.isoformat(),
            "versions": [version.to_json() for version in self.versions],
            "trace": [step.to_json() for step in self.trace],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """The inverse of `to_json`. Raises ValueError, KeyError or TypeError on foreign data."""
        versions, trace = data["versions"], data["trace"]
        if not isinstance(versions, list) or not isinstance(trace, list):
            raise TypeError("versions and trace must be lists")
        return cls(
            due=date.fromisoformat(str(data["due"])),
            raw_last_day=date.fromisoformat(str(data["raw_last_day"])),
            earliest_due=date.fromisoformat(str(data["earliest_due"])),
            provisional=data["provisional"] is True,
            versions=tuple(YearVersion.from_json(version) for version in versions),
            trace=tuple(TraceStep.from_json(step) for step in trace),
        )


class Outcome(NamedTuple):
    """A period's dates without the trace, for sweeps over many periods."""

    due: date
    raw_last_day: date
    earliest_due: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a new calendar does to a period (重算结果): `old` is what stood, `new` the full new result."""

    old: Outcome
    new: Period

    @property
    def due_moved(self) -> bool:
        """Whether the last day itself is another; if not, only its being provisional or its earliest end changed."""
        return self.old.due != self.new.due

    @property
    def days(self) -> int:
        """By how many days the last day moved; negative means earlier."""
        return (self.new.due - self.old.due).days


def period(given: PeriodInput, calendar: WorkingCalendar) -> Period:
    """Compute a period with its trace.

    Raises PeriodSuspended while a suspension that touches it has no end, and DateOutOfRange beyond 2120.
    """
    counted = count(given, calendar.days)
    versions = tuple(calendar.year(year) for year in sorted(counted.years()))
    outcome = _outcome(given, calendar, counted, versions)
    steps = [_step(mark, calendar) for mark in counted.marks]
    if outcome.provisional:
        steps.append(_unpublished_step(outcome, versions, calendar.policy))
    return Period(
        due=outcome.due,
        raw_last_day=outcome.raw_last_day,
        earliest_due=outcome.earliest_due,
        provisional=outcome.provisional,
        versions=versions,
        trace=tuple(steps),
    )


def period_dates(given: PeriodInput, calendar: WorkingCalendar) -> Outcome:
    """The same dates as `period` gives, without building the trace. Raises as `period`."""
    counted = count(given, calendar.days)
    return _outcome(given, calendar, counted, tuple(calendar.year(year) for year in counted.years()))


def recompute(given: PeriodInput, old: Period | Outcome, calendar: WorkingCalendar) -> Change | None:
    """What a newly loaded calendar changes in an open period (重算); None if its dates and its standing stay as they are.

    A period that turns from provisional to official is a change even where the last day stays. Raises as `period`.
    """
    stood = Outcome(old.due, old.raw_last_day, old.earliest_due, old.provisional)
    if period_dates(given, calendar) == stood:
        return None
    return Change(stood, period(given, calendar))


def late_from(due: date) -> datetime:
    """The first instant that is late: the last day ends at 24:00 in Shanghai (民法典 203(2))."""
    return datetime.combine(due + timedelta(days=1), time.min, SHANGHAI)


def is_on_time(due: date, instant: datetime) -> bool:
    """Whether something done at an instant was done by the last day. Raises ValueError for a naive instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant < late_from(due)


def in_time(due: date, *, received_at: datetime | None = None, posted_on: date | None = None) -> bool:
    """Whether a paper was in time: received by the last day, or posted by it (交邮, 民诉法 85(4), 适用解释 48(4)).

    `posted_on` is the day of the postmark. Raises ValueError if neither is given.
    """
    if posted_on is None and received_at is None:
        raise ValueError("either received_at or posted_on must be given")
    if posted_on is not None and posted_on <= due:
        return True
    return received_at is not None and is_on_time(due, received_at)


def _outcome(
    given: PeriodInput, calendar: WorkingCalendar, counted: Count, versions: tuple[YearVersion, ...]
) -> Outcome:
    provisional = any(version.status is not YearStatus.OFFICIAL for version in versions)
    earliest = min(counted.due, count(given, calendar.earliest).due) if provisional else counted.due
    return Outcome(
        date.fromordinal(counted.due), date.fromordinal(counted.raw), date.fromordinal(earliest), provisional
    )


def _step(mark: Mark, calendar: WorkingCalendar) -> TraceStep:
    before, after = date.fromordinal(mark.before), date.fromordinal(mark.after)
    note = mark.note
    if mark.rule in _HOLIDAY_RULES:
        note = calendar.day(before).holiday
    versions: tuple[YearVersion, ...] = ()
    if mark.looked is not None:
        first, last = (date.fromordinal(ordinal).year for ordinal in mark.looked)
        versions = tuple(calendar.year(year) for year in range(first, last + 1))
    span = (date.fromordinal(mark.span[0]), date.fromordinal(mark.span[1])) if mark.span else None
    return TraceStep(mark.rule, mark.law, before, after, mark.amount, mark.unit, span, note, versions)


def _unpublished_step(outcome: Outcome, versions: tuple[YearVersion, ...], policy: ProvisionalPolicy) -> TraceStep:
    return TraceStep(
        rule=TraceRule.UNPUBLISHED_YEAR,
        law=RULE_LAW[TraceRule.UNPUBLISHED_YEAR],
        before=outcome.due,
        after=outcome.due,
        unit=TermUnit.DAY,
        span=(outcome.earliest_due, outcome.due),
        note=_POLICY_ZH[policy],
        versions=tuple(version for version in versions if version.status is not YearStatus.OFFICIAL),
    )
