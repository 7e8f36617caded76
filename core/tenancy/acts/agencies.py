"""行政机关: registering an agency and correcting what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from core.acting import ActContext, Subject
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import changed, locked
from core.cases.records import rows
from core.cases.refusals.common import Common
from core.cases.vocabulary import AgencyCategory, AgencyLevel
from core.db.uuid7 import uuid7
from core.identity import permissions
from core.labels import Labelled
from core.reference.pinyin import pinyin_key
from core.tenancy.acts.refusals import AgencyCorrectRefusal, AgencyRegisterRefusal
from core.tenancy.codes import TenantCodeMalformed, parse_tenant_code
from core.tenancy.events import AgencyCorrected, AgencyRegistered
from core.tenancy.records import agency_with_external_id, find_tenant
from core.tenancy.tables import Agency
from schema.act import Act
from schema.describe import Doc, Ref

_EXTERNAL_ID = 64


@dataclass(frozen=True, slots=True)
class AgencyRegister:
    """登记行政机关."""

    name: Annotated[str, Doc("机关全称", "name", "如 广州市黄埔区人民政府")]
    tenant_code: Annotated[str, Doc("所属地区代码", "tenant code", "行政区划代码，如 440112")]
    level: Annotated[AgencyLevel, Doc("机关层级", "level")]
    category: Annotated[AgencyCategory, Doc("机关类别", "category")]
    short_name: Annotated[str | None, Doc("简称", "short name")] = None
    aliases: Annotated[tuple[str, ...], Doc("别称", "aliases", "裁判文书中的其他写法")] = ()
    external_code: Annotated[str | None, Doc("外部编号", "external code", "导入文件中的机关编号；不填则自动编号")] = (
        None
    )
    valid_from: Annotated[date | None, Doc("起始日", "valid from")] = None
    valid_to: Annotated[date | None, Doc("终止日", "valid to", "不含当日")] = None


@refusing(AgencyRegisterRefusal)
async def register_agency(context: ActContext, given: AgencyRegister) -> UUID:
    """Register an agency of a tenant in the actor's range. Emits AgencyRegistered."""
    code = AgencyRegisterRefusal
    name = checks.text(given.name, at("name"))
    external_id = checks.optional_text(given.external_code, at("external_code"), _EXTERNAL_ID)
    _check_span(given.valid_from, given.valid_to, code.DATES_OUT_OF_ORDER)
    values: dict[str, Any] = {
        "code": await _tenant(context, given.tenant_code),
        "external_id": external_id or uuid7().hex,
        "name_zh": name,
        "sort_key": pinyin_key(name),
        "short_name": checks.optional_text(given.short_name, at("short_name")),
        "aliases": _aliases(given.aliases),
        "level": given.level.value,
        "category": given.category.value,
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
    }
    if await agency_with_external_id(context.session, context.shard, values["external_id"]):
        raise refuse(code.ALREADY_REGISTERED, at("external_code"))
    agency_id = await rows.add(context.session, Agency, values)
    subject = Subject("Agency", agency_id, values["code"], agency_id)
    await context.record("agencyRegister", subject, after=values)
    await context.emit(AgencyRegistered(subject, name))
    return agency_id


async def _tenant(context: ActContext, text: str) -> int:
    """The code of a current tenant in the actor's range. Tenants are public, so a foreign one is FORBIDDEN, not missing."""
    path = at("tenant_code")
    try:
        code = parse_tenant_code(text).value
    except TenantCodeMalformed as error:
        raise checks.invalid(path, error.message, error.message_zh) from None
    tenant = await find_tenant(context.session, code)
    if tenant is None:
        raise Refused(Common.NOT_FOUND, path)
    if not context.session.scope.low <= code < context.session.scope.high:
        raise Refused(Common.FORBIDDEN, path)
    if tenant.valid_to is not None and tenant.valid_to <= context.today:
        raise refuse(AgencyRegisterRefusal.TENANT_CLOSED, path)
    return code


def _aliases(given: tuple[str, ...]) -> list[str]:
    checks.count(given, at("aliases"))
    return list(dict.fromkeys(checks.text(alias, at("aliases", n)) for n, alias in enumerate(given)))


def _check_span(first: date | None, end: date | None, out_of_order: Labelled) -> None:
    for value, path in ((first, at("valid_from")), (end, at("valid_to"))):
        if value is not None:
            checks.day(value, path)
    if first is not None and end is not None and end <= first:
        raise refuse(out_of_order, at("valid_to"))


@dataclass(frozen=True, slots=True)
class AgencyCorrect:
    """更正行政机关信息: only the fields given change. An agency's place and external code never do."""

    agency_id: Annotated[UUID, Ref("Agency"), Doc("行政机关", "agency")]
    name: Annotated[str | None, Doc("机关全称", "name", "已登记案件中的当事人名称不变")] = None
    short_name: Annotated[str | None, Doc("简称", "short name")] = None
    aliases: Annotated[tuple[str, ...], Doc("别称", "aliases", "填写时取代原有别称")] = ()
    category: Annotated[AgencyCategory | None, Doc("机关类别", "category")] = None
    valid_from: Annotated[date | None, Doc("起始日", "valid from")] = None
    valid_to: Annotated[date | None, Doc("终止日", "valid to", "不含当日")] = None
    reason: Annotated[str | None, Doc("更正原因", "reason")] = None
    expected_version: Annotated[int | None, Doc("版本", "expected version", "他人已修改则拒绝")] = None


@refusing(AgencyCorrectRefusal)
async def correct_agency(context: ActContext, given: AgencyCorrect) -> UUID:
    """Correct an agency. Emits AgencyCorrected."""
    code = AgencyCorrectRefusal
    reason = checks.optional_text(given.reason, at("reason"), checks.REASON)
    agency = await locked(context, Agency, given.agency_id, at("agency_id"), given.expected_version)
    before, after = await changed(context, Agency, agency, _corrections(given))
    if not after:
        raise refuse(code.NOTHING_TO_CHANGE)
    _check_span(
        after.get("valid_from", agency.valid_from), after.get("valid_to", agency.valid_to), code.DATES_OUT_OF_ORDER
    )
    subject = Subject("Agency", agency.id, agency.code, agency.id)
    await context.record("agencyCorrect", subject, before=before, after=after, reason=reason)
    await context.emit(AgencyCorrected(subject, ",".join(sorted(after))))
    return given.agency_id


def _corrections(given: AgencyCorrect) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "short_name": checks.optional_text(given.short_name, at("short_name")),
        "category": given.category.value if given.category else None,
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
        "aliases": _aliases(given.aliases) or None,
    }
    if given.name is not None:
        wanted["name_zh"] = checks.text(given.name, at("name"))
        wanted["sort_key"] = pinyin_key(wanted["name_zh"])
    return {name: value for name, value in wanted.items() if value is not None}


AGENCY_REGISTER = Act(
    name="agencyRegister",
    given=AgencyRegister,
    perform=register_agency,
    returns="Agency",
    refusals=AgencyRegisterRefusal,
    permission=permissions.AGENCY_ADMINISTER.name,
    doc=Doc("登记行政机关", "register an agency"),
)
AGENCY_CORRECT = Act(
    name="agencyCorrect",
    given=AgencyCorrect,
    perform=correct_agency,
    returns="Agency",
    refusals=AgencyCorrectRefusal,
    permission=permissions.AGENCY_ADMINISTER.name,
    doc=Doc("更正行政机关信息", "correct an agency"),
)
ACTS = (AGENCY_REGISTER, AGENCY_CORRECT)
