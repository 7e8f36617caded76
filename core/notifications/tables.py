"""Messages to members: what was written, by which way it left, how members and tenants want it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args, to


class Notification(InTenant, Base):
    """通知: one message to one member, about one row (`subject_type`, `subject_id`). `code` and `agency_id` are the member's.

    `key` names what it tells: whoever writes it again with the same key changes nothing.
    """

    __tablename__ = "notification"
    __table_args__ = sharded_args(
        to("member", "member_id"),
        UniqueConstraint("shard", "member_id", "key"),
        Index("ix_notification_member", "shard", "member_id", "created_at", "id"),
        row_class=RowClass.INBOX,
    )

    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    member_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(server_default=text("uuid7()::text"))
    title: Mapped[str] = mapped_column(server_default=text("''"))
    body: Mapped[str] = mapped_column(server_default=text("''"))
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NotificationDelivery(InTenant, Base):
    """送达记录: a message's way by one channel. It names no content: whoever supervises delivery need not see the case.

    `due_at` is when it is to be sent, or taken up again. `batch_id` is what a receiver recognises a repeat by: it is set when
    the delivery is first taken up and stays; those of one digest share it. `claim` is whoever sends it now.
    """

    __tablename__ = "notification_delivery"
    __table_args__ = sharded_args(
        to("notification", "notification_id"),
        UniqueConstraint("shard", "member_id", "key", "channel", "target"),
        Index(
            "ix_notification_delivery_waiting",
            *("channel", "urgent", "due_at"),
            postgresql_where=text("state in ('PENDING', 'SENDING')"),
        ),
        Index("ix_notification_delivery_claim", "claim", postgresql_where=text("claim is not null")),
        Index("ix_notification_delivery_notification", "shard", "notification_id"),
        Index("ix_notification_delivery_list", "shard", "created_at", "id"),
        Index("ix_notification_delivery_list_district", "shard", "district", "created_at", "id"),
        Index("ix_notification_delivery_list_code", "shard", "code", "created_at", "id"),
        Index("ix_notification_delivery_list_agency", "shard", "agency_id", "created_at", "id"),
        CheckConstraint("state in ('PENDING', 'SENDING', 'SENT', 'FAILED')", name="state"),
        row_class=RowClass.PERSON,
    )

    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    member_id: Mapped[UUID] = mapped_column(Uuid)
    notification_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str]
    key: Mapped[str]
    channel: Mapped[str]
    target: Mapped[str] = mapped_column(server_default=text("''"), comment="the endpoint of a webhook")
    address: Mapped[str | None]
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    digest: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime]
    batch_id: Mapped[UUID | None] = mapped_column(Uuid)
    claim: Mapped[UUID | None] = mapped_column(Uuid)
    failure: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class NotificationPreference(InTenant, Base):
    """通知偏好: by which channels a member is told beside the inbox, at which address, and when not."""

    __tablename__ = "notification_preference"
    __table_args__ = sharded_args(
        to("member", "member_id"), UniqueConstraint("shard", "member_id"), row_class=RowClass.OWN
    )

    member_id: Mapped[UUID] = mapped_column(Uuid)
    channels: Mapped[dict[str, Any]] = mapped_column(comment="channel to address; those that are not named are off")
    digest_at: Mapped[time | None]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class NotificationTemplate(InTenant, Base):
    """通知模板: how a tenant, and those below it, word a kind of message from a day on; without a wording, as those above."""

    __tablename__ = "notification_template"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "code", "kind", "version"),
        CheckConstraint("(title is null) = (body is null)", name="whole"),
        row_class=RowClass.TENANT,
    )

    high: Mapped[int] = mapped_column(BigInteger, comment="end of the tenant's range (exclusive)")
    kind: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    title: Mapped[str | None]
    body: Mapped[str | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class NotificationEndpoint(InTenant, Base):
    """通知接收地址 (webhook): where a tenant's own systems are told of what its people, and those of the tenants below, are told."""

    __tablename__ = "notification_endpoint"
    __table_args__ = sharded_args(Index("ix_notification_endpoint_code", "shard", "code"), row_class=RowClass.TENANT)

    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"), comment="empty for all kinds")
    secret_version: Mapped[int] = mapped_column(server_default=text("1"))
    former_until: Mapped[datetime | None] = mapped_column(comment="until when the former secret signs too")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
