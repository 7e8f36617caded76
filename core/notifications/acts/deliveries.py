"""重新发送: what was given up is sent again, under the id that it had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from core.acting import ActContext
from core.cases.acts.refusing import at, refuse, refusing
from core.cases.acts.rows import changed, locked, response_subject
from core.identity import permissions
from core.notifications.acts.refusals import NotificationDeliveryRetryRefusal
from core.notifications.channel import DeliveryState
from core.notifications.tables import NotificationDelivery
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class NotificationDeliveryRetry:
    """重新发送."""

    delivery_id: Annotated[UUID, Ref("NotificationDelivery"), Doc("送达记录", "delivery")]
    expected_version: Annotated[int | None, Doc("读到的版本", "version as read", "与当前版本不同则拒绝")] = None


@refusing(NotificationDeliveryRetryRefusal)
async def retry_delivery(context: ActContext, given: NotificationDeliveryRetry) -> UUID:
    """Let a delivery that was given up be tried again: at once, and as often as a new one unless it is three days old."""
    row = await locked(
        context, NotificationDelivery, given.delivery_id, at("delivery_id"), expected_version=given.expected_version
    )
    if row.state != DeliveryState.FAILED.value:
        raise refuse(NotificationDeliveryRetryRefusal.NOT_FAILED, at("delivery_id"))
    values = {"state": DeliveryState.PENDING.value, "attempts": 0, "due_at": context.now, "failure": None}
    before, after = await changed(context, NotificationDelivery, row, values)
    subject = response_subject("NotificationDelivery", row.id, row)
    await context.record("notificationDeliveryRetry", subject, before=before, after=after)
    return row.id  # type: ignore[no-any-return]


NOTIFICATION_DELIVERY_RETRY = Act(
    name="notificationDeliveryRetry",
    given=NotificationDeliveryRetry,
    perform=retry_delivery,
    returns="NotificationDelivery",
    refusals=NotificationDeliveryRetryRefusal,
    permission=permissions.NOTIFICATION_DELIVERY_RETRY.name,
    doc=Doc("重新发送", "send again", "只限发送失败的"),
)
