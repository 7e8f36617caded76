"""Messages with a text and a key; their deliveries, how members want them, how tenants word them, where webhooks lead

Revision ID: core_0007
Revises: core_0006
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
LATER = ("notification_endpoint", "notification_template", "notification_preference", "notification_delivery")


def upgrade() -> None:
    """Upgrade."""
    # A migration that waits for a lock blocks every request behind it: give up soon, and take at most a quarter of an hour.
    op.execute("set local lock_timeout = '5s'")
    op.execute("set local statement_timeout = '15min'")
    _texts()
    _deliveries()
    _preferences()
    _templates()
    _endpoints()


def _in_tenant() -> list[sa.Column[Any]]:
    return [
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
    ]


def _texts() -> None:
    """What was written before has no text and a key of its own: two such messages never told the same."""
    empty, no = sa.text("''"), sa.text("false")
    op.add_column("notification", sa.Column("title", sa.Text(), server_default=empty, nullable=False))
    op.add_column("notification", sa.Column("body", sa.Text(), server_default=empty, nullable=False))
    op.add_column("notification", sa.Column("urgent", sa.Boolean(), server_default=no, nullable=False))
    # The default differs from row to row, and the conversion reads the row: both pass by row-level security, unlike an update.
    key = sa.Column("key", sa.Text(), server_default=sa.text("uuid7()::text"), nullable=False)
    op.add_column("notification", key)
    op.add_column("notification", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.execute(
        "alter table notification alter column case_id type uuid using case when subject_type = 'Case' then subject_id end"
    )
    op.create_unique_constraint(
        op.f("uq_notification_shard_member_id_key"), "notification", ["shard", "member_id", "key"]
    )


def _deliveries() -> None:
    op.create_table(
        "notification_delivery",
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "key", "channel")),
        sa.Column(
            "target", sa.Text(), server_default=sa.text("''"), nullable=False, comment="the endpoint of a webhook"
        ),
        sa.Column("address", sa.Text(), nullable=True),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)
            for name in ("urgent", "digest")
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *_in_tenant(),
        sa.CheckConstraint(
            "state in ('PENDING', 'SENDING', 'SENT', 'FAILED')", name=op.f("ck_notification_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["shard", "notification_id"],
            ["notification.shard", "notification.id"],
            name=op.f("fk_notification_delivery_shard_notification_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notification_delivery")),
        sa.UniqueConstraint(
            *("shard", "member_id", "key", "channel", "target"),
            name=op.f("uq_notification_delivery_shard_member_id_key_channel_target"),
        ),
    )
    op.create_index(
        "ix_notification_delivery_waiting",
        "notification_delivery",
        ["due_at"],
        postgresql_where=sa.text("state in ('PENDING', 'SENDING')"),
    )
    op.create_index("ix_notification_delivery_notification", "notification_delivery", ["shard", "notification_id"])
    for name, columns in (("", ()), ("_district", ("district",)), ("_code", ("code",)), ("_agency", ("agency_id",))):
        op.create_index(
            f"ix_notification_delivery_list{name}", "notification_delivery", ["shard", *columns, "created_at", "id"]
        )


def _preferences() -> None:
    op.create_table(
        "notification_preference",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channels",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            comment="channel to address; those that are not named are off",
        ),
        *(sa.Column(name, sa.Time(), nullable=True) for name in ("digest_at", "quiet_from", "quiet_until")),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *_in_tenant(),
        sa.ForeignKeyConstraint(
            ["shard", "member_id"],
            ["member.shard", "member.id"],
            name=op.f("fk_notification_preference_shard_member_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notification_preference")),
        sa.UniqueConstraint("shard", "member_id", name=op.f("uq_notification_preference_shard_member_id")),
    )


def _templates() -> None:
    op.create_table(
        "notification_template",
        sa.Column("high", sa.BigInteger(), nullable=False, comment="end of the tenant's range (exclusive)"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        *_in_tenant(),
        sa.CheckConstraint("(title is null) = (body is null)", name=op.f("ck_notification_template_whole")),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notification_template")),
        sa.UniqueConstraint(
            "shard", "code", "kind", "version", name=op.f("uq_notification_template_shard_code_kind_version")
        ),
    )


def _endpoints() -> None:
    op.create_table(
        "notification_endpoint",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "kinds",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="empty for all kinds",
        ),
        sa.Column("secret_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("former_until", INSTANT, nullable=True, comment="until when the former secret signs too"),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *_in_tenant(),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notification_endpoint")),
    )
    op.create_index("ix_notification_endpoint_code", "notification_endpoint", ["shard", "code"])


def downgrade() -> None:
    """Downgrade."""
    for table in LATER:
        op.drop_table(table)
    op.drop_constraint(op.f("uq_notification_shard_member_id_key"), "notification")
    for column in ("key", "case_id", "urgent", "body", "title"):
        op.drop_column("notification", column)
