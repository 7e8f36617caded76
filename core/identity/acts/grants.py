"""案件授权: giving one case to a handling unit, a mediator or the mediation centre, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from core.acting import ActContext, Subject
from core.cases import events
from core.cases.acts import checks
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import changed, found, locked, response_subject
from core.cases.records import rows
from core.cases.tables import CaseShell
from core.identity import permissions
from core.identity.acts import records
from core.identity.acts.granting import ASSIGNABLE
from core.identity.acts.refusals import CaseGrantEndRefusal, CaseGrantRefusal
from core.identity.acts.validity import ending, span
from core.identity.roles import Role
from core.identity.tables import CaseGrant, Member
from core.notifications.kinds import CASE_GRANT_ENDED, CASE_GRANTED
from core.notifications.recipients import ToMember
from core.notifications.writing import notify
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class CaseGrantGive:
    """授权案件: lets one member see, and work on, one case."""

    case_id: Annotated[UUID, Ref("Case"), Doc("案件", "case")]
    member_id: Annotated[UUID, Ref("Member"), Doc("用户", "member")]
    valid_from: Annotated[date | None, Doc("起始日", "valid from", "不填则为今日")] = None
    valid_until: Annotated[date | None, Doc("终止日", "valid until", "不含当日")] = None


@refusing(CaseGrantRefusal)
async def grant_case(context: ActContext, given: CaseGrantGive) -> UUID:
    """Give a case to a member; a handling unit gets its own agency's part only. Emits CaseGranted, and tells them."""
    code = CaseGrantRefusal
    valid_from, valid_until = span(context, given.valid_from, given.valid_until, code.DATES_OUT_OF_ORDER)
    case = await found(context, CaseShell, given.case_id, at("case_id"))
    # The member's lock makes two grants of one case to one member wait for each other.
    member = await locked(context, Member, given.member_id, at("member_id"))
    if Role[member.role] not in ASSIGNABLE:
        raise refuse(code.ROLE_NOT_ASSIGNABLE, at("member_id"))
    if member.valid_until is not None and member.valid_until <= context.today:
        raise refuse(code.ENDED, at("member_id"))
    if member.agency_id is not None and not await records.answers(context.session, case.id, member.agency_id):
        raise refuse(code.AGENCY_NOT_IN_CASE, at("member_id"))
    if await records.granted(context.session, case.id, member.id, valid_from):
        raise refuse(code.ALREADY_GRANTED, at("member_id"))
    values: dict[str, Any] = {
        "case_id": case.id,
        "member_id": member.id,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "granted_by": context.actor.subject,
        "granted_at": context.now,
    }
    owner = {"code": member.code, "agency_id": member.agency_id}
    grant_id = await rows.add(context.session, CaseGrant, owner | values)
    subject = response_subject("CaseGrant", grant_id, member)
    await context.record("caseGrant", subject, after=values)
    await context.emit(events.CaseGranted(subject, case.id, member.id, valid_from, valid_until))
    told = {"case_number": case.number_text}
    about = Subject("Case", case.id, member.code)
    await notify(context, ToMember(member.id), CASE_GRANTED, about, told, key=f"CASE_GRANTED:{grant_id}")
    return grant_id


@dataclass(frozen=True, slots=True)
class CaseGrantEnd:
    """终止案件授权: at once, or from a later day on."""

    grant_id: Annotated[UUID, Ref("CaseGrant"), Doc("案件授权", "grant")]
    ends_on: Annotated[date | None, Doc("终止日", "first day without it", "不填则立即终止")] = None
    reason: Annotated[str | None, Doc("原因", "reason")] = None


@refusing(CaseGrantEndRefusal)
async def end_grant(context: ActContext, given: CaseGrantEnd) -> UUID:
    """Take a case back. Emits CaseGrantEnded, and tells the member."""
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON)
    grant = await locked(context, CaseGrant, given.grant_id, at("grant_id"))
    values = ending(context, grant, given.ends_on, CaseGrantEndRefusal)
    before, after = await changed(context, CaseGrant, grant, values)
    subject = response_subject("CaseGrant", grant.id, grant)
    await context.record("caseGrantEnd", subject, before=before, after=after, reason=reason)
    await context.emit(events.CaseGrantEnded(subject, grant.case_id, grant.member_id, values["valid_until"]))
    # Ended again, for an earlier day, it is told again.
    key = f"CASE_GRANT_ENDED:{grant.id}:{values['valid_until']}"
    about = Subject("Case", grant.case_id, grant.code)
    await notify(context, ToMember(grant.member_id), CASE_GRANT_ENDED, about, {}, key=key)
    return grant.id  # type: ignore[no-any-return]


CASE_GRANT = Act(
    name="caseGrant",
    given=CaseGrantGive,
    perform=grant_case,
    returns="CaseGrant",
    refusals=CaseGrantRefusal,
    permission=permissions.CASE_ASSIGN.name,
    doc=Doc("授权案件", "give a case to a member"),
)
CASE_GRANT_END = Act(
    name="caseGrantEnd",
    given=CaseGrantEnd,
    perform=end_grant,
    returns="CaseGrant",
    refusals=CaseGrantEndRefusal,
    permission=permissions.CASE_ASSIGN.name,
    doc=Doc("终止案件授权", "take a case back"),
)
ACTS = (CASE_GRANT, CASE_GRANT_END)
