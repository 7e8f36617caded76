"""What a member can choose, what a tenant can word, and how a wording would read: fields that Python answers."""

from typing import Any

import orjson
import strawberry

from core.errors import BadUserInput
from core.identity.permissions import NOTIFICATIONS_READ
from core.notifications.declared import NotificationKind
from core.notifications.offered import Offered
from core.notifications.wording import WordingFault
from schema.declared.fields import ComputedField
from schema.describe import Doc
from schema.scalars import Date, Time

_OWN = """
select json_build_object('channels', p.channels, 'digest', to_char(p.digest_at, 'HH24:MI'), 'version', p.version,
                         'from', to_char(p.quiet_from, 'HH24:MI'), 'until', to_char(p.quiet_until, 'HH24:MI'))::text
  from notification_preference p where p.shard = $1::integer and p.member_id = $2::uuid
"""
_WORDED = """
select coalesce(json_agg(json_build_object(
         'kind', t.kind, 'code', t.code, 'version', t.version, 'from', t.valid_from, 'title', t.title, 'body', t.body)
         order by t.code, t.kind, t.version), '[]'::json)::text
  from notification_template t where t.shard = $1::integer and t.code <= $2::bigint and t.high > $2::bigint
"""


@strawberry.type(name="NotificationChannel", description="通知渠道（channel）：站内通知之外可选的。")
class ChannelType:
    """A channel that a member can turn on."""

    name: str = strawberry.field(description="渠道名（name）。")
    label_zh: str = strawberry.field(description="中文名称（label in Chinese）。")
    label_en: str = strawberry.field(description="英文名称（label in English）。")
    address_hint: str = strawberry.field(description="地址的格式（what an address looks like）。")
    address: str | None = strawberry.field(description="本人的地址（one's own address）；未使用该渠道时为空。")


@strawberry.type(name="NotificationChoices", description="本人的通知选择（what one has chosen and can choose）。")
class ChoicesType:
    """The viewer's channels and times."""

    channels: list[ChannelType] = strawberry.field(description="可选渠道（channels）。")
    digest_at: Time | None = strawberry.field(description="每日汇总时刻（time of the daily digest）。")
    quiet_from: Time | None = strawberry.field(description="免打扰起（quiet from）。")
    quiet_until: Time | None = strawberry.field(description="免打扰止（quiet until）。")
    version: int = strawberry.field(description="版本（version）：修改时用于并发检查；从未设定过为 0。")


@strawberry.type(name="NotificationPlaceholder", description="占位符（placeholder）：措辞中可用的内容。")
class PlaceholderType:
    """What a wording may say."""

    name: str = strawberry.field(description="名称（name），如 {case_number}。")
    label_zh: str = strawberry.field(description="中文名称（name in Chinese），如 {案号}。")
    sample: str = strawberry.field(description="示例（sample）：预览时使用。")


@strawberry.type(name="NotificationWording", description="措辞的一个版本（a version of a wording）。")
class WordingType:
    """A version that the viewer's tenant has, itself or from above."""

    tenant_code: int = strawberry.field(description="设定的地区代码（tenant code）。")
    version: int = strawberry.field(description="版本（version）。")
    valid_from: Date = strawberry.field(description="生效日期（valid from）。")
    title: str | None = strawberry.field(description="标题（title）；为空则按上级措辞。")
    body: str | None = strawberry.field(description="正文（body）；为空则按上级措辞。")


@strawberry.type(name="NotificationKind", description="通知种类（kind of message）。")
class KindType:
    """A kind, its default wording, and what the tenants made of it."""

    name: str = strawberry.field(description="种类名（name）。")
    label_zh: str = strawberry.field(description="中文名称（label in Chinese）。")
    label_en: str = strawberry.field(description="英文名称（label in English）。")
    urgent: bool = strawberry.field(description="是否紧急（urgent）：不受免打扰与汇总限制。")
    title: str = strawberry.field(description="默认标题（default title）。")
    body: str = strawberry.field(description="默认正文（default body）。")
    placeholders: list[PlaceholderType] = strawberry.field(description="占位符（placeholders）。")
    wordings: list[WordingType] = strawberry.field(description="本地区及其上级的各版本措辞（versions of wordings）。")


