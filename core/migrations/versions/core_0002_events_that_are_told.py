"""Events that are told: the transaction of an event, notices of periods, notifications

Revision ID: core_0002
Revises: core_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0003"
branch_labels = None
depends_on = None

OF_RESPONSE = ("case_id", "response_id", "agency_id")


def _of_tenant() -> list[sa.Column[object]]:
    return [
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
    ]


def upgrade() -> None:
    """Upgrade."""
    # A migration that waits for a lock blocks every request behind it: give up soon, and take at most a quarter of an hour.
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '15min'")
    # Events of before are of no transaction that anybody could still wait for.
    op.add_column("domain_event", sa.Column("transaction", sa.BigInteger(), server_default="0", nullable=False))
    op.alter_column("domain_event", "transaction", server_default=sa.text("(pg_current_xact_id()::text)::bigint"))
    op.create_index("ix_domain_event_feed", "domain_event", ["transaction", "sequence"])
    op.create_index("ix_period_running", "period", ["due_on"], postgresql_where=sa.text("status = 'OPEN'"))
    op.create_table(
        "period_notice",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in OF_RESPONSE),
        *_of_tenant(),
        sa.ForeignKeyConstraint(
            ["shard", "period_id"], ["period.shard", "period.id"], name=op.f("fk_period_notice_shard_period_id")
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_period_notice")),
        sa.UniqueConstraint(
            "shard", "period_id", "due_on", "stage", name=op.f("uq_period_notice_shard_period_id_due_on_stage")
        ),
    )
    op.create_table(
        "notification",
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        *_of_tenant(),
        sa.ForeignKeyConstraint(
            ["shard", "member_id"], ["member.shard", "member.id"], name=op.f("fk_notification_shard_member_id")
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_member", "notification", ["shard", "member_id", "created_at", "id"])


def downgrade() -> None:
    """Downgrade."""
    op.drop_table("notification")
    op.drop_table("period_notice")
    op.drop_index("ix_period_running", table_name="period")
    op.drop_index("ix_domain_event_feed", table_name="domain_event")
    op.drop_column("domain_event", "transaction")
