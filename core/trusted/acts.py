"""行为 on trusted documents: a tenant decides what it does with documents that nobody registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from core.acting import ActContext, Subject
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, overtaken, refuse, refusing
from core.cases.records.cases import one_at_a_time
from core.cases.refusals.common import Common
from core.extension.records import tenant_within
from core.identity import permissions
from core.tenancy.codes import TenantCodeMalformed, parse_tenant_code
from core.trusted import records
from core.trusted.modes import TrustMode
from core.trusted.refusals import TrustedDocumentSetModeRefusal
from schema.act import Act
from schema.describe import Doc


@dataclass(frozen=True, slots=True)
class TrustedDocumentModeSet:
    """可信文档模式已设定. Subject: TrustedDocumentPolicy."""

    subject: Subject
    mode: str

    def payload(self) -> Mapping[str, Any]:
        """The mode."""
        return {"mode": self.mode}


@dataclass(frozen=True, slots=True)
class TrustedDocumentSetMode:
    """设定可信文档模式."""

    mode: Annotated[TrustMode, Doc("模式", "mode")]
    tenant_code: Annotated[str | None, Doc("地区代码", "tenant code", "不填则为本地区，可为下级地区")] = None
    expected_version: Annotated[
        int | None, Doc("读到的版本", "version as read", "与当前版本不同则拒绝；从未设定过为 0")
    ] = None


@refusing(TrustedDocumentSetModeRefusal)
async def set_mode(context: ActContext, given: TrustedDocumentSetMode) -> UUID:
    """Set the mode. It holds within two seconds, in every process. Emits TrustedDocumentModeSet."""
    code = TrustedDocumentSetModeRefusal
    tenant = await tenant_within(context.session, _code(context, given.tenant_code), context.today)
    if tenant is None:
        raise Refused(Common.NOT_FOUND, at("tenant_code"))
    await one_at_a_time(context.session, "trusted_document_policy", str(tenant.code))
    former = await records.policy_of(context.session, tenant.code)
    if given.expected_version not in (None, former.version if former else 0):
        raise overtaken(former.id if former else None)
    if former is not None and former.mode == given.mode.value:
        raise refuse(code.NOTHING_TO_CHANGE)
    if given.mode is TrustMode.ENFORCE and not await records.has_document(context.session, tenant.low, tenant.high):
        raise refuse(code.NOTHING_REGISTERED, at("mode"))
    values = {"code": tenant.code, "high": tenant.high, "mode": given.mode.value}
    stamp = {"changed_at": context.now, "changed_by": context.actor.subject}
    subject = Subject(
        "TrustedDocumentPolicy", await records.say(context.session, former, {**values, **stamp}), tenant.code
    )
    before = {"mode": former.mode} if former is not None else None
    await context.record("trustedDocumentSetMode", subject, before=before, after={"mode": given.mode.value})
    await context.emit(TrustedDocumentModeSet(subject, given.mode.value))
    return subject.id


def _code(context: ActContext, text: str | None) -> int:
    if text is None:
        return context.session.scope.code
    try:
        return parse_tenant_code(text).value
    except TenantCodeMalformed as error:
        raise checks.invalid(at("tenant_code"), str(error), error.message_zh) from None


TRUSTED_DOCUMENT_SET_MODE = Act(
    name="trustedDocumentSetMode",
    given=TrustedDocumentSetMode,
    perform=set_mode,
    returns="TrustedDocumentPolicy",
    refusals=TrustedDocumentSetModeRefusal,
    permission=permissions.SETTINGS_ADMINISTER.name,
    doc=Doc("设定可信文档模式", "set the mode of trusted documents", "两秒内生效"),
)
ACTS = (TRUSTED_DOCUMENT_SET_MODE,)
