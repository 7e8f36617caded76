"""Writing a message to a member, in the transaction of the act that it tells of: with the act, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from core.acting import ActContext, Subject
from core.db.uuid7 import uuid7
from core.notifications.kinds import NotificationKind
from core.notifications.tables import Notification


@dataclass(frozen=True, slots=True)
class NotificationWritten:
    """通知已发出. Subject: Notification."""

    subject: Subject
    member_id: UUID
    kind: str

    def payload(self) -> Mapping[str, Any]:
        """To whom, and of what kind."""
        return {"member_id": self.member_id, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member, and where they are."""

    member_id: UUID
    code: int
    agency_id: UUID | None


async def notify(context: ActContext, recipient: Recipient, kind: NotificationKind, about: str, about_id: UUID) -> UUID:
    """Write a message about a row; the actor must be allowed to act where the member is. Emits NotificationWritten.

    The id is made here: whoever writes a message to somebody else cannot read it back.
    """
    notification_id = uuid7()
    await context.session.execute(
        insert(Notification)
        .inline()
        .values(
            shard=context.shard,
            id=notification_id,
            code=recipient.code,
            agency_id=recipient.agency_id,
            member_id=recipient.member_id,
            kind=kind.value,
            subject_type=about,
            subject_id=about_id,
            created_at=context.now,
        )
    )
    subject = Subject("Notification", notification_id, recipient.code, recipient.agency_id)
    await context.emit(NotificationWritten(subject, recipient.member_id, kind.value))
    return notification_id
