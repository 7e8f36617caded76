"""The monthly circular: issues, their lines, missed duties, corrections and files; what is published stays as it is.

Revision ID: reminders_0002
Revises: reminders_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "reminders_0002"
down_revision = "reminders_0001"
branch_labels = None
depends_on = None

TABLES = (
    "reminders_circular_file",
    "reminders_circular_correction",
    "reminders_circular_miss",
    "reminders_circular_line",
    "reminders_circular",
)
PARTS = ("reminders_circular_line", "reminders_circular_miss", "reminders_circular_correction")

# Row-level security binds the application; these bind every role. A draft's rows may be added, nothing may be changed.
STAYS = """
create function reminders_circular_stays() returns trigger language plpgsql as $$
begin
  raise exception 'what is published stays as it is: it is corrected in the next issue'
    using errcode = 'insufficient_privilege';
end $$
"""
IS_DRAFT = """
create function reminders_circular_is_draft() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from reminders_circular c
                  where c.shard = new.shard and c.id = new.circular_id and c.state = 'DRAFT') then
    raise exception 'figures are added to drafts only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$
"""


def upgrade() -> None:
    """Upgrade."""
    op.create_table(
        "reminders_circular",
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month that it is about"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "as_of",
            sa.Date(),
            nullable=False,
            comment="last day of the month: where each duty stood at its end is counted",
        ),
        sa.Column(
            "known_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="what was entered up to this instant is counted",
        ),
        sa.Column("due_to_publish_on", sa.Date(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("demands", sa.Text(), nullable=False),
        sa.Column("number_series", sa.Text(), nullable=True),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("number_serial", sa.Integer(), nullable=True),
        sa.Column("number_text", sa.Text(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.CheckConstraint(
            "(state = 'PUBLISHED') = (number_text is not null)", name=op.f("ck_reminders_circular_numbered")
        ),
        sa.CheckConstraint(
            "(state = 'PUBLISHED') = (published_at is not null)", name=op.f("ck_reminders_circular_published")
        ),
        sa.CheckConstraint("state in ('DRAFT', 'PUBLISHED', 'SUPERSEDED')", name=op.f("ck_reminders_circular_state")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_reminders_circular_month")),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_circular")),
        sa.UniqueConstraint(
            "shard", "code", "number_series", "number_year", "number_serial", name=op.f("uq_reminders_circular_number")
        ),
    )
    op.create_index("ix_reminders_circular_list", "reminders_circular", ["shard", "month", "id"], unique=False)
    op.create_index(
        "uq_reminders_circular_month",
        "reminders_circular",
        ["shard", "code", "month", "state"],
        unique=True,
        postgresql_where=sa.text("state <> 'SUPERSEDED'"),
    )
    op.create_table(
        "reminders_circular_line",
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("void", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("was_missed", sa.Integer(), nullable=False),
        sa.Column("remedied", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("district_code", sa.BigInteger(), nullable=False, comment="the city's own code for its own agencies"),
        sa.Column("district_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.CheckConstraint(
            "due > 0 and due = void + on_time + late + missed + open", name=op.f("ck_reminders_circular_line_sum")
        ),
        sa.CheckConstraint(
            "late + missed <= was_missed and was_missed <= due", name=op.f("ck_reminders_circular_line_was_missed")
        ),
        sa.CheckConstraint("remedied between 0 and was_missed", name=op.f("ck_reminders_circular_line_remedied")),
        sa.ForeignKeyConstraint(
            ["shard", "agency_id"],
            ["agency.shard", "agency.id"],
            name=op.f("fk_reminders_circular_line_shard_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shard", "circular_id"],
            ["reminders_circular.shard", "reminders_circular.id"],
            name=op.f("fk_reminders_circular_line_shard_circular_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_circular_line")),
        sa.UniqueConstraint(
            "shard", "circular_id", "agency_id", "district_code", "kind", name=op.f("uq_reminders_circular_line_cell")
        ),
    )
    op.create_table(
        "reminders_circular_miss",
        sa.Column("subject_id", sa.Uuid(), nullable=False, comment="the obligation or the report; never shown"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("violation_on", sa.Date(), nullable=False),
        sa.Column("acted_on", sa.Date(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("remedied", sa.Boolean(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("district_code", sa.BigInteger(), nullable=False, comment="the city's own code for its own agencies"),
        sa.Column("district_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "agency_id"],
            ["agency.shard", "agency.id"],
            name=op.f("fk_reminders_circular_miss_shard_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shard", "circular_id"],
            ["reminders_circular.shard", "reminders_circular.id"],
            name=op.f("fk_reminders_circular_miss_shard_circular_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_circular_miss")),
        sa.UniqueConstraint(
            "shard", "circular_id", "subject_id", name=op.f("uq_reminders_circular_miss_shard_circular_id_subject_id")
        ),
    )
    op.create_index(
        "ix_reminders_circular_miss_subject", "reminders_circular_miss", ["shard", "subject_id"], unique=False
    )
    op.create_table(
        "reminders_circular_correction",
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month that is corrected"),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("district_code", sa.BigInteger(), nullable=False, comment="the city's own code for its own agencies"),
        sa.Column("district_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.CheckConstraint("before <> after", name=op.f("ck_reminders_circular_correction_change")),
        sa.ForeignKeyConstraint(
            ["shard", "agency_id"],
            ["agency.shard", "agency.id"],
            name=op.f("fk_reminders_circular_correction_shard_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shard", "circular_id"],
            ["reminders_circular.shard", "reminders_circular.id"],
            name=op.f("fk_reminders_circular_correction_shard_circular_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_circular_correction")),
        sa.UniqueConstraint(
            "shard",
            "circular_id",
            "month",
            "agency_id",
            "district_code",
            "kind",
            "measure",
            name=op.f("uq_reminders_circular_correction_figure"),
        ),
    )
    op.create_table(
        "reminders_circular_file",
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False, comment="its row in stored_file, and its place in the store"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "circular_id"],
            ["reminders_circular.shard", "reminders_circular.id"],
            name=op.f("fk_reminders_circular_file_shard_circular_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_circular_file")),
        sa.UniqueConstraint(
            "shard", "circular_id", "format", name=op.f("uq_reminders_circular_file_shard_circular_id_format")
        ),
    )

    op.execute(STAYS)
    op.execute(IS_DRAFT)
    op.execute(
        "create trigger reminders_circular_stays before update or delete on reminders_circular"
        " for each row when (old.state <> 'DRAFT') execute function reminders_circular_stays()"
    )
    for table in (*PARTS, "reminders_circular_file"):
        op.execute(
            f"create trigger {table}_stays before update or delete on {table}"
            " for each row execute function reminders_circular_stays()"
        )
    for table in PARTS:
        op.execute(
            f"create trigger {table}_is_draft before insert on {table}"
            " for each row execute function reminders_circular_is_draft()"
        )


def downgrade() -> None:
    """Downgrade."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("drop function reminders_circular_stays()")
    op.execute("drop function reminders_circular_is_draft()")
