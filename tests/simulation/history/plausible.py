"""What nobody could do, taken out of a story: steps of supervision about what the plugin has never known.

Where the plugin is away nothing is born. When it comes back, what still waits is, and so is the report of a document that came meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.simulation.history.steps import OF_THE_PLUGIN, Deed, Step
from tests.simulation.reference.facts import DocumentReceived, DutyBorn, Fact, Switch
from tests.simulation.reference.known import known_since
from tests.simulation.reference.working_days import WorkingDays


@dataclass(slots=True)
class _Told:
    facts: list[Fact] = field(default_factory=list)
    feedback: bool = False


def plausible(steps: Iterable[Step], switches: tuple[Switch, ...], days: WorkingDays) -> list[Step]:
    """The steps of one case in order of time, without those that the platform could only refuse."""
    told: dict[str, _Told] = {}
    kept = []
    for step in sorted(steps, key=lambda one: one.at):
        if step.deed in OF_THE_PLUGIN and not _possible(step, told[step.key], switches, days):
            continue
        kept.append(step)
        for fact in step.facts:
            told.setdefault(fact.key, _Told()).facts.append(fact)
        if step.deed in (Deed.FEEDBACK, Deed.RETURN):
            told[step.key].feedback = step.deed is Deed.FEEDBACK
    return kept


def _possible(step: Step, about: _Told, switches: tuple[Switch, ...], days: WorkingDays) -> bool:
    begins = about.facts[0]
    assert isinstance(begins, DutyBorn | DocumentReceived)
    since = known_since(about.facts, switches, step.at)
    if since is None or since > step.at:
        return False
    if isinstance(begins, DocumentReceived):
        return True
    match step.deed:
        case Deed.FEEDBACK:
            return not about.feedback
        case Deed.RETURN | Deed.VERIFY:
            return about.feedback
        case _:
            return True
