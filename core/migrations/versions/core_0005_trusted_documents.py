"""Trusted documents

Revision ID: core_0005
Revises: core_0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "core_0005"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Upgrade."""
    # A migration that waits for a lock blocks every request behind it: give up soon, and take at most a quarter of an hour.
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '15min'")
    op.create_table(
        "trusted_document",
        sa.Column("high", sa.BigInteger(), nullable=False, comment="end of the tenant's range (exclusive)"),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("app_version", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False, comment="as the manifest names it"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        *_in_tenant(),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_trusted_document")),
        sa.UniqueConstraint(
            *("shard", "code", "app", "app_version", "document_id"),
            name=op.f("uq_trusted_document_shard_code_app_app_version_document_id"),
        ),
    )
    op.create_index("ix_trusted_document_sha256", "trusted_document", ["shard", "sha256"])
    op.create_table(
        "trusted_document_policy",
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_in_tenant(),
        sa.CheckConstraint(
            "mode in ('OFF', 'LOG', 'ENFORCE', 'INHERIT')", name=op.f("ck_trusted_document_policy_mode")
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_trusted_document_policy")),
        sa.UniqueConstraint("shard", "code", name=op.f("uq_trusted_document_policy_shard_code")),
    )


def _in_tenant() -> list[sa.Column[Any]]:
    return [
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
    ]


def downgrade() -> None:
    """Downgrade."""
    op.drop_table("trusted_document_policy")
    op.drop_table("trusted_document")
