"""The lines of a circular from plain rows: each duty is put back to where it stood at the month's end, then counted by `rules.counters`.

"Due" are the duties whose last day lies in the month. `frozen.sql` counts the same by one statement over the tables; a test
holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from plugins.reminders.circular.publication import Month
from plugins.reminders.rules.counters import Counters, Standing, count, standing
from plugins.reminders.rules.facts import Facts
from plugins.reminders.rules.vocabulary import ObligationKind, ObligationState

_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as its rows tell it: a supervised obligation (督办义务) or a report (报备).

    Days are days of the act itself, instants those at which the platform was told. `district` is the code of the district
    that the agency answers in, the city's own code for its own agencies.
    """

    id: UUID
    agency: UUID
    district: int
    kind: str
    due_on: date
    acted_on: date | None = None
    acted_at: datetime | None = None
    missed_at: datetime | None = None
    violation_on: date | None = None
    void_at: datetime | None = None
    suspended_at: datetime | None = None
    remedied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """截至: 24:00 of a month's last day, and the instant up to which one knows: what is entered later is not known yet.

    An act counts by its own day as soon as it is known: what is entered on the 2nd was done on the 30th. What the platform
    marks itself (a miss, a remedy, a void duty) counts by its instant.
    """

    month: Month
    known_at: datetime

    @property
    def instant(self) -> datetime:
        """The last moment of the month: on its last day a duty is still open."""
        return self.month.over_at - _MOMENT

    def knows(self, instant: datetime | None) -> bool:
        """Whether what was marked at an instant counts."""
        return instant is not None and instant <= min(self.known_at, self.instant)

    def acted_on(self, duty: Duty) -> date | None:
        """The day of the act, if it lies in time and is known."""
        done = duty.acted_on is not None and duty.acted_on <= self.month.last
        return duty.acted_on if done and (duty.acted_at is None or duty.acted_at <= self.known_at) else None


def as_of(duty: Duty, cut: Cut) -> Facts:
    """The duty as the rules of supervision knew it at the cut. Its kind plays no part in counting."""
    state = ObligationState.TRACKING
    if cut.knows(duty.void_at):
        state = ObligationState.VOID
    elif cut.knows(duty.suspended_at):
        state = ObligationState.SUSPENDED
    elif cut.knows(duty.remedied_at) and cut.knows(duty.missed_at):
        state = ObligationState.REMEDIED
    return Facts(
        kind=ObligationKind.PERFORMANCE,
        state=state,
        due_on=duty.due_on,
        earliest_due_on=duty.due_on,
        registered_at=cut.instant,
        acted_on=cut.acted_on(duty),
        missed_at=duty.missed_at if cut.knows(duty.missed_at) else None,
    )


MEASURES: Final = tuple(field.name for field in fields(Counters))
"""The names of what is counted, as the columns of `reminders_circular_line` are called."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What a line is about: one agency in one district, one kind of duty."""

    district: int
    agency: UUID
    kind: str


def lines(duties: Iterable[Duty], month: Month, cut: Cut) -> Mapping[Cell, Counters]:
    """The lines of a month at a cut: the figures of each agency, district and kind that had something due in it."""
    counted: dict[Cell, Counters] = {}
    for duty in duties:
        if duty.due_on in month:
            cell = Cell(duty.district, duty.agency, duty.kind)
            one = count([as_of(duty, cut)], month.first, month.last, cut.instant)
            counted[cell] = counted.get(cell, Counters()) + one
    return counted


def to_be_listed(duties: Iterable[Duty], listed: Collection[UUID], since: Month, cut: Cut) -> tuple[Duty, ...]:
    """点名: the duties that were missed and are listed in no issue yet, whatever came of them since.

    A duty is listed in the month of its violation date, the day after its last day: what was due on 31 July is listed in
    August's circular (domain G7). One that becomes known later is listed in the next issue, back to the first month that was
    ever published (`since`).
    """
    return tuple(
        duty
        for duty in duties
        if duty.id not in listed
        and since.first <= violation_date(duty) <= cut.month.last
        and _was_missed(as_of(duty, cut), cut)
    )


def _was_missed(facts: Facts, cut: Cut) -> bool:
    place = standing(facts, cut.instant)
    return place is not Standing.VOID and (facts.was_missed or place in {Standing.LATE, Standing.MISSED})


def violation_date(duty: Duty) -> date:
    """违法之日: as it was marked, else the day after the last day."""
    return duty.violation_on or duty.due_on + timedelta(days=1)


def binding(figures: Counters) -> int:
    """应办: the duties that bound, all that were due but the void ones."""
    return figures.due - figures.void


def by(part: str, counted: Mapping[Cell, Counters]) -> Mapping[object, Counters]:
    """The lines summed by one part of their cells: `agency`, `district` or `kind`."""
    summed: dict[object, Counters] = {}
    for cell, figures in counted.items():
        key = getattr(cell, part)
        summed[key] = summed.get(key, Counters()) + figures
    return summed
