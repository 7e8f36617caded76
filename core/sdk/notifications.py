"""通知 Messages to members: kinds that a plugin declares, and telling members within an act or a job."""

from core.notifications.declared import NotificationKind, Placeholder
from core.notifications.recipients import Recipient, Recipients, ToAgency, ToMember, ToTenant
from core.notifications.writing import Message, Told, notify, notify_many

__all__ = [
    "Message",
    "NotificationKind",
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
