"""What reactions share: who reacts, on what evidence, and that a step refused by the rules is no fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from core.sdk.acts import ActContext, locked
from plugins.reminders.rules.facts import Happening
from plugins.reminders.rules.vocabulary import ActorKind, EvidenceKind, Transition
from plugins.reminders.supervising import StepRefused, advance
from plugins.reminders.tables import SupervisedObligation


def by_case_record(context: ActContext, transition: Transition, reason: str = "", **more: Any) -> Happening:
    """What the case register says has happened; the system takes the step, whoever registered it is named in the event."""
    return Happening(
        transition=transition,
        actor=ActorKind.SYSTEM,
        at=context.now,
        reason=reason,
        evidence=(EvidenceKind.CASE_RECORD,),
        **more,
    )


async def follow(
    context: ActContext,
    row: Row[Any],
    happening: Happening,
    evidence: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> bool:
    """Let an obligation follow; whether it did."""
    try:
        await advance(context, row, happening, evidence, also)
    except StepRefused:
        return False
    return True


async def act_on(context: ActContext, row: Row[Any], acted_on: date, evidence: Mapping[str, Any]) -> None:
    """Mark an obligation as acted on. One that stands still runs again first: what is done while it does is in time."""
    if row.state == "SUSPENDED":
        due_on = max(row.due_on, acted_on)
        resumed = by_case_record(context, Transition.RESUME, due_on=due_on, earliest_due_on=due_on)
        if not await follow(context, row, resumed, evidence):
            return
        row = await reread(context, row)
    await follow(context, row, by_case_record(context, Transition.ACT, acted_on=acted_on), evidence)


async def reread(context: ActContext, row: Row[Any]) -> Row[Any]:
    """The obligation as it is after a step."""
    return await locked(context, SupervisedObligation, row.id, ())
