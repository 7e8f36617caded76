"""When things happen in one procedure, within the terms of the law."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.demo import endings
from core.demo.chance import Chance
from core.demo.days import ANSWER_TERM, DemoDays
from core.demo.endings import Ending

_LATE, _NEVER = 0.035, 0.02
_NOTICE = (6, 30)
"""Working days from a summons to its hearing; the law asks for three days (适用解释 71)."""
_UNHEARD = 20
"""Days before a hearing in a procedure that asks no answer of the agency."""
_SECOND_HEARING = 0.14
_SETTLED = frozenset({"撤诉", "改变行政行为后撤诉", "按撤诉处理", "驳回起诉", "调解"})
_HEARD_BEFORE_SETTLED = 0.5


class Stage(Enum):
    """审级, as import files write it, with the type characters of its case numbers (alone, and for compensation)."""

    FIRST = "first", ("行初", "行赔初")
    SECOND = "second", ("行终", "行赔终")
    REVIEW = "retrial_review", ("行申", "行赔申")
    RETRIAL = "retrial", ("行再", "行赔再")

    def __init__(self, code: str, types: tuple[str, str]) -> None:
        self.code = code
        self.types = types


_LENGTHS = {
    # Days from filing to the end: 6 months (行政诉讼法 81), 3 (88), 3 (民事诉讼法 215), 3.
    Stage.FIRST: (45, 178),
    Stage.SECOND: (42, 88),
    Stage.REVIEW: (45, 88),
    Stage.RETRIAL: (45, 88),
}
_SIMPLIFIED_LENGTH = (32, 45)
"""行政诉讼法 83."""
_HEARD = {Stage.FIRST: 1.0, Stage.SECOND: 0.45, Stage.REVIEW: 0.0, Stage.RETRIAL: 0.7}
"""Shares of procedures that hold a hearing; an appeal may be decided without one (行政诉讼法 86)."""


@dataclass(frozen=True, slots=True)
class PlannedHearing:
    """A hearing and the day on which its summons is served."""

    day: int
    summoned: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of one procedure as ordinals; 0 where a step does not occur."""

    filed: int
    received: int
    due: int
    answered: int
    hearings: tuple[PlannedHearing, ...]
    closed: int
    served: int


def plan(
    chance: Chance, days: DemoDays, stage: Stage, filed: int, ending: Ending, *, simplified: bool, asked: bool
) -> Timeline:
    """Plan a procedure; `asked` tells whether the agency is asked for an answer (not where it is itself the applicant)."""
    if ending.outcome == endings.NOT_ACCEPTED:
        closed = days.add(filed, chance.between(2, 5))
        return Timeline(filed, 0, 0, 0, (), closed, days.add(closed, chance.between(1, 5)))
    received = days.next(filed + chance.between(1, 5)) if asked else 0
    due = days.due(received, ANSWER_TERM) if asked else 0
    ready = due or days.next(filed + _UNHEARD)
    shortest, longest = _SIMPLIFIED_LENGTH if simplified else _LENGTHS[stage]
    closed = max(days.previous(filed + chance.between(shortest, longest)), days.next(ready + 1))
    answered = _answered(chance, days, received, due, closed) if asked else 0
    hearings: tuple[PlannedHearing, ...] = ()
    if ending.outcome != endings.TRANSFERRED and chance.hits(
        _HEARD_BEFORE_SETTLED if ending.outcome in _SETTLED else _HEARD[stage]
    ):
        earliest = received or days.next(filed + 1)
        hearings = _hearings(chance, days, earliest, ready, closed, 0 if simplified else _SECOND_HEARING)
    return Timeline(filed, received, due, answered, hearings, closed, days.add(closed, chance.between(1, 6)))


def _answered(chance: Chance, days: DemoDays, received: int, due: int, closed: int) -> int:
    """Mostly in time, now and then late, rarely never."""
    if chance.hits(_NEVER):
        return 0
    if chance.hits(_LATE):
        return min(days.add(due, chance.between(1, 4)), closed)
    return max(received, days.previous(due - chance.skewed(0, 9)))


def _hearings(
    chance: Chance, days: DemoDays, earliest: int, ready: int, closed: int, second: float
) -> tuple[PlannedHearing, ...]:
    """One hearing between the answer's last day and the end, now and then (`second`) two; no summons before `earliest`."""
    first = days.previous(chance.between(ready + 1, closed - 1))
    found = [_summoned(chance, days, first, earliest)]
    again = days.previous(chance.between(first + 8, closed - 1))
    if first + 8 <= again < closed and chance.hits(second):
        # A second hearing is decided on at the first.
        found.append(_summoned(chance, days, again, first))
    return tuple(found)


def _summoned(chance: Chance, days: DemoDays, day: int, earliest: int) -> PlannedHearing:
    return PlannedHearing(day, max(earliest, days.add(day, -chance.between(*_NOTICE))))
