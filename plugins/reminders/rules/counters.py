"""督办计数: at a cut-off, of the obligations due in a period each is in exactly one class; 曾逾期 is counted apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from core.sdk.rules import Labelled, is_on_time
from plugins.reminders.rules.facts import Facts
from plugins.reminders.rules.vocabulary import ObligationState


class Standing(Labelled):
    """统计归类: the five classes of which an obligation is in one."""

    VOID = "VOID", "撤销", "void"
    ON_TIME = "ON_TIME", "按时", "on time"
    LATE = "LATE", "逾期办理", "late"
    MISSED = "MISSED", "逾期未办", "missed"
    OPEN = "OPEN", "未到期", "open"


@dataclass(frozen=True, slots=True)
class Counters:
    """The figures of one selection. `due` is the sum of the five classes; `was_missed` and `remedied` lie across them."""

    due: int = 0
    void: int = 0
    on_time: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0
    was_missed: int = 0
    remedied: int = 0

    @property
    def reconciles(self) -> bool:
        """Whether the classes add up, and nothing is late or missed that was never missed."""
        classes = (self.void, self.on_time, self.late, self.missed, self.open)
        return min(classes) >= 0 and sum(classes) == self.due and self.late + self.missed <= self.was_missed <= self.due

    def __add__(self, other: Self) -> Counters:
        """The figures of two selections that share no obligation."""
        return Counters(
            self.due + other.due,
            self.void + other.void,
            self.on_time + other.on_time,
            self.late + other.late,
            self.missed + other.missed,
            self.open + other.open,
            self.was_missed + other.was_missed,
            self.remedied + other.remedied,
        )


def standing(facts: Facts, cut_off: datetime) -> Standing:
    """The class of an obligation, as it stands, at a cut-off.

    One that is suspended stands still: it is open. One acted on in time is on time however late that was recorded.
    Raises ValueError for a naive cut-off.
    """
    if facts.state is ObligationState.VOID:
        return Standing.VOID
    if facts.acted_on is not None:
        return Standing.LATE if facts.acted_late else Standing.ON_TIME
    if facts.state is ObligationState.SUSPENDED or is_on_time(facts.due_on, cut_off):
        return Standing.OPEN
    return Standing.MISSED


def due_within(all_facts: Iterable[Facts], first: date, last: date) -> list[Facts]:
    """当期应办: the obligations whose last day lies in [first, last]."""
    return [facts for facts in all_facts if first <= facts.due_on <= last]


def count(all_facts: Iterable[Facts], first: date, last: date, cut_off: datetime) -> Counters:
    """The figures of the obligations due in [first, last], at a cut-off."""
    total = Counters()
    for facts in due_within(all_facts, first, last):
        total = total + _one(facts, cut_off)
    return total


_REMEDIED = frozenset({ObligationState.REMEDIED, ObligationState.CLOSED_LATE})


def _one(facts: Facts, cut_off: datetime) -> Counters:
    """Missed at the cut-off counts as missed before the platform has marked it."""
    place = standing(facts, cut_off)
    missed = facts.was_missed or place in (Standing.MISSED, Standing.LATE)
    return Counters(
        due=1,
        void=place is Standing.VOID,
        on_time=place is Standing.ON_TIME,
        late=place is Standing.LATE,
        missed=place is Standing.MISSED,
        open=place is Standing.OPEN,
        was_missed=missed,
        remedied=facts.state in _REMEDIED,
    )