@strawberry.type(name="NotificationPreview", description="措辞预览（preview of a wording）。")
class PreviewType:
    """How a message would read; or why it is no wording."""

    title: str | None = strawberry.field(description="标题（title）；措辞有误时为空。")
    body: str | None = strawberry.field(description="正文（body）；措辞有误时为空。")
    fault: str | None = strawberry.field(description="错误说明（what is wrong）。")


def _offered(context: Any) -> Offered:
    return Offered.among(context.extras.get("resources", {}))


def _visible(context: Any) -> dict[str, NotificationKind]:
    """The core's kinds, and those of plugins that are enabled somewhere in the viewer's range."""
    plugins = context.extras["plugins"]
    kinds = _offered(context).kinds
    return {name: kind for name, kind in kinds.items() if "." not in name or name.partition(".")[0] in plugins}


async def resolve_choices(context: Any) -> ChoicesType:
    """One statement for what is the viewer's own."""
    scope = context.view.scope
    async with context.reading() as session:
        context.statements += 1
        own = orjson.loads(await session.json(_OWN, [scope.shard, scope.member_id]) or "{}")
    addresses = own.get("channels") or {}
    channels = [
        ChannelType(
            name=one.name,
            label_zh=one.zh,
            label_en=one.en,
            address_hint=one.address_zh,
            address=addresses.get(one.name),
        )
        for one in _offered(context).channels.values()
    ]
    times = {
        name: own.get(key) for name, key in (("digest_at", "digest"), ("quiet_from", "from"), ("quiet_until", "until"))
    }
    return ChoicesType(channels=channels, version=own.get("version") or 0, **times)


async def resolve_kinds(context: Any) -> list[KindType]:
    """One statement for the wordings of all kinds."""
    scope = context.view.scope
    async with context.reading() as session:
        context.statements += 1
        worded = orjson.loads(await session.json(_WORDED, [scope.shard, scope.code]) or "[]")
    return [_kind(kind, [one for one in worded if one["kind"] == kind.name]) for kind in _visible(context).values()]


def _kind(kind: NotificationKind, worded: list[dict[str, Any]]) -> KindType:
    return KindType(
        name=kind.name,
        label_zh=kind.zh,
        label_en=kind.en,
        urgent=kind.urgent,
        title=kind.title,
        body=kind.body,
        placeholders=[PlaceholderType(name=one.name, label_zh=one.zh, sample=one.sample) for one in kind.placeholders],
        wordings=[
            WordingType(
                tenant_code=one["code"],
                version=one["version"],
                valid_from=one["from"],
                title=one["title"],
                body=one["body"],
            )
            for one in worded
        ],
    )


async def resolve_preview(context: Any, kind: str, title: str, body: str) -> PreviewType:
    """The wording filled with samples; nothing is written."""
    declared = _visible(context).get(kind)
    if declared is None:
        raise BadUserInput("there is no such kind of message", "没有这种通知", argument="kind")
    try:
        declared.check(title, body)
    except WordingFault as fault:
        return PreviewType(title=None, body=None, fault=fault.message_zh)
    shown_title, shown_body = declared.worded(declared.samples, title, body)
    return PreviewType(title=shown_title, body=shown_body, fault=None)


_PERMISSION = NOTIFICATIONS_READ.name
CHOICES = ComputedField(
    Doc("本人的通知选择", "the viewer's notification choices"), ChoicesType, resolve_choices, permission=_PERMISSION
)
KINDS = ComputedField(
    Doc("通知种类及其措辞", "kinds of messages and their wordings"),
    list[KindType],
    resolve_kinds,
    permission=_PERMISSION,
)
PREVIEW = ComputedField(
    Doc("预览措辞", "preview a wording", "占位符以示例填充，不保存"),
    PreviewType,
    resolve_preview,
    {
        "kind": (str, Doc("通知种类", "kind of message")),
        "title": (str, Doc("标题", "title")),
        "body": (str, Doc("正文", "body")),
    },
    permission=_PERMISSION,
)
