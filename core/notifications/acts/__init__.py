"""行为 on messages: reading them, saying how one wants them, wording them, leading them to other systems, sending again."""

from __future__ import annotations

from core.notifications.acts.deliveries import NOTIFICATION_DELIVERY_RETRY
from core.notifications.acts.endpoints import (
    NOTIFICATION_ENDPOINT_ADD,
    NOTIFICATION_ENDPOINT_DISABLE,
    NOTIFICATION_ENDPOINT_ROTATE,
)
from core.notifications.acts.preferences import NOTIFICATION_PREFERENCE_SET
from core.notifications.acts.reading import NOTIFICATION_READ
from core.notifications.acts.templates import NOTIFICATION_TEMPLATE_SET

ACTS = (
    NOTIFICATION_READ,
    NOTIFICATION_PREFERENCE_SET,
    NOTIFICATION_TEMPLATE_SET,
    NOTIFICATION_ENDPOINT_ADD,
    NOTIFICATION_ENDPOINT_ROTATE,
    NOTIFICATION_ENDPOINT_DISABLE,
    NOTIFICATION_DELIVERY_RETRY,
)
