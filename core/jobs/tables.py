"""The tables of jobs. Those of the queue have the shape that `dramatiq-postgres` reads; the rest is ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, PrimaryKeyConstraint, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args

SYSTEM = {"info": {"row_class": RowClass.SYSTEM}}
NOW = text("now()")


class JobQueue(Base):
    """任务队列: a message that waits or is being worked on; written in the transaction that wants it done.

    With RabbitMQ it is the outbox, which the relay empties. `available_at` is the server's clock: when a retry may begin.
    """

    __tablename__ = "job_queue"
    __table_args__ = (
        Index(
            "ix_job_queue_claim", "queue_name", "available_at", "position", postgresql_where=text("state = 'queued'")
        ),
        Index("ix_job_queue_state", "state", "mtime"),
        SYSTEM,
    )

    message_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    queue_name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'queued'"), comment="queued, consumed or rejected")
    mtime: Mapped[datetime] = mapped_column(server_default=NOW)
    message: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=False))
    available_at: Mapped[datetime] = mapped_column(server_default=NOW)
    worker_id: Mapped[UUID | None] = mapped_column(Uuid)
    consumed_at: Mapped[datetime | None]


class JobWorker(Base):
    """工作进程: when a worker was last alive; what it held is given to others once that is too long ago."""

    __tablename__ = "job_worker"
    __table_args__ = (SYSTEM,)

    worker_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    heartbeat_at: Mapped[datetime]


class JobResult(Base):
    """Asked for by the broker's upkeep; no job of ours answers anything, so it is empty."""

    __tablename__ = "job_result"
    __table_args__ = (SYSTEM,)

    message_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    result: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime | None]


class JobDone(Base):
    """已办任务: written in the transaction of the job's effect, so it is there if, and only if, the effect is."""

    __tablename__ = "job_done"
    __table_args__ = (
        PrimaryKeyConstraint("shard", "job", "key"),
        Index("ix_job_done_done_at", "done_at"),
        SYSTEM,
    )

    shard: Mapped[int]
    job: Mapped[str]
    key: Mapped[str]
    done_at: Mapped[datetime]


class JobSlot(Base):
    """定时时段: a slot of a schedule that was given out, in the transaction of its messages."""

    __tablename__ = "job_slot"
    __table_args__ = (PrimaryKeyConstraint("job", "slot"), SYSTEM)

    job: Mapped[str]
    slot: Mapped[datetime]
    given_at: Mapped[datetime]


class JobScheduler(Base):
    """调度进程: what a scheduler's clock showed when it last ticked, and when that was by the server's clock."""

    __tablename__ = "job_scheduler"
    __table_args__ = (SYSTEM,)

    scheduler_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    clock_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class DeadLetter(InTenant, Base):
    """死信: a job that failed as often as it may. Kept until someone runs it again or gives it up, and afterwards.

    A system job's letter belongs to the only city of the installation; where there are several, to none (`code` 0), and only
    the command line shows it.
    """

    __tablename__ = "dead_letter"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "job", "key"),
        Index("ix_dead_letter_list", "shard", "died_at", "id"),
        Index("ix_dead_letter_list_district", "shard", "district", "died_at", "id"),
        Index("ix_dead_letter_list_code", "shard", "code", "died_at", "id"),
        row_class=RowClass.OPERATION,
    )

    tenant: Mapped[int | None] = mapped_column(BigInteger, comment="the scope of the job; null for a system job")
    job: Mapped[str]
    key: Mapped[str]
    queue: Mapped[str]
    payload: Mapped[dict[str, Any]]
    slot: Mapped[datetime | None]
    attempts: Mapped[int]
    error_class: Mapped[str]
    error_message: Mapped[str]
    status: Mapped[str]
    died_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
