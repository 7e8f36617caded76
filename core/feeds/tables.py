"""Secret addresses of calendar feeds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args, to


class CalendarFeed(InTenant, Base):
    """日历订阅地址: of one member, until it is revoked. The secret itself is nowhere: only its SHA-256 is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = sharded_args(
        to("member", "member_id"),
        UniqueConstraint("shard", "token_sha256"),
        Index("ix_calendar_feed_member", "shard", "member_id"),
        row_class=RowClass.OWN,
    )

    member_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str]
    token_sha256: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
