"""升级处置: a step up the ladder, with its letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from core.sdk.acts import ActContext, add_row, at, checked_day, checked_text, refuse, refusing, rows_where
from core.sdk.graphql import Act, Doc, Ref
from plugins.reminders import permissions
from plugins.reminders.acts.steps import VERSION, happening, obligation_at, obligation_subject, reason_of, take
from plugins.reminders.ladder import LadderLevel
from plugins.reminders.records import supervision
from plugins.reminders.refusals import SupervisionEscalateRefusal
from plugins.reminders.rules.vocabulary import EvidenceKind, Transition
from plugins.reminders.tables import Escalation


@dataclass(frozen=True, slots=True)
class SupervisionEscalate:
    """升级处置."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), Doc("督办义务", "supervised obligation")]
    level: Annotated[LadderLevel, Doc("阶梯", "level of the ladder")]
    letter_number: Annotated[str, Doc("函件文号", "number of the letter")]
    reason: Annotated[str, Doc("理由", "reason")]
    due_on: Annotated[date | None, Doc("答复期限", "answer due on")] = None
    expected_version: Annotated[int | None, VERSION] = None


@refusing(SupervisionEscalateRefusal)
async def escalate(context: ActContext, given: SupervisionEscalate) -> UUID:
    """Take a step up the ladder. Emits SupervisionEscalate."""
    code = SupervisionEscalateRefusal
    reason = reason_of(given.reason)
    letter = checked_text(given.letter_number, at("letter_number"))
    due_on = None if given.due_on is None else checked_day(given.due_on, at("due_on"))
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    if await rows_where(context.session, Escalation, obligation_id=row.id, level=given.level.value):
        raise refuse(code.ALREADY_ESCALATED, at("level"))
    values = {
        "obligation_id": row.id,
        "level": given.level.value,
        "letter_number": letter,
        "reason": reason,
        "due_on": due_on,
        "escalated_at": context.now,
        "escalated_by": context.actor.subject,
    }
    step = happening(context, Transition.ESCALATE, reason=reason, evidence=(EvidenceKind.LETTER,))
    before, after = await take(context, code, row, step, {"level": given.level.value, "letter_number": letter})
    await add_row(context.session, Escalation, {**supervision.owner_of(row), **values})
    await context.record("supervisionEscalate", obligation_subject(row), before=before, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


SUPERVISION_ESCALATE = Act(
    name="supervisionEscalate",
    given=SupervisionEscalate,
    perform=escalate,
    returns="SupervisedObligation",
    refusals=SupervisionEscalateRefusal,
    permission=permissions.OBLIGATION_ESCALATE.name,
    doc=Doc("升级处置", "escalate"),
)
ACTS = (SUPERVISION_ESCALATE,)
