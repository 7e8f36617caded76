"""督办义务: acted on, verified, given to somebody to answer for, closed, void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from core.sdk.acts import ActContext, at, changed, checked_optional_text, checked_past_day, found, refuse, refusing
from core.sdk.graphql import Act, Doc, Ref
from core.sdk.tables import Member
from plugins.reminders import permissions
from plugins.reminders.acts.doing import end_source
from plugins.reminders.acts.steps import (
    TEXT,
    VERSION,
    EvidenceInput,
    checked_evidence,
    happening,
    obligation_at,
    obligation_subject,
    reason_of,
    take,
)
from plugins.reminders.refusals import (
    ObligationActRefusal,
    ObligationCloseRefusal,
    ObligationTrackRefusal,
    ResponsibleAssignRefusal,
    SupervisionVoidRefusal,
)
from plugins.reminders.rules.vocabulary import EvidenceKind, ObligationState, Transition
from plugins.reminders.tables import SupervisedObligation

_ID = Doc("督办义务", "supervised obligation")


@dataclass(frozen=True, slots=True)
class ObligationAct:
    """登记已办理: the answer was filed, the hearing attended, the judgment performed."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    acted_on: Annotated[date, Doc("办理日期", "acted on", "交邮的填交邮日", law="民诉法 85(4)")]
    evidence: Annotated[tuple[EvidenceInput, ...], Doc("凭证", "evidence")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ObligationActRefusal)
async def act_on_obligation(context: ActContext, given: ObligationAct) -> UUID:
    """Record that an obligation is acted on; the case's own period, duty or letter ends with it. Emits SupervisionAct."""
    code = ObligationActRefusal
    acted_on = checked_past_day(context, given.acted_on, at("acted_on"), code.IN_FUTURE)
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    kinds, kept = await checked_evidence(context, given.evidence, row)
    step = happening(context, Transition.ACT, acted_on=acted_on, evidence=kinds)
    before, after = await take(context, code, row, step, {"acted_on": acted_on, "pieces": kept})
    await end_source(context, row, acted_on)
    await context.record("obligationAct", obligation_subject(row), before=before, after=after)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class ObligationTrack:
    """核定期限: the bureau has checked the last day."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    note: Annotated[str | None, Doc("备注", "note")] = None
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ObligationTrackRefusal)
async def track_obligation(context: ActContext, given: ObligationTrack) -> UUID:
    """Verify the last day of an obligation. Emits SupervisionTrack."""
    note = checked_optional_text(given.note, at("note"), TEXT)
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    step = happening(context, Transition.TRACK, evidence=(EvidenceKind.CALCULATION,))
    before, after = await take(context, ObligationTrackRefusal, row, step, {"note": note, "due_on": row.due_on})
    await context.record("obligationTrack", obligation_subject(row), before=before, after=after, reason=note)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class ResponsibleAssign:
    """指定责任人: reminders go to them, and they confirm."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    member_id: Annotated[UUID, Ref("Member"), Doc("责任人", "responsible person", "本机关在任人员")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ResponsibleAssignRefusal)
async def assign_responsible(context: ActContext, given: ResponsibleAssign) -> UUID:
    """Name who answers for an obligation."""
    code = ResponsibleAssignRefusal
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    if row.closed_at is not None:
        raise refuse(code.NOT_IN_STATE, at("obligation_id"))
    member = await found(context, Member, given.member_id, at("member_id"))
    in_office = member.valid_until is None or member.valid_until > context.today
    if not in_office or (member.agency_id != row.agency_id and member.code != row.code):
        raise refuse(code.MEMBER_OF_OTHERS, at("member_id"))
    before, after = await changed(context, SupervisedObligation, row, {"responsible_id": member.id})
    await context.record("responsibleAssign", obligation_subject(row), before=before, after=after)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class ObligationClose:
    """办结: a remedied obligation, whose feedback is there, is closed late."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ObligationCloseRefusal)
async def close_obligation(context: ActContext, given: ObligationClose) -> UUID:
    """Close an obligation. Emits SupervisionClose or SupervisionCloseLate."""
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    late = row.state == ObligationState.REMEDIED.value
    step = happening(context, Transition.CLOSE_LATE if late else Transition.CLOSE)
    before, after = await take(context, ObligationCloseRefusal, row, step)
    await context.record("obligationClose", obligation_subject(row), before=before, after=after)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class SupervisionVoid:
    """撤销督办义务: 撤诉、移送、重复; the legal fact in the case is not touched."""

    obligation_id: Annotated[UUID, Ref("SupervisedObligation"), _ID]
    reason: Annotated[str, Doc("理由", "reason")]
    evidence: Annotated[tuple[EvidenceInput, ...], Doc("凭证", "evidence", "如裁定")] = ()
    expected_version: Annotated[int | None, VERSION] = None


@refusing(SupervisionVoidRefusal)
async def void_obligation(context: ActContext, given: SupervisionVoid) -> UUID:
    """Make an obligation void. Emits SupervisionVoid."""
    reason = reason_of(given.reason)
    row = await obligation_at(context, given.obligation_id, given.expected_version, "obligation_id")
    kinds, kept = await checked_evidence(context, given.evidence, row)
    step = happening(context, Transition.VOID, reason=reason, evidence=(*kinds, EvidenceKind.OFFICER_NOTE))
    before, after = await take(context, SupervisionVoidRefusal, row, step, {"pieces": kept})
    await context.record("supervisionVoid", obligation_subject(row), before=before, after=after, reason=reason)
    return row.id  # type: ignore[no-any-return]


OBLIGATION_ACT = Act(
    name="obligationAct",
    given=ObligationAct,
    perform=act_on_obligation,
    returns="SupervisedObligation",
    refusals=ObligationActRefusal,
    permission=permissions.OBLIGATION_ACT.name,
    doc=Doc("登记已办理", "record that an obligation is acted on"),
)
OBLIGATION_TRACK = Act(
    name="obligationTrack",
    given=ObligationTrack,
    perform=track_obligation,
    returns="SupervisedObligation",
    refusals=ObligationTrackRefusal,
    permission=permissions.REPORT_DECIDE.name,
    doc=Doc("核定期限", "verify a due day"),
)
RESPONSIBLE_ASSIGN = Act(
    name="responsibleAssign",
    given=ResponsibleAssign,
    perform=assign_responsible,
    returns="SupervisedObligation",
    refusals=ResponsibleAssignRefusal,
    permission=permissions.RESPONSIBLE_ASSIGN.name,
    doc=Doc("指定责任人", "name the responsible person"),
)
OBLIGATION_CLOSE = Act(
    name="obligationClose",
    given=ObligationClose,
    perform=close_obligation,
    returns="SupervisedObligation",
    refusals=ObligationCloseRefusal,
    permission=permissions.FEEDBACK_VERIFY.name,
    doc=Doc("办结督办义务", "close an obligation"),
)
SUPERVISION_VOID = Act(
    name="supervisionVoid",
    given=SupervisionVoid,
    perform=void_obligation,
    returns="SupervisedObligation",
    refusals=SupervisionVoidRefusal,
    permission=permissions.OBLIGATION_VOID.name,
    doc=Doc("撤销督办义务", "make an obligation void"),
)
ACTS = (OBLIGATION_ACT, OBLIGATION_TRACK, RESPONSIBLE_ASSIGN, OBLIGATION_CLOSE, SUPERVISION_VOID)
