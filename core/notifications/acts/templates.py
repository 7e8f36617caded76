"""设定通知模板: how a tenant words a kind of message from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from sqlalchemy import select

from core.acting import ActContext, Subject
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, overtaken, refuse, refusing
from core.cases.records import rows
from core.cases.records.cases import one_at_a_time
from core.cases.refusals.common import Common
from core.identity import permissions
from core.notifications.acts.places import tenant_named
from core.notifications.acts.refusals import NotificationTemplateSetRefusal
from core.notifications.offered import Offered
from core.notifications.tables import NotificationTemplate
from core.notifications.wording import WordingFault
from schema.act import Act
from schema.describe import Doc


@dataclass(frozen=True, slots=True)
class NotificationTemplateSet:
    """设定通知模板."""

    kind: Annotated[str, Doc("通知种类", "kind of message", "见 notificationKinds")]
    title: Annotated[str | None, Doc("标题", "title", "占位符如 {案号}；标题与正文都不填则恢复上级措辞")] = None
    body: Annotated[str | None, Doc("正文", "body")] = None
    valid_from: Annotated[date | None, Doc("生效日期", "valid from", "不填则为今日")] = None
    tenant_code: Annotated[str | None, Doc("地区代码", "tenant code", "不填则为本地区，可为下级地区")] = None
    expected_version: Annotated[
        int | None, Doc("读到的版本", "version as read", "该地区该种类最后的版本；从未设定过为 0")
    ] = None


@refusing(NotificationTemplateSetRefusal)
async def set_template(context: ActContext, given: NotificationTemplateSet) -> UUID:
    """Write a version of a wording; the former ones stay. It is taken for messages that are written from that day on."""
    code = NotificationTemplateSetRefusal
    _check(Offered.among(context.resources), given)
    valid_from = checks.day(given.valid_from or context.today, at("valid_from"))
    if valid_from < context.today:
        raise refuse(code.IN_PAST, at("valid_from"))
    tenant = await tenant_named(context, given.tenant_code)
    await one_at_a_time(context.session, "notification_template", given.kind, tenant.code)
    table = NotificationTemplate
    last = await context.session.row(
        select(table.id, table.version, table.title, table.body)
        .where(table.shard == context.shard, table.code == tenant.code, table.kind == given.kind)
        .order_by(table.version.desc())
        .limit(1)
    )
    if given.expected_version not in (None, last.version if last else 0):
        raise overtaken(last.id if last else None)
    wording = {"kind": given.kind, "valid_from": valid_from, "title": given.title, "body": given.body}
    stamp = {"changed_at": context.now, "changed_by": context.actor.subject}
    place = {"code": tenant.code, "high": tenant.high, "version": last.version + 1 if last else 1}
    template_id = await rows.add(context.session, table, place | wording | stamp)
    before = {"title": last.title, "body": last.body} if last else None
    subject = Subject("NotificationTemplate", template_id, tenant.code)
    await context.record("notificationTemplateSet", subject, before=before, after=wording)
    return template_id


def _check(offered: Offered, given: NotificationTemplateSet) -> None:
    code = NotificationTemplateSetRefusal
    kind = offered.kinds.get(given.kind)
    if kind is None:
        raise refuse(code.KIND_UNKNOWN, at("kind"))
    if (given.title is None) != (given.body is None):
        raise Refused(Common.INVALID_INPUT, at("body"), "State both or none", "标题与正文须同时填写或同时不填")
    if given.title is None or given.body is None:
        return
    try:
        kind.check(given.title, given.body)
    except WordingFault as fault:
        raise refuse(code.WORDING_INVALID, at(fault.field), str(fault), fault.message_zh) from None


NOTIFICATION_TEMPLATE_SET = Act(
    name="notificationTemplateSet",
    given=NotificationTemplateSet,
    perform=set_template,
    returns="NotificationTemplate",
    refusals=NotificationTemplateSetRefusal,
    permission=permissions.SETTINGS_ADMINISTER.name,
    doc=Doc("设定通知模板", "word a kind of message", "写入新版本，自生效日期起适用于本地区及下级地区"),
)
