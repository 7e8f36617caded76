"""Jobs: the queue, what is done, slots, dead letters

Revision ID: core_0008
Revises: core_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def _instant(name: str, *, nullable: bool = False, default: sa.TextClause | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    """Upgrade."""
    # A migration that waits for a lock blocks every request behind it: give up soon, and take at most a quarter of an hour.
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '15min'")
    _queue()
    _done()
    _dead_letters()


def _queue() -> None:
    op.create_table(
        "job_queue",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("queue_name", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Text(),
            server_default=sa.text("'queued'"),
            nullable=False,
            comment="queued, consumed or rejected",
        ),
        _instant("mtime", default=NOW),
        sa.Column("message", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _instant("available_at", default=NOW),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        _instant("consumed_at", nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_job_queue")),
    )
    op.create_index(
        "ix_job_queue_claim",
        "job_queue",
        ["queue_name", "available_at", "position"],
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_job_queue_state", "job_queue", ["state", "mtime"])
    op.create_table(
        "job_worker",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        _instant("heartbeat_at"),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_job_worker")),
    )
    op.create_table(
        "job_result",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        _instant("expires_at", nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_job_result")),
    )


def _done() -> None:
    op.create_table(
        "job_done",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _instant("done_at"),
        sa.PrimaryKeyConstraint("shard", "job", "key", name=op.f("pk_job_done")),
    )
    op.create_index("ix_job_done_done_at", "job_done", ["done_at"])
    op.create_table(
        "job_slot",
        sa.Column("job", sa.Text(), nullable=False),
        _instant("slot"),
        _instant("given_at"),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_slot")),
    )
    op.create_table(
        "job_scheduler",
        sa.Column("scheduler_id", sa.Uuid(), nullable=False),
        _instant("clock_at"),
        _instant("seen_at"),
        sa.PrimaryKeyConstraint("scheduler_id", name=op.f("pk_job_scheduler")),
    )


def _dead_letters() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("tenant", sa.BigInteger(), nullable=True, comment="the scope of the job; null for a system job"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("job", "key", "queue")),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _instant("slot", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("error_class", "error_message", "status")),
        _instant("died_at"),
        _instant("settled_at", nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_dead_letter")),
        sa.UniqueConstraint("shard", "job", "key", name=op.f("uq_dead_letter_shard_job_key")),
    )
    for suffix, columns in (("", ()), ("_district", ("district",)), ("_code", ("code",))):
        op.create_index(f"ix_dead_letter_list{suffix}", "dead_letter", ["shard", *columns, "died_at", "id"])


def downgrade() -> None:
    """Downgrade."""
    for table in ("dead_letter", "job_scheduler", "job_slot", "job_done", "job_result", "job_worker", "job_queue"):
        op.drop_table(table)
