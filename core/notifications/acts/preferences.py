"""设定通知偏好: by which channels a member wants to be told beside the inbox, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import select

from core.acting import ActContext
from core.cases.acts.refusing import Refused, at, overtaken, refuse, refusing
from core.cases.records import rows
from core.cases.records.cases import one_at_a_time
from core.cases.refusals.common import Common
from core.identity import permissions
from core.notifications.acts.refusals import NotificationPreferenceSetRefusal
from core.notifications.offered import Offered
from core.notifications.tables import NotificationPreference
from schema.act import Act
from schema.describe import Doc

MOST_CHANNELS = 10


@dataclass(frozen=True, slots=True)
class NotificationAddress:
    """通知渠道与地址."""

    channel: Annotated[str, Doc("渠道", "channel", "见 notificationChoices")]
    address: Annotated[str, Doc("地址", "address", "如电子邮箱")]


@dataclass(frozen=True, slots=True)
class NotificationPreferenceSet:
    """设定通知偏好: all of them; what is left out is off."""

    channels: Annotated[list[NotificationAddress], Doc("渠道", "channels", "未列出的渠道不再使用；站内通知始终保留")]
    digest_at: Annotated[time | None, Doc("每日汇总时刻", "time of the daily digest", "不填则逐条发送")] = None
    quiet_from: Annotated[time | None, Doc("免打扰起", "quiet from", "紧急通知除外")] = None
    quiet_until: Annotated[time | None, Doc("免打扰止", "quiet until", "早于起时则到次日")] = None
    expected_version: Annotated[int | None, Doc("读到的版本", "version as read", "从未设定过为 0")] = None


@refusing(NotificationPreferenceSetRefusal)
async def set_preference(context: ActContext, given: NotificationPreferenceSet) -> UUID:
    """Set one's own preference. It is nobody else's business: nothing is recorded. Messages that wait keep their way."""
    member = context.session.scope.member_id
    if member is None:
        raise Refused(Common.FORBIDDEN)
    if (given.quiet_from is None) != (given.quiet_until is None):
        raise refuse(NotificationPreferenceSetRefusal.QUIET_INCOMPLETE, at("quiet_until"))
    values = {
        "channels": _channels(Offered.among(context.resources), given.channels),
        "digest_at": given.digest_at,
        "quiet_from": given.quiet_from,
        "quiet_until": given.quiet_until,
        "changed_at": context.now,
    }
    await one_at_a_time(context.session, "notification_preference", member)
    table = NotificationPreference
    former = await context.session.row(select(table.__table__).where(table.member_id == member))
    if given.expected_version not in (None, former.version if former else 0):
        raise overtaken(former.id if former else None)
    if former is None:
        own = {"code": context.session.scope.code, "member_id": member}
        return await rows.add(context.session, table, own | values)
    await rows.change(context.session, table, former, values)
    return former.id  # type: ignore[no-any-return]


def _channels(offered: Offered, given: list[NotificationAddress]) -> dict[str, Any]:
    code = NotificationPreferenceSetRefusal
    if len(given) > MOST_CHANNELS or len({one.channel for one in given}) < len(given):
        raise Refused(Common.INVALID_INPUT, at("channels"), "A channel stands there once", "每个渠道只能填写一次")
    found = {}
    for n, one in enumerate(given):
        offer = offered.channels.get(one.channel)
        if offer is None:
            raise refuse(code.CHANNEL_UNKNOWN, at("channels", n, "channel"))
        if not offer.takes(one.address):
            raise refuse(
                code.ADDRESS_INVALID, at("channels", n, "address"), message_zh=f"{offer.zh}的地址应为{offer.address_zh}"
            )
        found[one.channel] = one.address
    return found


NOTIFICATION_PREFERENCE_SET = Act(
    name="notificationPreferenceSet",
    given=NotificationPreferenceSet,
    perform=set_preference,
    returns="NotificationPreference",
    refusals=NotificationPreferenceSetRefusal,
    permission=permissions.NOTIFICATIONS_READ.name,
    doc=Doc("设定本人的通知偏好", "set one's own notification preference"),
)
