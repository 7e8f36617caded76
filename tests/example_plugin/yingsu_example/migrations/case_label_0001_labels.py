"""Labels.

Revision ID: case_label_0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "case_label_0001"
down_revision = None
branch_labels = ("case_label",)
depends_on = None


def upgrade() -> None:
    """Upgrade."""
    op.create_table(
        "case_label",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_case_label")),
        sa.ForeignKeyConstraint(
            ["shard", "response_id"], ["response.shard", "response.id"], name=op.f("fk_case_label_shard_response_id")
        ),
        sa.UniqueConstraint("shard", "response_id", "text", name=op.f("uq_case_label_shard_response_id_text")),
    )
    op.create_index("ix_case_label_case", "case_label", ["shard", "case_id", "created_at"])
    op.create_index("ix_case_label_created_at_city", "case_label", ["shard", "created_at", "id"])
    op.create_index("ix_case_label_created_at_district", "case_label", ["shard", "district", "created_at", "id"])
    op.create_index("ix_case_label_created_at_town", "case_label", ["shard", "code", "created_at", "id"])
    op.create_index("ix_case_label_created_at_agency", "case_label", ["shard", "agency_id", "created_at", "id"])


def downgrade() -> None:
    """Downgrade."""
    op.drop_table("case_label")
