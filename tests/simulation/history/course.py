"""The course of one case: steps in order of time, drawn from the case's own source of chance.

Shares are rough, as in the demonstration's data; what matters is that each kind of trouble happens often enough: late
registrations, short-lead summonses, hearings moved, terms suspended and extended, acts late or never, feedback late or never.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.simulation.history.city import AgencyOfYear
from tests.simulation.history.steps import OF_THE_PLUGIN, Deed, Step
from tests.simulation.reference.facts import (
    BEIJING,
    DocumentReceived,
    Fact,
    FeedbackFiled,
    FeedbackReturned,
    RemedyFiled,
    Reported,
    Switch,
    Verified,
)
from tests.simulation.reference.terms import Term, last_day
from tests.simulation.reference.working_days import WorkingDays

BESIDE = {
    Deed.REPORT: Reported,
    Deed.FEEDBACK: FeedbackFiled,
    Deed.RETURN: FeedbackReturned,
    Deed.VERIFY: Verified,
    Deed.REMEDY: RemedyFiled,
}
"""Steps that run beside the main course of a case, and what they tell the reference."""


@dataclass(slots=True)
class Course:
    """Tells one case."""

    number: int
    agency: AgencyOfYear
    chance: random.Random
    days: WorkingDays
    switches: tuple[Switch, ...]
    steps: list[Step] = field(default_factory=list)
    clock: datetime = datetime(2000, 1, 1, tzinfo=BEIJING)

    # -- chance and time -----------------------------------------------------------------------------------------------

    def one_in(self, share: float) -> bool:
        return self.chance.random() < share

    def hour(self, day: date, *, before_noon: bool = False) -> datetime:
        """An instant of office hours, later than what the case did before."""
        first, last = (9 * 60 + 5, 11 * 60 + 30) if before_noon else (9 * 60 + 5, 17 * 60 + 55)
        minute = self.chance.randint(first, last)
        at = datetime.combine(day, time(minute // 60, minute % 60, self.chance.randint(0, 59)), BEIJING)
        return at if at > self.clock else self.clock + timedelta(seconds=1)

    def swept(self, born_at: datetime) -> datetime:
        """When what became known at an instant has been reminded of: at noon, or the next morning."""
        at = born_at.replace(hour=13, minute=0) if born_at.time() < time(12) else None
        return at or datetime.combine(born_at.date() + timedelta(days=1), time(9, 5), BEIJING)

    def worked(self, day: date) -> date:
        return self.days.rolled(day)

    def do(self, at: datetime, deed: Deed, key: str, *facts: Fact, **given: object) -> bool:
        """Take a step, unless the plugin is away and the step is its own."""
        if deed in OF_THE_PLUGIN and not self._enabled(at):
            return False
        self.clock = max(self.clock, at)
        self.steps.append(Step(at, self.number, deed, f"{self.number}/{key}", given, facts))
        return True

    def name(self, key: str) -> str:
        return f"{self.number}/{key}"

    def _enabled(self, at: datetime) -> bool:
        said = [one.enabled for one in self.switches if one.at <= at and one.covers(self.agency.code)]
        return not said or said[-1]

    # -- documents -----------------------------------------------------------------------------------------------------

    def lag(self, received: date, most: int = 12) -> date:
        """The day on which what was received is entered: mostly the same, sometimes much later."""
        drawn = self.chance.random()
        days = 0 if drawn < 0.7 else self.chance.randint(1, 2) if drawn < 0.92 else self.chance.randint(3, most)
        return self.worked(received + timedelta(days=days))

    def document(
        self, at: datetime, key: str, doc_type: str, received: date, *facts: Fact, duty: str | None = None
    ) -> None:
        """A document of the four kinds comes in, and is reported or not."""
        born = DocumentReceived(at, self.name(key), self.agency.code, received)
        self.do(at, Deed.DOCUMENT_REGISTER, key, born, *facts, doc_type=doc_type, received_on=received, duty=duty)
        due = last_day(Term(2), received, self.days)
        drawn = self.chance.random()
        if drawn > 0.98:
            return
        day = max(at.date(), due - timedelta(days=self.chance.randint(0, 2)))
        day = self.worked(due + timedelta(days=self.chance.randint(1, 6))) if drawn > 0.92 else day
        self.later(self.hour(day), Deed.REPORT, key, at)

    def later(self, at: datetime, deed: Deed, key: str, after: datetime) -> datetime:
        """A step beside the main course: it does not hold up what the case does next. Answers its instant."""
        kept = self.clock
        at = max(at, after + timedelta(seconds=1))
        self.do(at, deed, key, BESIDE[deed](at, self.name(key)))
        self.clock = kept
        return at
