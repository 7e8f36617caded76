"""The plugin's tables: 报备, 督办义务, its append-only events, timers and reminders, remedy plans, escalations.

The core's periods, hearings and suggestions stay the legal facts; these rows say how they are supervised. Every row belongs to
one agency of one tenant, is seen by both (never by a court), and hangs on a response unless a suggestion came without a case.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk.tables import Base, OfAgency, OfResponse, RowClass, exists, list_orders, sharded_args, to, unmet

_JUST_READ = unmet("written for a row that was just read")
_COUNTED = unmet("counted under the lock of the obligation or the report")
_RULES = unmet("as the rules give it, which are tried with every history")


def orders_of(table: str, sort: str, part: str, condition: str) -> tuple[Index, ...]:
    """The indexes of a part of a list, in the list's order, for a city, a district, a town and an agency."""
    scopes: dict[str, tuple[str, ...]] = {
        "city": (),
        "district": ("district",),
        "town": ("code",),
        "agency": ("agency_id",),
    }
    return tuple(
        Index(f"ix_{table}_{part}_{name}", "shard", *columns, sort, "id", postgresql_where=text(condition))
        for name, columns in scopes.items()
    )


class Supervised(OfAgency):
    """Columns of every row that supervises: whose it is, and the response that it hangs on, if any."""

    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    response_id: Mapped[UUID | None] = mapped_column(Uuid)


class Report(OfResponse, Base):
    """报备: the duty to report a received document to the bureau of the same level within its term (domain D1).

    `overdue_at` is written once, when the term passes without a report, and stays after a late one.
    """

    __tablename__ = "reminders_report"
    __table_args__ = sharded_args(
        to("response", "response_id", info=_JUST_READ),
        to("document", "document_id", info=_JUST_READ),
        UniqueConstraint(
            "shard", "document_id", info=unmet("written with its document, or with ON CONFLICT DO NOTHING")
        ),
        Index("ix_reminders_report_case", "shard", "case_id", "due_on"),
        Index("ix_reminders_report_response", "shard", "response_id", "due_on"),
        *list_orders("reminders_report", "due_on"),
        *orders_of("reminders_report", "due_on", "open", "state <> 'ACCEPTED'"),
        row_class=RowClass.RESPONSE,
    )

    document_id: Mapped[UUID] = mapped_column(Uuid)
    doc_type: Mapped[str] = mapped_column(comment="the document's, repeated for lists")
    received_on: Mapped[date]
    due_on: Mapped[date]
    trace: Mapped[list[Any]] = mapped_column(comment="how the last day was reckoned: rules and calendar versions")
    info_only: Mapped[bool] = mapped_column(server_default=text("false"), comment="told, not owed: never overdue")
    state: Mapped[str]
    registered_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    missed_meanwhile: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="its term passed while the plugin was not enabled"
    )
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    form: Mapped[dict[str, Any] | None]
    decided_at: Mapped[datetime | None] = mapped_column(comment="accepted or returned")
    decided_by: Mapped[str | None]
    rounds: Mapped[int] = mapped_column(server_default=text("0"), comment="how often it was returned")
    version: Mapped[int] = mapped_column(server_default=text("1"))


