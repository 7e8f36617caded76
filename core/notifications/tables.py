"""Messages to members."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args, to


class Notification(InTenant, Base):
    """通知: one message to one member, about one row (`subject_type`, `subject_id`). `code` and `agency_id` are the member's."""

    __tablename__ = "notification"
    __table_args__ = sharded_args(
        to("member", "member_id"),
        Index("ix_notification_member", "shard", "member_id", "created_at", "id"),
        row_class=RowClass.INBOX,
    )

    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    member_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
