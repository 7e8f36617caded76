"""接收地址 (webhooks): adding one, changing its secret, and disabling it for good.

They are the bureaux' own: what they are told names cases, so nobody who may not see cases leads it anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from sqlalchemy import func, select

from core.acting import ActContext, Subject
from core.cases.acts import checks
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import changed, locked
from core.cases.records import rows
from core.cases.records.cases import one_at_a_time
from core.cases.refusals.common import Common
from core.identity import permissions
from core.notifications.acts.places import tenant_named
from core.notifications.acts.refusals import (
    NotificationEndpointAddRefusal,
    NotificationEndpointDisableRefusal,
    NotificationEndpointRotateRefusal,
)
from core.notifications.offered import Offered
from core.notifications.reaching import UrlRefused, parse_target
from core.notifications.tables import NotificationEndpoint
from core.notifications.webhook import FORMER_SIGNS_FOR
from schema.act import Act
from schema.describe import Doc, Ref

MOST = 20
"""Endpoints of one tenant that are not disabled."""
MOST_KINDS = 50
_ENDPOINT = Doc("接收地址", "endpoint")
_VERSION = Doc("读到的版本", "version as read", "与当前版本不同则拒绝")


@dataclass(frozen=True, slots=True)
class SecretGiven:
    """What the answer shows beside the endpoint."""

    id: Annotated[UUID, _ENDPOINT]
    secret: Annotated[str, Doc("签名密钥", "signing secret", "whsec_ 开头；只在此处给出，请妥善保存")]


@dataclass(frozen=True, slots=True)
class NotificationEndpointAdd:
    """登记接收地址."""

    name: Annotated[str, Doc("名称", "name", "如 市OA系统")]
    url: Annotated[str, Doc("地址", "url", "须为 https，不能指向内网")]
    kinds: Annotated[list[str] | None, Doc("通知种类", "kinds of messages", "不填则为全部种类")] = None
    tenant_code: Annotated[str | None, Doc("地区代码", "tenant code", "不填则为本地区，可为下级地区")] = None


@refusing(NotificationEndpointAddRefusal)
async def add_endpoint(context: ActContext, given: NotificationEndpointAdd) -> SecretGiven:
    """Add an endpoint: it is told of what is written from now on to the people of the tenant and of those below it."""
    code, offered = NotificationEndpointAddRefusal, Offered.among(context.resources)
    name = checks.text(given.name, at("name"), 50)
    try:
        parse_target(given.url, private=offered.private)
    except UrlRefused as refused:
        raise refuse(code.URL_REFUSED, at("url"), str(refused), refused.message_zh) from None
    kinds = sorted(set(given.kinds or ()))
    if len(kinds) > MOST_KINDS or any(kind not in offered.kinds for kind in kinds):
        raise refuse(code.KIND_UNKNOWN, at("kinds"))
    tenant = await tenant_named(context, given.tenant_code)
    await one_at_a_time(context.session, "notification_endpoint", tenant.code)
    table = NotificationEndpoint
    present = select(func.count()).where(
        table.shard == context.shard, table.code == tenant.code, table.disabled_at.is_(None)
    )
    if (await context.session.scalar(present)) >= MOST:
        raise refuse(code.TOO_MANY)
    values = {"name": name, "url": given.url, "kinds": kinds}
    stamp = {"code": tenant.code, "created_at": context.now, "created_by": context.actor.subject}
    endpoint_id = await rows.add(context.session, table, values | stamp)
    subject = Subject("NotificationEndpoint", endpoint_id, tenant.code)
    await context.record("notificationEndpointAdd", subject, after=values)
    return SecretGiven(endpoint_id, offered.secrets.secret(context.shard, endpoint_id, 1))


@dataclass(frozen=True, slots=True)
class NotificationEndpointRotate:
    """更换签名密钥."""

    endpoint_id: Annotated[UUID, Ref("NotificationEndpoint"), _ENDPOINT]
    expected_version: Annotated[int | None, _VERSION] = None


@refusing(NotificationEndpointRotateRefusal)
async def rotate_secret(context: ActContext, given: NotificationEndpointRotate) -> SecretGiven:
    """Give an endpoint a new secret; the former one signs too for a day, so that no message is refused meanwhile."""
    row = await locked(
        context, NotificationEndpoint, given.endpoint_id, at("endpoint_id"), expected_version=given.expected_version
    )
    if row.disabled_at is not None:
        raise refuse(NotificationEndpointRotateRefusal.DISABLED, at("endpoint_id"))
    number = row.secret_version + 1
    values = {"secret_version": number, "former_until": context.now + FORMER_SIGNS_FOR}
    before, after = await changed(context, NotificationEndpoint, row, values)
    subject = Subject("NotificationEndpoint", row.id, row.code)
    await context.record("notificationEndpointRotate", subject, before=before, after=after)
    return SecretGiven(row.id, Offered.among(context.resources).secrets.secret(context.shard, row.id, number))


@dataclass(frozen=True, slots=True)
class NotificationEndpointDisable:
    """停用接收地址."""

    endpoint_id: Annotated[UUID, Ref("NotificationEndpoint"), _ENDPOINT]
    expected_version: Annotated[int | None, _VERSION] = None


@refusing(NotificationEndpointDisableRefusal)
async def disable_endpoint(context: ActContext, given: NotificationEndpointDisable) -> UUID:
    """Disable an endpoint for good; what waits for it is given up."""
    row = await locked(
        context, NotificationEndpoint, given.endpoint_id, at("endpoint_id"), expected_version=given.expected_version
    )
    if row.disabled_at is not None:
        raise refuse(NotificationEndpointDisableRefusal.NOTHING_TO_CHANGE, at("endpoint_id"))
    before, after = await changed(context, NotificationEndpoint, row, {"disabled_at": context.now})
    if not after:
        raise Refused(Common.CONFLICT, at("endpoint_id"))
    subject = Subject("NotificationEndpoint", row.id, row.code)
    await context.record("notificationEndpointDisable", subject, before=before, after=after)
    return row.id  # type: ignore[no-any-return]


_PERMISSION = permissions.NOTIFICATION_ENDPOINTS_ADMINISTER.name
NOTIFICATION_ENDPOINT_ADD = Act(
    name="notificationEndpointAdd",
    given=NotificationEndpointAdd,
    perform=add_endpoint,
    returns="NotificationEndpoint",
    refusals=NotificationEndpointAddRefusal,
    permission=_PERMISSION,
    doc=Doc("登记接收地址", "add a webhook endpoint", "返回签名密钥"),
    reveals=SecretGiven,
)
NOTIFICATION_ENDPOINT_ROTATE = Act(
    name="notificationEndpointRotate",
    given=NotificationEndpointRotate,
    perform=rotate_secret,
    returns="NotificationEndpoint",
    refusals=NotificationEndpointRotateRefusal,
    permission=_PERMISSION,
    doc=Doc("更换签名密钥", "rotate an endpoint's secret", "旧密钥在一日内仍同时签名"),
    reveals=SecretGiven,
)
NOTIFICATION_ENDPOINT_DISABLE = Act(
    name="notificationEndpointDisable",
    given=NotificationEndpointDisable,
    perform=disable_endpoint,
    returns="NotificationEndpoint",
    refusals=NotificationEndpointDisableRefusal,
    permission=_PERMISSION,
    doc=Doc("停用接收地址", "disable an endpoint"),
)