class SupervisedObligation(Supervised, Base):
    """督办义务: one duty of one agency that must not be missed: one per (response, kind, source).

    `source` is the core's row that the last day comes from. `due_version` rises when the last day moves or the obligation
    resumes, so that reminders of different last days never meet. `missed_at` stays, whatever comes after.
    """

    __tablename__ = "reminders_obligation"
    __table_args__ = sharded_args(
        to("agency", "agency_id", info=_JUST_READ),
        to("response", "response_id", info=_JUST_READ),
        # A void one does not count: a case that was closed by mistake and is reopened has its duties again.
        Index(
            "uq_reminders_obligation_source",
            "shard",
            "agency_id",
            "kind",
            "source_type",
            "source_id",
            unique=True,
            postgresql_where=text("state <> 'VOID'"),
            info=exists(
                "case_id",
                "This duty came under supervision at the same moment: try again",
                "该事项刚已立项督办，请重试",
            ),
        ),
        Index("ix_reminders_obligation_case", "shard", "case_id", "due_on"),
        Index("ix_reminders_obligation_response", "shard", "response_id", "due_on"),
        Index("ix_reminders_obligation_source", "shard", "source_id"),
        Index(
            "ix_reminders_obligation_responsible",
            "shard",
            "responsible_id",
            "due_on",
            postgresql_where=text("closed_at is null"),
        ),
        *list_orders("reminders_obligation", "due_on"),
        *orders_of("reminders_obligation", "due_on", "open", "closed_at is null"),
        *orders_of("reminders_obligation", "due_on", "meanwhile", "missed_meanwhile"),
        CheckConstraint("due_version >= 1", name="due_version", info=_RULES),
        CheckConstraint("(case_id is null) = (response_id is null)", name="case_with_response", info=_RULES),
        row_class=RowClass.RESPONSE,
    )

    kind: Mapped[str]
    source_type: Mapped[str]
    source_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str]
    due_on: Mapped[date]
    earliest_due_on: Mapped[date] = mapped_column(
        comment="while a calendar year is provisional: the earliest that the last day can turn out to be"
    )
    due_version: Mapped[int] = mapped_column(server_default=text("1"))
    due_verified: Mapped[bool] = mapped_column(server_default=text("false"), comment="by the bureau")
    starts_at: Mapped[datetime | None] = mapped_column(comment="of a hearing: its instant, where the court gave a time")
    registered_on: Mapped[date]
    registered_at: Mapped[datetime] = mapped_column(comment="when the present last day became known")
    responsible_id: Mapped[UUID | None] = mapped_column(Uuid, comment="the member who answers for it")
    acted_on: Mapped[date | None]
    acted_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    violation_date: Mapped[date | None]
    feedback_due_on: Mapped[date | None]
    feedback_filed_at: Mapped[datetime | None]
    feedback_overdue_at: Mapped[datetime | None]
    feedback: Mapped[dict[str, Any] | None]
    verify_due_on: Mapped[date | None] = mapped_column(comment="the bureau's last day to verify a feedback")
    verified_at: Mapped[datetime | None]
    remedy_due_on: Mapped[date | None]
    remedy_approved_at: Mapped[datetime | None]
    remedy_overdue_at: Mapped[datetime | None]
    plan_due_on: Mapped[date | None] = mapped_column(comment="by when the approved plan is to be done")
    escalated_at: Mapped[datetime | None]
    rounds: Mapped[int] = mapped_column(server_default=text("0"), comment="returned feedback and refused plans")
    closed_at: Mapped[datetime | None] = mapped_column(comment="closed, closed late or void: nothing more to do")
    missed_meanwhile: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="its last day passed while the plugin was not enabled"
    )
    version: Mapped[int] = mapped_column(server_default=text("1"))


class ReminderEvent(Supervised, Base):
    """督办记录: one transition of an obligation or a report; append-only, which a trigger holds."""

    __tablename__ = "reminders_event"
    __table_args__ = sharded_args(
        to("reminders_obligation", "obligation_id", info=_JUST_READ),
        to("reminders_report", "report_id", info=_JUST_READ),
        UniqueConstraint("shard", "obligation_id", "ordinal", info=_COUNTED),
        UniqueConstraint("shard", "report_id", "ordinal", info=_COUNTED),
        CheckConstraint("(obligation_id is null) <> (report_id is null)", name="one_subject", info=_RULES),
        row_class=RowClass.RESPONSE,
    )

    obligation_id: Mapped[UUID | None] = mapped_column(Uuid)
    report_id: Mapped[UUID | None] = mapped_column(Uuid)
    ordinal: Mapped[int]
    transition: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    actor: Mapped[str] = mapped_column(comment="subject of the actor; 'system' for timers")
    actor_name: Mapped[str | None]
    actor_role: Mapped[str | None]
    at: Mapped[datetime]
    reason: Mapped[str | None]
    evidence: Mapped[dict[str, Any] | None]


class Timer(Supervised, Base):
    """定时: something that must happen to a subject at an instant, unless it is cancelled before.

    Deadlines are derived from these rows when they are due, never from delayed messages. ARMED until it fires, and then deleted:
    the event that it brought about is the record. RESTING: due where the plugin is not enabled, until it is. CANCELLED, for a reason.
    """

    __tablename__ = "reminders_timer"
    __table_args__ = sharded_args(
        to("response", "response_id", info=_JUST_READ),
        UniqueConstraint(
            *("shard", "subject_id", "due_version", "kind", "offset_days"),
            name="uq_reminders_timer_once",
            info=unmet("armed with ON CONFLICT"),
        ),
        Index("ix_reminders_timer_due", "kind", "fires_at", "id", postgresql_where=text("state = 'ARMED'")),
        Index("ix_reminders_timer_resting", "shard", "code", postgresql_where=text("state = 'RESTING'")),
        row_class=RowClass.RESPONSE,
    )

    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    due_version: Mapped[int]
    kind: Mapped[str]
    offset_days: Mapped[int] = mapped_column(server_default=text("0"))
    fires_on: Mapped[date]
    fires_at: Mapped[datetime]
    nominal_on: Mapped[date | None] = mapped_column(comment="of a reminder: its day before it moved off a rest day")
    short_lead: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(server_default=text("'ARMED'"))
    reason: Mapped[str | None] = mapped_column(comment="why it was cancelled")
    settled_at: Mapped[datetime | None] = mapped_column(comment="when it was cancelled")


