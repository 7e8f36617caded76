"""Reports, supervised obligations, their events, timers, reminders, remedies and escalations.

Revision ID: reminders_0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "reminders_0001"
down_revision = None
branch_labels = ("reminders",)
depends_on = None

TABLES = (
    "reminders_escalation",
    "reminders_remedy",
    "reminders_reminder",
    "reminders_timer",
    "reminders_event",
    "reminders_obligation",
    "reminders_report",
)

# What an event says never changes; only whose it is may, when a tenant is re-coded.
APPEND_ONLY = """
create function reminders_event_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (to_jsonb(new) - 'code' - 'district') <> (to_jsonb(old) - 'code' - 'district') then
    raise exception 'reminders_event is append-only' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
"""


def upgrade() -> None:
    """Upgrade."""
    op.create_table(
        "reminders_obligation",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "earliest_due_on",
            sa.Date(),
            nullable=False,
            comment="while a calendar year is provisional: the earliest that the last day can turn out to be",
        ),
        sa.Column("due_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "due_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False, comment="by the bureau"
        ),
        sa.Column(
            "starts_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="of a hearing: its instant, where the court gave a time",
        ),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the present last day became known",
        ),
        sa.Column("responsible_id", sa.Uuid(), nullable=True, comment="the member who answers for it"),
        sa.Column("acted_on", sa.Date(), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("violation_date", sa.Date(), nullable=True),
        sa.Column("feedback_due_on", sa.Date(), nullable=True),
        sa.Column("feedback_filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback_overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("verify_due_on", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remedy_due_on", sa.Date(), nullable=True),
        sa.Column("remedy_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remedy_overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_due_on", sa.Date(), nullable=True, comment="by when the approved plan is to be done"),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "rounds",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="returned feedback and refused plans",
        ),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="closed, closed late or void: nothing more to do",
        ),
        sa.Column(
            "missed_meanwhile",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="its last day passed while the plugin was not enabled",
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.CheckConstraint(
            "(case_id is null) = (response_id is null)", name=op.f("ck_reminders_obligation_case_with_response")
        ),
        sa.CheckConstraint("due_version >= 1", name=op.f("ck_reminders_obligation_due_version")),
        sa.ForeignKeyConstraint(
            ["shard", "agency_id"], ["agency.shard", "agency.id"], name=op.f("fk_reminders_obligation_shard_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["shard", "response_id"],
            ["response.shard", "response.id"],
            name=op.f("fk_reminders_obligation_shard_response_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_obligation")),
    )
    op.create_index(
        "ix_reminders_obligation_case", "reminders_obligation", ["shard", "case_id", "due_on"], unique=False
    )
    op.create_index(
        "ix_reminders_obligation_due_on_agency",
        "reminders_obligation",
        ["shard", "agency_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_obligation_due_on_city", "reminders_obligation", ["shard", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_reminders_obligation_due_on_district",
        "reminders_obligation",
        ["shard", "district", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_obligation_due_on_town", "reminders_obligation", ["shard", "code", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_reminders_obligation_meanwhile_agency",
        "reminders_obligation",
        ["shard", "agency_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("missed_meanwhile"),
    )
    op.create_index(
        "ix_reminders_obligation_meanwhile_city",
        "reminders_obligation",
        ["shard", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("missed_meanwhile"),
    )
    op.create_index(
        "ix_reminders_obligation_meanwhile_district",
        "reminders_obligation",
        ["shard", "district", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("missed_meanwhile"),
    )
    op.create_index(
        "ix_reminders_obligation_meanwhile_town",
        "reminders_obligation",
        ["shard", "code", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("missed_meanwhile"),
    )
    op.create_index(
        "ix_reminders_obligation_open_agency",
        "reminders_obligation",
        ["shard", "agency_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "ix_reminders_obligation_open_city",
        "reminders_obligation",
        ["shard", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "ix_reminders_obligation_open_district",
        "reminders_obligation",
        ["shard", "district", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "ix_reminders_obligation_open_town",
        "reminders_obligation",
        ["shard", "code", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "ix_reminders_obligation_response", "reminders_obligation", ["shard", "response_id", "due_on"], unique=False
    )
    op.create_index(
        "ix_reminders_obligation_responsible",
        "reminders_obligation",
        ["shard", "responsible_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index("ix_reminders_obligation_source", "reminders_obligation", ["shard", "source_id"], unique=False)
    op.create_index(
        "uq_reminders_obligation_source",
        "reminders_obligation",
        ["shard", "agency_id", "kind", "source_type", "source_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'VOID'"),
    )
    op.create_table(
        "reminders_timer",
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("offset_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fires_on", sa.Date(), nullable=False),
        sa.Column("fires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "nominal_on", sa.Date(), nullable=True, comment="of a reminder: its day before it moved off a rest day"
        ),
        sa.Column("short_lead", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'ARMED'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was cancelled"),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True, comment="fired or cancelled"),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "response_id"],
            ["response.shard", "response.id"],
            name=op.f("fk_reminders_timer_shard_response_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_timer")),
        sa.UniqueConstraint(
            "shard", "subject_id", "due_version", "kind", "offset_days", name="uq_reminders_timer_once"
        ),
    )
    op.create_index(
        "ix_reminders_timer_armed",
        "reminders_timer",
        ["fires_at", "shard", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'ARMED'"),
    )
    op.create_table(
        "reminders_escalation",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("letter_number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True, comment="by when the letter wants an answer"),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_by", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "obligation_id"],
            ["reminders_obligation.shard", "reminders_obligation.id"],
            name=op.f("fk_reminders_escalation_shard_obligation_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_escalation")),
        sa.UniqueConstraint(
            "shard", "obligation_id", "level", name=op.f("uq_reminders_escalation_shard_obligation_id_level")
        ),
    )
    op.create_index(
        "ix_reminders_escalation_escalated_at_agency",
        "reminders_escalation",
        ["shard", "agency_id", "escalated_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_escalation_escalated_at_city",
        "reminders_escalation",
        ["shard", "escalated_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_escalation_escalated_at_district",
        "reminders_escalation",
        ["shard", "district", "escalated_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_escalation_escalated_at_town",
        "reminders_escalation",
        ["shard", "code", "escalated_at", "id"],
        unique=False,
    )
    op.create_table(
        "reminders_remedy",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="by when the plan says that it is done"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True, comment="by the agency's head"),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True, comment="by the bureau"),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "obligation_id"],
            ["reminders_obligation.shard", "reminders_obligation.id"],
            name=op.f("fk_reminders_remedy_shard_obligation_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_remedy")),
        sa.UniqueConstraint(
            "shard", "obligation_id", "ordinal", name=op.f("uq_reminders_remedy_shard_obligation_id_ordinal")
        ),
    )
    op.create_table(
        "reminders_reminder",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the last day that it told of"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column(
            "nominal_on",
            sa.Date(),
            nullable=False,
            comment="the day by the offset, before it moved off a day without work",
        ),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("short_lead", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("phone_task", sa.Text(), nullable=True),
        sa.Column("phoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phoned_by", sa.Text(), nullable=True),
        sa.Column("phone_note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "obligation_id"],
            ["reminders_obligation.shard", "reminders_obligation.id"],
            name=op.f("fk_reminders_reminder_shard_obligation_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_reminder")),
        sa.UniqueConstraint("shard", "obligation_id", "due_version", "offset_days", name="uq_reminders_reminder_once"),
    )
    op.create_index(
        "ix_reminders_reminder_phone_agency",
        "reminders_reminder",
        ["shard", "agency_id", "sent_at", "id"],
        unique=False,
        postgresql_where=sa.text("phone_task = 'OPEN'"),
    )
    op.create_index(
        "ix_reminders_reminder_phone_city",
        "reminders_reminder",
        ["shard", "sent_at", "id"],
        unique=False,
        postgresql_where=sa.text("phone_task = 'OPEN'"),
    )
    op.create_index(
        "ix_reminders_reminder_phone_district",
        "reminders_reminder",
        ["shard", "district", "sent_at", "id"],
        unique=False,
        postgresql_where=sa.text("phone_task = 'OPEN'"),
    )
    op.create_index(
        "ix_reminders_reminder_phone_town",
        "reminders_reminder",
        ["shard", "code", "sent_at", "id"],
        unique=False,
        postgresql_where=sa.text("phone_task = 'OPEN'"),
    )
    op.create_index("ix_reminders_reminder_sent", "reminders_reminder", ["shard", "sent_on", "id"], unique=False)
    op.create_index(
        "ix_reminders_reminder_sent_at_agency",
        "reminders_reminder",
        ["shard", "agency_id", "sent_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_reminder_sent_at_city", "reminders_reminder", ["shard", "sent_at", "id"], unique=False
    )
    op.create_index(
        "ix_reminders_reminder_sent_at_district",
        "reminders_reminder",
        ["shard", "district", "sent_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reminders_reminder_sent_at_town", "reminders_reminder", ["shard", "code", "sent_at", "id"], unique=False
    )
    op.create_table(
        "reminders_report",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("doc_type", sa.Text(), nullable=False, comment="the document's, repeated for lists"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "trace",
            postgresql.JSONB(none_as_null=True),
            nullable=False,
            comment="how the last day was reckoned: rules and calendar versions",
        ),
        sa.Column(
            "info_only",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="told, not owed: never overdue",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("form", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="accepted or returned"),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column(
            "rounds", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="how often it was returned"
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "document_id"],
            ["document.shard", "document.id"],
            name=op.f("fk_reminders_report_shard_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shard", "response_id"],
            ["response.shard", "response.id"],
            name=op.f("fk_reminders_report_shard_response_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_report")),
        sa.UniqueConstraint("shard", "document_id", name=op.f("uq_reminders_report_shard_document_id")),
    )
    op.create_index("ix_reminders_report_case", "reminders_report", ["shard", "case_id", "due_on"], unique=False)
    op.create_index(
        "ix_reminders_report_due_on_agency", "reminders_report", ["shard", "agency_id", "due_on", "id"], unique=False
    )
    op.create_index("ix_reminders_report_due_on_city", "reminders_report", ["shard", "due_on", "id"], unique=False)
    op.create_index(
        "ix_reminders_report_due_on_district", "reminders_report", ["shard", "district", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_reminders_report_due_on_town", "reminders_report", ["shard", "code", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_reminders_report_open_agency",
        "reminders_report",
        ["shard", "agency_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'ACCEPTED'"),
    )
    op.create_index(
        "ix_reminders_report_open_city",
        "reminders_report",
        ["shard", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'ACCEPTED'"),
    )
    op.create_index(
        "ix_reminders_report_open_district",
        "reminders_report",
        ["shard", "district", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'ACCEPTED'"),
    )
    op.create_index(
        "ix_reminders_report_open_town",
        "reminders_report",
        ["shard", "code", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'ACCEPTED'"),
    )
    op.create_index(
        "ix_reminders_report_response", "reminders_report", ["shard", "response_id", "due_on"], unique=False
    )
    op.create_table(
        "reminders_event",
        sa.Column("obligation_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("transition", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="subject of the actor; 'system' for timers"),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False, comment="tenant code, 9 digits"),
        sa.Column("district", sa.BigInteger(), sa.Computed("code / 1000 * 1000", persisted=True), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False, comment="root tenant: 4401, 11, 429004"),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        sa.CheckConstraint(
            "(obligation_id is null) <> (report_id is null)", name=op.f("ck_reminders_event_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["shard", "obligation_id"],
            ["reminders_obligation.shard", "reminders_obligation.id"],
            name=op.f("fk_reminders_event_shard_obligation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shard", "report_id"],
            ["reminders_report.shard", "reminders_report.id"],
            name=op.f("fk_reminders_event_shard_report_id"),
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_reminders_event")),
        sa.UniqueConstraint(
            "shard", "obligation_id", "ordinal", name=op.f("uq_reminders_event_shard_obligation_id_ordinal")
        ),
        sa.UniqueConstraint("shard", "report_id", "ordinal", name=op.f("uq_reminders_event_shard_report_id_ordinal")),
    )
    op.execute(APPEND_ONLY)
    op.execute(
        "create trigger reminders_event_stays before update or delete on reminders_event"
        " for each row execute function reminders_event_stays()"
    )


def downgrade() -> None:
    """Downgrade."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("drop function reminders_event_stays()")
