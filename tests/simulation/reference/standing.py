"""How a duty stands at a moment: all of its facts up to then, told again from the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.simulation.reference.facts import (
    Acted,
    Confirmed,
    DutyBorn,
    Fact,
    FeedbackFiled,
    FeedbackReturned,
    Moved,
    RemedyFiled,
    Resumed,
    Suspended,
    Verified,
    Voided,
)
from tests.simulation.reference.terms import Pause, Term, last_day
from tests.simulation.reference.working_days import WorkingDays


@dataclass(slots=True)
class Standing:
    """A duty at a moment."""

    born: DutyBorn
    term: Term
    version: int = 1
    """Of the last days that were supervised, this is the so many-th: what was moved before that counts for nothing."""
    version_at: datetime | None = None
    supervised_from: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    suspended_on: date | None = None
    acted: Acted | None = None
    feedback_at: datetime | None = None
    returned_at: datetime | None = None
    verified: bool = False
    remedy_filed: bool = False
    void: bool = False
    confirmed: set[tuple[int, int]] = field(default_factory=set)

    def due(self, days: WorkingDays) -> date:
        return last_day(self.term, self.born.starts_on, days, tuple(self.pauses))

    def waits(self) -> bool:
        """Whether the act is still awaited, and time runs."""
        return not self.void and self.acted is None and self.suspended_on is None

    def _next_version(self, at: datetime) -> None:
        if self.supervised_from is None or at > self.supervised_from:
            self.version += 1
        self.version_at = at

    def learn(self, fact: Fact) -> None:
        match fact:
            case Moved(at=at, term=term):
                self.term, self.pauses = term, []
                self._next_version(at)
            case Suspended(on=on):
                self.suspended_on = on
            case Resumed(at=at, on=on):
                assert self.suspended_on is not None
                self.pauses.append(Pause(self.suspended_on, on))
                self.suspended_on = None
                self._next_version(at)
            case Acted():
                self.acted = fact
            case FeedbackFiled(at=at):
                self.feedback_at, self.returned_at = at, None
            case FeedbackReturned(at=at):
                self.feedback_at, self.returned_at = None, at
            case Verified():
                self.verified = True
            case RemedyFiled():
                self.remedy_filed = True
            case Voided():
                self.void = True
            case Confirmed(offset=offset):
                self.confirmed.add((self.version, offset))
            case _:
                raise AssertionError(fact)


def standing(facts: Sequence[Fact], moment: datetime, supervised_from: datetime | None = None) -> Standing | None:
    """The duty as all facts up to and at this moment make it; None before its birth."""
    told: Standing | None = None
    for fact in facts:
        if fact.at > moment:
            break
        if isinstance(fact, DutyBorn):
            assert told is None, fact.key
            told = Standing(fact, fact.term, version_at=fact.at, supervised_from=supervised_from)
        else:
            assert told is not None, fact
            told.learn(fact)
    return told
