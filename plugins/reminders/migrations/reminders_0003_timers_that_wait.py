"""What is due is found by its kind, in the order in which it fires; what is due where the plugin is not enabled rests.

Revision ID: reminders_0003
Revises: reminders_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "reminders_0003"
down_revision = "reminders_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Upgrade."""
    op.drop_index("ix_reminders_timer_armed", table_name="reminders_timer")
    op.create_index(
        "ix_reminders_timer_due",
        "reminders_timer",
        ["kind", "fires_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'ARMED'"),
    )
    op.create_index(
        "ix_reminders_timer_resting",
        "reminders_timer",
        ["shard", "code"],
        unique=False,
        postgresql_where=sa.text("state = 'RESTING'"),
    )
    op.alter_column(
        "reminders_timer", "settled_at", comment="when it was cancelled", existing_comment="fired or cancelled"
    )


def downgrade() -> None:
    """Downgrade."""
    op.alter_column(
        "reminders_timer", "settled_at", comment="fired or cancelled", existing_comment="when it was cancelled"
    )
    op.drop_index("ix_reminders_timer_resting", table_name="reminders_timer")
    op.drop_index("ix_reminders_timer_due", table_name="reminders_timer")
    op.create_index(
        "ix_reminders_timer_armed",
        "reminders_timer",
        ["fires_at", "shard", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'ARMED'"),
    )
