"""What mutations with an `Idempotency-Key` answered, kept for a retry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, RowClass, Sharded, sharded_args


class IdempotentAnswer(Sharded, Base):
    """幂等应答: one key of one member; `answers` has, by response key, what each mutation that took effect answered.

    A row is written in the transaction of the act itself, so it is there if, and only if, the act has taken effect.
    """

    __tablename__ = "idempotent_answer"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "member_id", "key"),
        Index("ix_idempotent_answer_expires_at", "shard", "expires_at"),
        row_class=RowClass.OWN,
    )

    member_id: Mapped[UUID] = mapped_column(Uuid)
    key: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of what was asked, and as whom")
    answers: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
