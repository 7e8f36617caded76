"""补救方案: filed by the agency's legal office, signed by its head, approved or refused by the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.sdk.acts import ActContext, add_row, at, changed, locked, refuse, refusing, rows_where
from core.sdk.graphql import Act, Doc, Ref
from plugins.reminders import permissions
from plugins.reminders.acts.plans import not_by, plan_at, plan_subject
from plugins.reminders.acts.steps import VERSION, happening, obligation_at, reason_of, take
from plugins.reminders.ladder import RemedyState
from plugins.reminders.records import supervision
from plugins.reminders.refusals import (
    RemedyApproveRefusal,
    RemedyFileRefusal,
    RemedyRefuseRefusal,
    RemedySignRefusal,
)
from plugins.reminders.rules.vocabulary import EvidenceKind, ObligationState, Transition
from plugins.reminders.tables import Remedy, SupervisedObligation

_ID = Doc("补救方案", "remedy plan")
_UNDER_WAY = frozenset({RemedyState.FILED.value, RemedyState.SIGNED.value})


@dataclass(frozen=True, slots=True)
class RemedyFile:
    """报送补救方案."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), Doc("督办义务", "supervised obligation")]
    plan: Annotated[str, Doc("方案", "plan", "原因、措施、责任人")]
    due_on: Annotated[date, Doc("完成期限", "to be done by")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(RemedyFileRefusal)
async def file_remedy(context: ActContext, given: RemedyFile) -> UUID:
    """Draw up a plan for the head to sign. Emits SupervisionOpenRemedy where none was begun."""
    code = RemedyFileRefusal
    plan = reason_of(given.plan, "plan")
    if given.due_on < context.today:
        raise refuse(code.DATE_IMPOSSIBLE, at("due_on"))
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    former = await rows_where(context.session, Remedy, lock=True, obligation_id=row.id)
    if any(one.state in _UNDER_WAY for one in former):
        raise refuse(code.PLAN_PENDING, at("obligation_id"))
    row = await _begun(context, row)
    values = {
        "obligation_id": row.id,
        "ordinal": len(former) + 1,
        "plan": plan,
        "due_on": given.due_on,
        "state": RemedyState.FILED.value,
        "filed_at": context.now,
        "filed_by": context.actor.subject,
    }
    remedy_id = await add_row(context.session, Remedy, {**supervision.owner_of(row), **values})
    made = await locked(context, Remedy, remedy_id, ())
    await context.record("remedyFile", plan_subject(made), after=values)
    return remedy_id


async def _begun(context: ActContext, row: Row[Any]) -> Row[Any]:
    """The obligation, with its remedy begun; one whose last day passed just now is missed first."""
    if row.state == ObligationState.REMEDY_OPEN.value:
        return row
    await take(context, RemedyFileRefusal, row, happening(context, Transition.OPEN_REMEDY))
    return await locked(context, SupervisedObligation, row.id, at("obligation_id"))


@dataclass(frozen=True, slots=True)
class RemedySign:
    """签批补救方案: by the agency's head, which files it with the bureau."""

    remedy_id: Annotated[UUID, Ref("RemedyPlan"), _ID]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(RemedySignRefusal)
async def sign_remedy(context: ActContext, given: RemedySign) -> UUID:
    """Sign a plan. Emits SupervisionFileRemedy."""
    code = RemedySignRefusal
    row, plan = await plan_at(context, code, given.remedy_id, given.expected_version, RemedyState.FILED)
    not_by(context, code, (plan.filed_by,))
    evidence = (EvidenceKind.REMEDY_PLAN, EvidenceKind.CHIEF_SIGNATURE)
    step = happening(context, Transition.FILE_REMEDY, evidence=evidence, plan_due_on=plan.due_on)
    await take(context, code, row, step, {"remedy_id": plan.id})
    values = {"state": RemedyState.SIGNED.value, "signed_at": context.now, "signed_by": context.actor.subject}
    before, after = await changed(context, Remedy, plan, values)
    await context.record("remedySign", plan_subject(plan), before=before, after=after)
    return plan.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class RemedyApprove:
    """批准补救方案: by the bureau."""

    remedy_id: Annotated[UUID, Ref("RemedyPlan"), _ID]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(RemedyApproveRefusal)
async def approve_remedy(context: ActContext, given: RemedyApprove) -> UUID:
    """Approve a plan, whose own date counts from now on. Emits SupervisionApproveRemedy."""
    code = RemedyApproveRefusal
    row, plan = await plan_at(context, code, given.remedy_id, given.expected_version, RemedyState.SIGNED)
    not_by(context, code, (plan.filed_by, plan.signed_by))
    await take(context, code, row, happening(context, Transition.APPROVE_REMEDY), {"remedy_id": plan.id})
    values = {"state": RemedyState.APPROVED.value, "approved_at": context.now, "approved_by": context.actor.subject}
    before, after = await changed(context, Remedy, plan, values)
    await context.record("remedyApprove", plan_subject(plan), before=before, after=after)
    return plan.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class RemedyRefuse:
    """退回补救方案: a new plan is due in its working days again."""

    remedy_id: Annotated[UUID, Ref("RemedyPlan"), _ID]
    reason: Annotated[str, Doc("退回理由", "reason")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(RemedyRefuseRefusal)
async def refuse_remedy(context: ActContext, given: RemedyRefuse) -> UUID:
    """Refuse a plan. Emits SupervisionRefuseRemedy."""
    code = RemedyRefuseRefusal
    reason = reason_of(given.reason)
    row, plan = await plan_at(context, code, given.remedy_id, given.expected_version, RemedyState.SIGNED)
    step = happening(context, Transition.REFUSE_REMEDY, reason=reason)
    await take(context, code, row, step, {"remedy_id": plan.id})
    values = {"state": RemedyState.REFUSED.value, "refused_at": context.now}
    values |= {"refused_by": context.actor.subject, "refusal": reason}
    before, after = await changed(context, Remedy, plan, values)
    await context.record("remedyRefuse", plan_subject(plan), before=before, after=after, reason=reason)
    return plan.id  # type: ignore[no-any-return]


REMEDY_FILE = Act(
    name="remedyFile",
    given=RemedyFile,
    perform=file_remedy,
    returns="RemedyPlan",
    refusals=RemedyFileRefusal,
    permission=permissions.REMEDY_FILE.name,
    doc=Doc("报送补救方案", "file a remedy plan"),
)
REMEDY_SIGN = Act(
    name="remedySign",
    given=RemedySign,
    perform=sign_remedy,
    returns="RemedyPlan",
    refusals=RemedySignRefusal,
    permission=permissions.REMEDY_SIGN.name,
    doc=Doc("签批补救方案", "sign a remedy plan"),
)
REMEDY_APPROVE = Act(
    name="remedyApprove",
    given=RemedyApprove,
    perform=approve_remedy,
    returns="RemedyPlan",
    refusals=RemedyApproveRefusal,
    permission=permissions.REMEDY_DECIDE.name,
    doc=Doc("批准补救方案", "approve a remedy plan"),
)
REMEDY_REFUSE = Act(
    name="remedyRefuse",
    given=RemedyRefuse,
    perform=refuse_remedy,
    returns="RemedyPlan",
    refusals=RemedyRefuseRefusal,
    permission=permissions.REMEDY_DECIDE.name,
    doc=Doc("退回补救方案", "refuse a remedy plan"),
)
ACTS = (REMEDY_FILE, REMEDY_SIGN, REMEDY_APPROVE, REMEDY_REFUSE)
