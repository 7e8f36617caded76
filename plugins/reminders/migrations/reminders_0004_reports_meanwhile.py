"""Reports whose term passed while the plugin was not enabled are marked so; by when a feedback is to be verified is told.

Revision ID: reminders_0004
Revises: reminders_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "reminders_0004"
down_revision = "reminders_0003"
branch_labels = None
depends_on = None

VERIFY = "the bureau's last day to verify a feedback"


def upgrade() -> None:
    """Upgrade."""
    op.add_column(
        "reminders_report",
        sa.Column(
            "missed_meanwhile",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="its term passed while the plugin was not enabled",
        ),
    )
    op.alter_column("reminders_obligation", "verify_due_on", comment=VERIFY, existing_comment=None)


def downgrade() -> None:
    """Downgrade."""
    op.alter_column("reminders_obligation", "verify_due_on", comment=None, existing_comment=VERIFY)
    op.drop_column("reminders_report", "missed_meanwhile")
