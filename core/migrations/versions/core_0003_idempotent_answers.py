"""Answers kept for retried mutations

Revision ID: core_0003
Revises: core_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0003"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Upgrade."""
    # A migration that waits for a lock blocks every request behind it: give up soon, and take at most a quarter of an hour.
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '15min'")
    op.create_table(
        "idempotent_answer",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False, comment="SHA-256 of what was asked, and as whom"),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_idempotent_answer")),
        sa.UniqueConstraint("shard", "member_id", "key", name=op.f("uq_idempotent_answer_shard_member_id_key")),
    )
    op.create_index("ix_idempotent_answer_expires_at", "idempotent_answer", ["shard", "expires_at"])


def downgrade() -> None:
    """Downgrade."""
    op.drop_table("idempotent_answer")
