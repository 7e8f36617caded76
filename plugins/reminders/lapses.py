"""逾期告知: the word about what an act found lapsed: the sweep, which it came before, would have told the same people of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from core.sdk.acts import ActContext
from core.sdk.notifications import notify_many
from plugins.reminders.jobs.telling import key_of, message_of
from plugins.reminders.jobs.timed import FIRINGS
from plugins.reminders.records import sources
from plugins.reminders.rules.facts import Happening, Step
from plugins.reminders.rules.vocabulary import TimerKind, Transition

_FIRINGS: Final = {one.kind: one for one in FIRINGS}


@dataclass(frozen=True, slots=True)
class Lapsed:
    """One term of an obligation that has passed, as the sweep reads it from its rows."""

    shard: int
    code: int
    agency_id: UUID
    case_id: UUID | None
    subject_id: UUID
    responsible_id: UUID | None
    due_version: int
    offset_days: int
    due_on: date
    what: str
    number: str | None


async def tell_lapses(
    context: ActContext,
    owner: Mapping[str, Any],
    obligation_id: UUID,
    responsible_id: UUID | None,
    steps: Sequence[Step],
    happening: Happening,
) -> None:
    """Tell of the lapses among the steps, under the sweep's own keys: each is told once, whoever comes first."""
    lapses = [(kind, step) for step in steps if step.happening is not happening and (kind := _timer_of(step))]
    if not lapses:
        return
    number = await sources.number_of(context.session, owner["case_id"])
    messages = []
    for kind, step in lapses:
        lapsed = Lapsed(
            shard=owner["shard"],
            code=owner["code"],
            agency_id=owner["agency_id"],
            case_id=owner["case_id"],
            subject_id=obligation_id,
            responsible_id=responsible_id,
            due_version=step.facts.due_version,
            offset_days=0 if kind in (TimerKind.MISS, TimerKind.FEEDBACK_OVERDUE) else step.facts.rounds,
            due_on=step.facts.due_on,
            what=step.facts.kind.value,
            number=number,
        )
        firing = _FIRINGS[kind]
        messages.append(message_of(firing, key_of(firing, lapsed, context.clock), lapsed))
    await notify_many(context.session, messages, context.clock)


def _timer_of(step: Step) -> TimerKind | None:
    """The timer that would have marked this lapse; None for what is none."""
    match step.happening.transition:
        case Transition.MISS:
            return TimerKind.MISS
        case Transition.FEEDBACK_LAPSE:
            return TimerKind.RESUBMISSION_OVERDUE if step.facts.rounds else TimerKind.FEEDBACK_OVERDUE
        case Transition.REMEDY_LAPSE:
            return TimerKind.REMEDY_OVERDUE
        case _:
            return None
