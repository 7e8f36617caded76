"""Indexes by which deliveries are taken up; calendar feeds

Revision ID: core_0009
Revises: core_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None

WAITING = sa.text("state in ('PENDING', 'SENDING')")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Upgrade."""
    # A migration that waits for a lock blocks every request behind it: give up soon, and take at most a quarter of an hour.
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '15min'")
    op.drop_index("ix_notification_delivery_waiting", "notification_delivery")
    op.create_index(
        "ix_notification_delivery_waiting",
        "notification_delivery",
        ["channel", "urgent", "due_at"],
        postgresql_where=WAITING,
    )
    op.create_index(
        "ix_notification_delivery_claim",
        "notification_delivery",
        ["claim"],
        postgresql_where=sa.text("claim is not null"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "member_id"], ["member.shard", "member.id"], name=op.f("fk_calendar_feed_shard_member_id")
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("shard", "token_sha256", name=op.f("uq_calendar_feed_shard_token_sha256")),
    )
    op.create_index("ix_calendar_feed_member", "calendar_feed", ["shard", "member_id"])


def downgrade() -> None:
    """Downgrade."""
    op.drop_table("calendar_feed")
    op.drop_index("ix_notification_delivery_claim", "notification_delivery")
    op.drop_index("ix_notification_delivery_waiting", "notification_delivery")
    op.create_index("ix_notification_delivery_waiting", "notification_delivery", ["due_at"], postgresql_where=WAITING)
