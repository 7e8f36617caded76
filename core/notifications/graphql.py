"""Messages in the schema: the member's own, as they are written; how tenants word them, where they lead, how they fared."""

from core.identity import permissions
from core.identity.permissions import NOTIFICATIONS_READ
from core.notifications.acts import ACTS
from core.notifications.channel import DeliveryFailure, DeliveryState
from core.notifications.choices import CHOICES, KINDS, PREVIEW
from core.notifications.kinds import NotificationEvent
from core.notifications.tables import Notification as NotificationTable
from core.notifications.tables import NotificationDelivery as DeliveryTable
from core.notifications.tables import NotificationEndpoint as EndpointTable
from core.notifications.tables import NotificationPreference as PreferenceTable
from core.notifications.tables import NotificationTemplate as TemplateTable
from core.notifications.writing import WRITTEN
from core.tenancy.tables import Tenant as TenantTable
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


@node(PreferenceTable, Doc("通知偏好", "notification preference", "只有本人可见"))
class NotificationPreference:
    """How the viewer wants to be told."""

    channels = column(PreferenceTable.channels, Doc("渠道与地址", "addresses by channel"))
    digest_at = column(PreferenceTable.digest_at, Doc("每日汇总时刻", "time of the daily digest", "为空则逐条发送"))
    quiet_from = column(PreferenceTable.quiet_from, Doc("免打扰起", "quiet from"))
    quiet_until = column(PreferenceTable.quiet_until, Doc("免打扰止", "quiet until"))
    changed_at = column(PreferenceTable.changed_at, Doc("修改时间", "instant of the change"))
    version = column(PreferenceTable.version, Doc("版本", "version", "修改时用于并发检查"))


@node(TemplateTable, Doc("通知模板", "notification template", "一个地区自某日起的措辞"))
class NotificationTemplate:
    """How a tenant words a kind from a day on."""

    kind = column(TemplateTable.kind, Doc("通知种类", "kind of message"))
    title = column(TemplateTable.title, Doc("标题", "title", "为空则按上级措辞"))
    body = column(TemplateTable.body, Doc("正文", "body", "为空则按上级措辞"))
    valid_from = column(TemplateTable.valid_from, Doc("生效日期", "valid from"))
    version = column(TemplateTable.version, Doc("版本", "version", "修改时用于并发检查"))
    changed_at = column(TemplateTable.changed_at, Doc("修改时间", "instant of the change"))
    tenant = to_one("Tenant", Doc("地区", "tenant"), via=TemplateTable.code, key=TenantTable.code)


@node(EndpointTable, Doc("通知接收地址", "notification endpoint", "本地区的系统由此获知通知（webhook）"))
class NotificationEndpoint:
    """Where a tenant's own systems are told."""

    name = column(EndpointTable.name, Doc("名称", "name"))
    url = column(EndpointTable.url, Doc("地址", "url"))
    kinds = column(EndpointTable.kinds, Doc("通知种类", "kinds of messages", "空列表为全部种类"))
    created_at = column(EndpointTable.created_at, Doc("登记时间", "added at"))
    former_until = column(EndpointTable.former_until, Doc("旧密钥同时签名至", "until when the former secret signs too"))
    disabled_at = column(EndpointTable.disabled_at, Doc("停用时间", "disabled at"))
    version = column(EndpointTable.version, Doc("版本", "version", "修改时用于并发检查"))
    tenant = to_one("Tenant", Doc("地区", "tenant"), via=EndpointTable.code, key=TenantTable.code)


@node(DeliveryTable, Doc("送达记录", "notification delivery", "一条通知经一个渠道的送达情况，不含通知内容"))
class NotificationDelivery:
    """A message's way by one channel."""

    kind = column(DeliveryTable.kind, Doc("通知种类", "kind of message"))
    channel = column(DeliveryTable.channel, Doc("渠道", "channel", "IN_APP、EMAIL、WEBHOOK 或插件的渠道"))
    state = column(DeliveryTable.state, Doc("状态", "state"), enum=DeliveryState)
    failure = column(
        DeliveryTable.failure, Doc("失败原因", "why the last attempt did not succeed"), enum=DeliveryFailure
    )
    attempts = column(DeliveryTable.attempts, Doc("尝试次数", "attempts"))
    due_at = column(DeliveryTable.due_at, Doc("应发时间", "due at", "未发送时为下次尝试的时间"))
    created_at = column(DeliveryTable.created_at, Doc("通知时间", "written at"))
    sent_at = column(DeliveryTable.sent_at, Doc("发送时间", "sent at"))
    read_at = column(DeliveryTable.read_at, Doc("已读时间", "read at", "站内通知的已读回执"))
    version = column(DeliveryTable.version, Doc("版本", "version", "修改时用于并发检查"))
    member = to_one("Member", Doc("收件人", "recipient"), via=DeliveryTable.member_id)


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
DELIVERIES = ListSource(
    "NotificationDelivery",
    "NotificationDelivery",
    DeliveryTable,
    orders=(Order("CREATED_AT_DESC", DeliveryTable.created_at, descending=True, doc=Doc("新的在前", "newest first")),),
    filters=(
        Filter("state", DeliveryTable.state, Doc("状态", "state"), enum=DeliveryState),
        Filter("channel", DeliveryTable.channel, Doc("渠道", "channel")),
        Filter("kind", DeliveryTable.kind, Doc("通知种类", "kind of message")),
        Filter("created_at", DeliveryTable.created_at, Doc("通知时间", "written at")),
    ),
)
ENDPOINTS = ListSource(
    "NotificationEndpoint",
    "NotificationEndpoint",
    EndpointTable,
    orders=(Order("CREATED_AT_DESC", EndpointTable.created_at, descending=True, doc=Doc("新的在前", "newest first")),),
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
    nodes=(Notification, NotificationPreference, NotificationTemplate, NotificationEndpoint, NotificationDelivery),
    queries={
        "notifications": connection(
            NOTIFICATIONS, Doc("本人的通知", "the viewer's notifications"), permission=NOTIFICATIONS_READ.name
        ),
        "notification_deliveries": connection(
            DELIVERIES,
            Doc("送达记录", "the delivery log", "本地区范围内的"),
            permission=permissions.NOTIFICATION_DELIVERIES_READ.name,
        ),
        "notification_endpoints": connection(
            ENDPOINTS,
            Doc("通知接收地址", "webhook endpoints", "本地区范围内的"),
            permission=permissions.NOTIFICATION_ENDPOINTS_READ.name,
        ),
        "notification_choices": CHOICES,
        "notification_kinds": KINDS,
        "notification_preview": PREVIEW,
    },
    acts=ACTS,
    subscriptions={"notification_received": NOTIFICATION_RECEIVED},
)
