"""Notifications in the schema: the member's own, as they are written."""

from __future__ import annotations

from core.identity.permissions import NOTIFICATIONS_READ
from core.notifications.acts import NOTIFICATION_READ
from core.notifications.kinds import NotificationEvent
from core.notifications.tables import Notification as NotificationTable
from core.notifications.writing import WRITTEN
from schema.declare import column, connection, node, to_one
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.types import Contribution
from schema.describe import Doc
from schema.subscription import EventNode, SubscriptionField


@node(NotificationTable, Doc("通知", "notification", "只有收件人本人可见"))
class Notification:
    """A message to the viewer."""

    kind = column(NotificationTable.kind, Doc("种类", "kind", "CASE_GRANTED 等，插件的为“插件名.种类名”"))
    title = column(NotificationTable.title, Doc("标题", "title", "按收件人所在地区的措辞"))
    body = column(NotificationTable.body, Doc("正文", "body"))
    urgent = column(NotificationTable.urgent, Doc("是否紧急", "urgent"))
    created_at = column(NotificationTable.created_at, Doc("发出时间", "written at"))
    read_at = column(NotificationTable.read_at, Doc("已读时间", "read at", "未读时为空"))
    case = to_one("Case", Doc("所涉案件", "case", "不涉及案件或已不可见时为空"), via=NotificationTable.case_id)


NOTIFICATIONS = ListSource(
    "Notification",
    "Notification",
    NotificationTable,
    orders=(
        Order("CREATED_AT_DESC", NotificationTable.created_at, descending=True, doc=Doc("新的在前", "newest first")),
    ),
    filters=(
        Filter("kind", NotificationTable.kind, Doc("种类", "kind")),
        Filter("created_at", NotificationTable.created_at, Doc("发出时间", "written at")),
    ),
)


NOTIFICATION_RECEIVED = SubscriptionField(
    Doc("收到通知", "notification received", "只推送给收件人本人"),
    type_name="NotificationReceived",
    type_doc=Doc("收到通知", "notification received", "一条通知"),
    kinds=NotificationEvent,
    events={WRITTEN: NotificationEvent.WRITTEN},
    node=EventNode("notification", "Notification", Doc("通知", "notification")),
    by_node=False,
    permission=NOTIFICATIONS_READ.name,
)

CONTRIBUTION = Contribution(
    "core",
    nodes=(Notification,),
    queries={
        "notifications": connection(
            NOTIFICATIONS, Doc("本人的通知", "the viewer's notifications"), permission=NOTIFICATIONS_READ.name
        )
    },
    acts=(NOTIFICATION_READ,),
    subscriptions={"notification_received": NOTIFICATION_RECEIVED},
)
