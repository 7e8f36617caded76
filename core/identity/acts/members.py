"""成员: adding a member, ending a membership, changing a role. Memberships are rows; no token can claim one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import changed, found, locked, response_subject
from core.cases.records import cases, rows
from core.cases.refusals.common import Common
from core.identity import permissions
from core.identity.acts import events, records
from core.identity.acts.granting import AGENCY_ROLES, COURT_ROLES, fits_level, may_give
from core.identity.acts.refusals import MemberAddRefusal, MemberChangeRoleRefusal, MemberEndRefusal
from core.identity.acts.validity import ending, span
from core.identity.roles import Role
from core.identity.tables import Member
from core.labels import Labelled
from core.tenancy.codes import TenantCodeMalformed, TenantLevel, parse_tenant_code
from core.tenancy.tables import Agency
from schema.act import Act
from schema.describe import Doc, Ref

_SUBJECT = 500
_KEY = ("issuer", "subject", "role", "code", "agency_id", "court_code")


@dataclass(frozen=True, slots=True)
class MemberAdd:
    """添加用户: gives a subject of the identity provider one role in one place."""

    subject: Annotated[str, Doc("身份提供方中的用户标识", "subject", "令牌中的 sub")]
    display_name: Annotated[str, Doc("姓名", "display name")]
    role: Annotated[Role, Doc("角色", "role")]
    issuer: Annotated[str | None, Doc("身份提供方", "issuer", "令牌中的 iss，不填则与本人相同")] = None
    tenant_code: Annotated[str | None, Doc("地区代码", "tenant code", "如 440112；机关角色不填则为机关所在地区")] = None
    agency_id: Annotated[UUID | None, Ref("Agency"), Doc("所属机关", "agency", "机关角色必填")] = None
    court_code: Annotated[str | None, Doc("所属法院代字", "court code", "法院联络员必填")] = None
    valid_from: Annotated[date | None, Doc("起始日", "valid from", "不填则为今日")] = None
    valid_until: Annotated[date | None, Doc("终止日", "valid until", "不含当日")] = None


def _acting_role(context: ActContext) -> Role:
    return Role[context.actor.role]


async def _place(context: ActContext, given: MemberAdd) -> dict[str, Any]:
    """The tenant, agency and court of a new member: what the role needs, and no more."""
    code = MemberAddRefusal
    if given.agency_id is not None and given.role not in AGENCY_ROLES:
        raise refuse(code.NOT_FOR_ROLE, at("agency_id"))
    court = await _court(context, given)
    tenant_code = _tenant_code(given)
    if given.role in AGENCY_ROLES:
        return await _agency(context, given, tenant_code)
    if tenant_code is None:
        raise refuse(code.TENANT_REQUIRED, at("tenant_code"))
    tenant = await records.tenant(context.session, tenant_code, context.today)
    if tenant is None:
        raise Refused(Common.NOT_FOUND, at("tenant_code"))
    if not fits_level(given.role, TenantLevel[tenant.level]):
        raise refuse(code.ROLE_NOT_AT_LEVEL, at("role"))
    return {"code": tenant.code, "agency_id": None, "court_code": court}


async def _agency(context: ActContext, given: MemberAdd, tenant_code: int | None) -> dict[str, Any]:
    if given.agency_id is None:
        raise refuse(MemberAddRefusal.AGENCY_REQUIRED, at("agency_id"))
    agency = await found(context, Agency, given.agency_id, at("agency_id"))
    if tenant_code not in (None, agency.code):
        raise refuse(MemberAddRefusal.TENANT_MISMATCH, at("tenant_code"))
    return {"code": agency.code, "agency_id": agency.id, "court_code": None}


async def _court(context: ActContext, given: MemberAdd) -> str | None:
    court = checks.optional_text(given.court_code, at("court_code"))
    if given.role not in COURT_ROLES:
        if court is not None:
            raise refuse(MemberAddRefusal.NOT_FOR_ROLE, at("court_code"))
        return None
    if court is None:
        raise refuse(MemberAddRefusal.COURT_REQUIRED, at("court_code"))
    if not await cases.court_exists(context.session, court):
        raise refuse(MemberAddRefusal.COURT_UNKNOWN, at("court_code"))
    return court


def _tenant_code(given: MemberAdd) -> int | None:
    text = checks.optional_text(given.tenant_code, at("tenant_code"))
    if text is None:
        return None
    try:
        return parse_tenant_code(text).value
    except TenantCodeMalformed as error:
        raise checks.invalid(at("tenant_code"), str(error), error.message_zh) from None


@refusing(MemberAddRefusal)
async def add_member(context: ActContext, given: MemberAdd) -> UUID:
    """Add a member. Emits MemberAdded."""
    code = MemberAddRefusal
    subject = checks.text(given.subject, at("subject"), _SUBJECT)
    name = checks.text(given.display_name, at("display_name"))
    issuer = checks.optional_text(given.issuer, at("issuer"), _SUBJECT)
    if not may_give(_acting_role(context), given.role):
        raise refuse(code.ROLE_TOO_WIDE, at("role"))
    valid_from, valid_until = span(context, given.valid_from, given.valid_until, code.DATES_OUT_OF_ORDER)
    place = await _place(context, given)
    issuer = issuer or await records.issuer_of(context.session, context.actor.member_id)
    if issuer is None:
        raise refuse(code.ISSUER_REQUIRED, at("issuer"))
    values = {"issuer": issuer, "subject": subject, "role": given.role.value, **place}
    await cases.one_at_a_time(context.session, "member", issuer, subject)
    if await records.holds(context.session, {name: values[name] for name in _KEY}, valid_from):
        raise refuse(code.ALREADY_MEMBER, at("subject"))
    values |= {"display_name": name, "valid_from": valid_from, "valid_until": valid_until, "created_at": context.now}
    member_id = await rows.add(context.session, Member, values)
    member = await found(context, Member, member_id, ())
    told = response_subject("Member", member_id, member)
    await context.record("memberAdd", told, after=values)
    await context.emit(events.MemberAdded(told, given.role.value, valid_from, valid_until))
    return member_id


async def _manageable(context: ActContext, member_id: UUID, version: int | None, codes: type[Labelled]) -> Row[Any]:
    """The member, locked: another person, of a role that the actor may give."""
    member = await locked(context, Member, member_id, at("member_id"), version)
    if member.id == context.actor.member_id or member.subject == context.actor.subject:
        raise refuse(codes["SELF"], at("member_id"))
    if not may_give(_acting_role(context), Role[member.role]):
        raise refuse(codes["ROLE_TOO_WIDE"], at("member_id"))
    return member


@dataclass(frozen=True, slots=True)
class MemberEnd:
    """终止任职: at once, or from a later day on."""

    member_id: Annotated[UUID, Ref("Member"), Doc("用户", "member")]
    ends_on: Annotated[date | None, Doc("终止日", "first day without it", "不填则立即终止")] = None
    reason: Annotated[str | None, Doc("原因", "reason")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(MemberEndRefusal)
async def end_member(context: ActContext, given: MemberEnd) -> UUID:
    """End a membership. Emits MemberEnded."""
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON)
    member = await _manageable(context, given.member_id, given.expected_version, MemberEndRefusal)
    values = ending(context, member, given.ends_on, MemberEndRefusal)
    before, after = await changed(context, Member, member, values)
    subject = response_subject("Member", member.id, member)
    await context.record("memberEnd", subject, before=before, after=after, reason=reason)
    await context.emit(events.MemberEnded(subject, member.role, values["valid_until"]))
    return member.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class MemberChangeRole:
    """变更角色: in the same tenant, agency or court."""

    member_id: Annotated[UUID, Ref("Member"), Doc("用户", "member")]
    role: Annotated[Role, Doc("新角色", "new role")]
    reason: Annotated[str | None, Doc("原因", "reason")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(MemberChangeRoleRefusal)
async def change_role(context: ActContext, given: MemberChangeRole) -> UUID:
    """Change a member's role. Emits MemberRoleChanged."""
    code = MemberChangeRoleRefusal
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON)
    member = await _manageable(context, given.member_id, given.expected_version, code)
    if member.valid_until is not None and member.valid_until <= context.today:
        raise refuse(code.ENDED, at("member_id"))
    if not may_give(_acting_role(context), given.role):
        raise refuse(code.ROLE_TOO_WIDE, at("role"))
    needs_agency, needs_court = given.role in AGENCY_ROLES, given.role in COURT_ROLES
    if (needs_agency, needs_court) != (member.agency_id is not None, member.court_code is not None):
        raise refuse(code.ROLE_NOT_FOR_PLACE, at("role"))
    if not needs_agency:
        tenant = await records.tenant(context.session, member.code, context.today)
        if tenant is None or not fits_level(given.role, TenantLevel[tenant.level]):
            raise refuse(code.ROLE_NOT_AT_LEVEL, at("role"))
    before, after = await changed(context, Member, member, {"role": given.role.value})
    if not after:
        raise refuse(code.NOTHING_TO_CHANGE, at("role"))
    subject = response_subject("Member", member.id, member)
    await context.record("memberChangeRole", subject, before=before, after=after, reason=reason)
    await context.emit(events.MemberRoleChanged(subject, given.role.value, member.role))
    return member.id  # type: ignore[no-any-return]


MEMBER_ADD = Act(
    name="memberAdd",
    given=MemberAdd,
    perform=add_member,
    returns="Member",
    refusals=MemberAddRefusal,
    permission=permissions.MEMBER_ADMINISTER.name,
    doc=Doc("添加用户", "add a member"),
)
MEMBER_END = Act(
    name="memberEnd",
    given=MemberEnd,
    perform=end_member,
    returns="Member",
    refusals=MemberEndRefusal,
    permission=permissions.MEMBER_ADMINISTER.name,
    doc=Doc("终止任职", "end a membership"),
)
MEMBER_CHANGE_ROLE = Act(
    name="memberChangeRole",
    given=MemberChangeRole,
    perform=change_role,
    returns="Member",
    refusals=MemberChangeRoleRefusal,
    permission=permissions.MEMBER_ADMINISTER.name,
    doc=Doc("变更角色", "change a member's role"),
)
ACTS = (MEMBER_ADD, MEMBER_END, MEMBER_CHANGE_ROLE)
