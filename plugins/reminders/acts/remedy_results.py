"""补救完成: told by the agency with its proof, confirmed by the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from core.sdk.acts import ActContext, at, changed, checked_past_day, refuse, refusing
from core.sdk.graphql import Act, Doc, Ref
from core.sdk.rules import ObligationKind
from plugins.reminders import permissions
from plugins.reminders.acts.doing import end_source
from plugins.reminders.acts.plans import not_by, plan_at, plan_subject
from plugins.reminders.acts.steps import VERSION, EvidenceInput, checked_evidence, happening, reason_of, take
from plugins.reminders.ladder import RemedyState
from plugins.reminders.refusals import RemedyConfirmRefusal, RemedyDoneRefusal
from plugins.reminders.rules.table import ACT_EVIDENCE
from plugins.reminders.rules.vocabulary import EvidenceKind, Transition
from plugins.reminders.tables import Remedy

_ID = Doc("补救方案", "remedy plan")


@dataclass(frozen=True, slots=True)
class RemedyDone:
    """登记补救完成: what was missed is made up; a hearing cannot be, its plan still is done."""

    remedy_id: Annotated[UUID, Ref("RemedyPlan"), _ID]
    done_on: Annotated[date, Doc("完成日期", "done on")]
    proof: Annotated[str, Doc("完成情况", "what was done")]
    evidence: Annotated[tuple[EvidenceInput, ...], Doc("凭证", "evidence")] = ()
    expected_version: Annotated[int | None, VERSION] = None


@refusing(RemedyDoneRefusal)
async def finish_remedy(context: ActContext, given: RemedyDone) -> UUID:
    """Record that a plan is done; a duty not acted on yet is acted on by it. Emits SupervisionAct."""
    code = RemedyDoneRefusal
    done_on = checked_past_day(context, given.done_on, at("done_on"), code.IN_FUTURE)
    proof = reason_of(given.proof, "proof")
    row, plan = await plan_at(context, code, given.remedy_id, given.expected_version, RemedyState.APPROVED)
    kinds, kept = await checked_evidence(context, given.evidence, row)
    kind = ObligationKind[row.kind]
    if row.acted_on is None and kind is not ObligationKind.HEARING:
        evidence = (*kinds, *sorted(ACT_EVIDENCE[kind] - {EvidenceKind.CASE_RECORD})[:1])
        step = happening(context, Transition.ACT, acted_on=done_on, evidence=evidence)
        await take(context, code, row, step, {"remedy_id": plan.id, "pieces": kept})
        await end_source(context, row, done_on)
    values = {"state": RemedyState.DONE.value, "done_on": done_on, "done_at": context.now}
    values |= {"proof": {"summary": proof, "pieces": kept, "by": context.actor.subject}}
    before, after = await changed(context, Remedy, plan, values)
    await context.record("remedyDone", plan_subject(plan), before=before, after=after)
    return plan.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class RemedyConfirm:
    """确认补救完成: by the bureau."""

    remedy_id: Annotated[UUID, Ref("RemedyPlan"), _ID]
    result: Annotated[str, Doc("核实结果", "result of verifying")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(RemedyConfirmRefusal)
async def confirm_remedy(context: ActContext, given: RemedyConfirm) -> UUID:
    """Confirm that a remedy is done. Emits SupervisionConfirmRemedy."""
    code = RemedyConfirmRefusal
    result = reason_of(given.result, "result")
    row, plan = await plan_at(
        context, code, given.remedy_id, given.expected_version, RemedyState.APPROVED, RemedyState.DONE
    )
    if plan.state != RemedyState.DONE.value:
        raise refuse(code.NOT_YET, at("remedy_id"))
    not_by(context, code, (plan.filed_by, plan.signed_by, plan.proof["by"]))
    step = happening(context, Transition.CONFIRM_REMEDY, evidence=(EvidenceKind.REMEDY_PROOF,))
    before, after = await take(context, code, row, step, {"remedy_id": plan.id, "result": result})
    await context.record("remedyConfirm", plan_subject(plan), before=before, after=after, reason=result)
    return plan.id  # type: ignore[no-any-return]


REMEDY_DONE = Act(
    name="remedyDone",
    given=RemedyDone,
    perform=finish_remedy,
    returns="RemedyPlan",
    refusals=RemedyDoneRefusal,
    permission=permissions.REMEDY_FINISH.name,
    doc=Doc("登记补救完成", "record that a remedy is done"),
)
REMEDY_CONFIRM = Act(
    name="remedyConfirm",
    given=RemedyConfirm,
    perform=confirm_remedy,
    returns="RemedyPlan",
    refusals=RemedyConfirmRefusal,
    permission=permissions.REMEDY_DECIDE.name,
    doc=Doc("确认补救完成", "confirm that a remedy is done"),
)
ACTS = (REMEDY_DONE, REMEDY_CONFIRM)
