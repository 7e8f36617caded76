"""标记通知已读: what a member does with a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from core.acting import ActContext, Subject
from core.cases.acts.refusing import at, refusing
from core.cases.acts.rows import changed, locked
from core.identity import permissions
from core.notifications.events import MessageRead
from core.notifications.kinds import NotificationReadRefusal
from core.notifications.tables import Notification
from schema.act import Act
from schema.describe import Doc, Ref


@dataclass(frozen=True, slots=True)
class NotificationRead:
    """标记通知已读: a second time changes nothing."""

    notification_id: Annotated[UUID, Ref("Notification"), Doc("通知", "notification")]


@refusing(NotificationReadRefusal)
async def read_notification(context: ActContext, given: NotificationRead) -> UUID:
    """Mark one's own message as read. It is nobody else's business: nothing is recorded, and no event written.

    Only whoever sent it hears of it, as of a receipt: the plugin that subscribes to `MessageRead`.
    """
    row = await locked(context, Notification, given.notification_id, at("notification_id"))
    if row.read_at is None:
        await changed(context, Notification, row, {"read_at": context.now})
        about = Subject(row.subject_type, row.subject_id, row.code, row.agency_id)
        await context.whisper(MessageRead(about, row.kind, row.key, row.member_id))
    return row.id  # type: ignore[no-any-return]


NOTIFICATION_READ = Act(
    name="notificationRead",
    given=NotificationRead,
    perform=read_notification,
    returns="Notification",
    refusals=NotificationReadRefusal,
    permission=permissions.NOTIFICATIONS_READ.name,
    doc=Doc("标记通知已读", "mark a notification as read"),
)
