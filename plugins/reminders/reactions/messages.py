"""已读回执: a reminder says when the first of those whom it was sent to read it in their inbox."""

from __future__ import annotations

from datetime import date

from core.sdk.acts import ActContext
from core.sdk.notifications import MessageRead
from plugins.reminders.messages_zh import REMIND
from plugins.reminders.records import supervision


def reminders_told_by(key: str) -> tuple[int, date]:
    """The version of the last day, and the day of sending, of the reminders that a message told: `telling` makes its key of them."""
    _, _, version, sent_on = key.split(":")
    return int(version), date.fromisoformat(sent_on)


async def message_read(context: ActContext, event: MessageRead) -> None:
    """Read by one is read: what counts at noon of T−1 is whether the agency knows."""
    if event.kind == REMIND.name:
        await supervision.mark_read(context.session, event.subject.id, *reminders_told_by(event.key), context.now)
