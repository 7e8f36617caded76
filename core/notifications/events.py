"""What plugins hear of messages. None of it is written to the feed: what somebody reads in their inbox is nobody else's business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.acting import Subject


@dataclass(frozen=True, slots=True)
class MessageRead:
    """已读: a member read a message for the first time. Subject: what the message is about, in the member's own tenant and agency."""

    subject: Subject
    kind: str
    key: str
    member_id: UUID

    def payload(self) -> Mapping[str, Any]:
        """The kind and key of the message, and who read it."""
        return {"kind": self.kind, "key": self.key, "member_id": self.member_id}
