"""A reminder on the rest day itself (the setting `both`) has a record of its own beside the one that was moved ahead.

Revision ID: reminders_0005
Revises: reminders_0004
"""

from __future__ import annotations

from alembic import op

revision = "reminders_0005"
down_revision = "reminders_0004"
branch_labels = None
depends_on = None

NAME, TABLE = "uq_reminders_reminder_once", "reminders_reminder"


def upgrade() -> None:
    """Upgrade."""
    op.drop_constraint(NAME, TABLE, type_="unique")
    op.create_unique_constraint(NAME, TABLE, ["shard", "obligation_id", "due_version", "kind"])


def downgrade() -> None:
    """Downgrade."""
    op.drop_constraint(NAME, TABLE, type_="unique")
    op.create_unique_constraint(NAME, TABLE, ["shard", "obligation_id", "due_version", "offset_days"])
