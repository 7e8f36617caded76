"""The append-only trail: who did what to which row, and the domain events that plugins react to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args


class AuditEntry(InTenant, Base):
    """审计记录: one act, with the state before and after. Rows are inserted, never updated or deleted."""

    __tablename__ = "audit_entry"
    __table_args__ = sharded_args(
        Index("ix_audit_entry_list", "shard", "at", "id"),
        Index("ix_audit_entry_list_district", "shard", "district", "at", "id"),
        Index("ix_audit_entry_list_code", "shard", "code", "at", "id"),
        Index("ix_audit_entry_list_agency", "shard", "agency_id", "at", "id"),
        Index("ix_audit_entry_subject", "shard", "subject_id", "at"),
        row_class=RowClass.TRAIL,
    )

    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime]
    act: Mapped[str]
    actor: Mapped[str]
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]
    request_id: Mapped[str | None]


class DomainEvent(InTenant, Base):
    """领域事件: what happened, for the plugins, jobs and subscribers that react; written in the transaction of the act.

    `transaction` is PostgreSQL's own number of that transaction: `core.events` asks a snapshot whether it was committed then, so
    that an event whose transaction ends late is not missed.
    """

    __tablename__ = "domain_event"
    __table_args__ = sharded_args(
        Index("ix_domain_event_sequence", "shard", "sequence"),
        Index("ix_domain_event_feed", "transaction", "sequence"),
        row_class=RowClass.TRAIL,
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    name: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    payload: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