class Reminder(Supervised, Base):
    """提醒记录: that an obligation's last day was told ahead, once for each last day and kind.

    `kind` is REMIND_7, REMIND_1 …; REMIND_REST_DAY_7 … is the second one of the setting `both`, on the rest day itself.
    """

    __tablename__ = "reminders_reminder"
    __table_args__ = sharded_args(
        to("reminders_obligation", "obligation_id", info=_JUST_READ),
        UniqueConstraint(
            *("shard", "obligation_id", "due_version", "kind"),
            name="uq_reminders_reminder_once",
            info=unmet("written by the sweep with ON CONFLICT DO NOTHING"),
        ),
        Index("ix_reminders_reminder_sent", "shard", "sent_on", "id"),
        *orders_of("reminders_reminder", "sent_at", "phone", "phone_task = 'OPEN'"),
        *list_orders("reminders_reminder", "sent_at"),
        row_class=RowClass.RESPONSE,
    )

    obligation_id: Mapped[UUID] = mapped_column(Uuid)
    due_version: Mapped[int]
    due_on: Mapped[date] = mapped_column(comment="the last day that it told of")
    kind: Mapped[str]
    offset_days: Mapped[int]
    nominal_on: Mapped[date] = mapped_column(comment="the day by the offset, before it moved off a day without work")
    sent_on: Mapped[date]
    sent_at: Mapped[datetime]
    short_lead: Mapped[bool] = mapped_column(server_default=text("false"))
    message_id: Mapped[UUID | None] = mapped_column(Uuid)
    read_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    phone_task: Mapped[str | None]
    phoned_at: Mapped[datetime | None]
    phoned_by: Mapped[str | None]
    phone_note: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Remedy(Supervised, Base):
    """补救方案: what an agency does about a missed obligation, with the signatures that it needs."""

    __tablename__ = "reminders_remedy"
    __table_args__ = sharded_args(
        to("reminders_obligation", "obligation_id", info=_JUST_READ),
        UniqueConstraint("shard", "obligation_id", "ordinal", info=_COUNTED),
        row_class=RowClass.RESPONSE,
    )

    obligation_id: Mapped[UUID] = mapped_column(Uuid)
    ordinal: Mapped[int]
    plan: Mapped[str]
    due_on: Mapped[date] = mapped_column(comment="by when the plan says that it is done")
    state: Mapped[str]
    filed_at: Mapped[datetime]
    filed_by: Mapped[str]
    signed_at: Mapped[datetime | None] = mapped_column(comment="by the agency's head")
    signed_by: Mapped[str | None]
    approved_at: Mapped[datetime | None] = mapped_column(comment="by the bureau")
    approved_by: Mapped[str | None]
    refused_at: Mapped[datetime | None]
    refused_by: Mapped[str | None]
    refusal: Mapped[str | None]
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    proof: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Escalation(Supervised, Base):
    """升级督办: a step up the accountability ladder (domain §3), with its letter."""

    __tablename__ = "reminders_escalation"
    __table_args__ = sharded_args(
        to("reminders_obligation", "obligation_id", info=_JUST_READ),
        UniqueConstraint(
            *("shard", "obligation_id", "level"),
            info=exists("level", "This step of the ladder has been taken already", "该级处置已作出"),
        ),
        *list_orders("reminders_escalation", "escalated_at"),
        row_class=RowClass.RESPONSE,
    )

    obligation_id: Mapped[UUID] = mapped_column(Uuid)
    level: Mapped[str]
    letter_number: Mapped[str]
    reason: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(comment="by when the letter wants an answer")
    escalated_at: Mapped[datetime]
    escalated_by: Mapped[str]


TABLES = (Report, SupervisedObligation, ReminderEvent, Timer, Reminder, Remedy, Escalation)
