"""通知 Messages to members: kinds that a plugin declares, telling members within an act or a job, and channels of its own."""

from core.notifications.channel import Addressee, Channel, DeliveryFailure, Letter, NotSent, Parcel
from core.notifications.declared import NotificationKind, Placeholder
from core.notifications.events import MessageRead
from core.notifications.recipients import Recipient, Recipients, ToAgency, ToMember, ToTenant
from core.notifications.writing import Message, Told, notify, notify_many

__all__ = [
    "Addressee",
    "Channel",
    "DeliveryFailure",
    "Letter",
    "Message",
    "MessageRead",
    "NotSent",
    "NotificationKind",
    "Parcel",
    "Placeholder",
    "Recipient",
    "Recipients",
    "ToAgency",
    "ToMember",
    "ToTenant",
    "Told",
    "notify",
    "notify_many",
]
