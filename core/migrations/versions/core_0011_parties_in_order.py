"""The parties of a case by an index in their order

Revision ID: core_0011
Revises: core_0010
"""

from __future__ import annotations

from alembic import op

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list of fifty cases sorted the parties of each: a twentieth of its time."""
    op.drop_index("ix_party_case", table_name="party")
    op.create_index("ix_party_case", "party", ["shard", "case_id", "ordinal", "id"])


def downgrade() -> None:
    """Downgrade."""
    op.drop_index("ix_party_case", table_name="party")
    op.create_index("ix_party_case", "party", ["shard", "case_id", "side", "ordinal"])
