"""Case level (shells): court facts, visible where one of the case's responses is."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, RowClass, Sharded, sharded_args, to


class Dispute(Sharded, Base):
    """争议: the quarrel itself; groups its procedures."""

    __tablename__ = "dispute"
    __table_args__ = sharded_args(row_class=RowClass.DISPUTE)

    opened_on: Mapped[date]
    title: Mapped[str | None]


class CaseShell(Sharded, Base):
    """案件: one procedure (程序): one case number before one court, or one reference before one organ.

    The application role cannot insert here: `case_attach` finds or creates the shell (architecture §9).
    """

    __tablename__ = "case_shell"
    __table_args__ = sharded_args(
        to("dispute", "dispute_id"),
        UniqueConstraint(
            "shard",
            "court_code",
            "number_year",
            "number_special",
            "number_type",
            "number_serial",
            name="uq_case_shell_number",
        ),
        Index("ix_case_shell_dispute", "shard", "dispute_id"),
        CheckConstraint(
            "(number_serial is null) = (number_text is null) and (number_serial is null) = (number_year is null)",
            name="number_whole",
        ),
        CheckConstraint("closed_on is null or closed_on >= filed_on", name="dates_in_order"),
        CheckConstraint("(status = 'CLOSED') = (closed_on is not null)", name="closed_with_day"),
        row_class=RowClass.CASE,
    )

    dispute_id: Mapped[UUID] = mapped_column(Uuid)
    procedure_kind: Mapped[str]
    compensation: Mapped[str]
    procedure_form: Mapped[str]
    court_code: Mapped[str | None] = mapped_column(ForeignKey("court.code"))
    number_year: Mapped[int | None]
    number_special: Mapped[str] = mapped_column(server_default=text("''"))
    number_type: Mapped[str | None]
    number_serial: Mapped[int | None]
    number_text: Mapped[str | None]
    number_as_written: Mapped[str | None]
    organ_reference: Mapped[str | None]
    challenged_act_number: Mapped[str | None]
    cause_code: Mapped[str] = mapped_column(ForeignKey("cause.code"))
    closing_cause_code: Mapped[str | None] = mapped_column(ForeignKey("cause.code"))
    filed_on: Mapped[date]
    closed_on: Mapped[date | None]
    status: Mapped[str]
    outcome: Mapped[str | None]
    outcome_as_written: Mapped[str | None] = mapped_column(comment="what an import wrote, where it is no known outcome")
    first_hearing_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Party(Sharded, Base):
    """当事人: plaintiff, respondent or third person. The number and the telephone are sensitive: masked, revealed by a logged act."""

    __tablename__ = "party"
    __table_args__ = sharded_args(
        to("case_shell", "case_id"),
        Index("ix_party_case", "shard", "case_id", "ordinal", "id"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("people >= 1", name="people"),
        row_class=RowClass.CASE,
    )

    case_id: Mapped[UUID] = mapped_column(Uuid)
    side: Mapped[str]
    kind: Mapped[str]
    ordinal: Mapped[int] = mapped_column(server_default=text("0"))
    name: Mapped[str]
    people: Mapped[int] = mapped_column(server_default=text("1"))
    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    identity_number: Mapped[str | None]
    telephone: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Hearing(Sharded, Base):
    """庭审: one hearing of a case."""

    __tablename__ = "hearing"
    __table_args__ = sharded_args(
        to("case_shell", "case_id"),
        UniqueConstraint("shard", "case_id", "sequence"),
        row_class=RowClass.CASE,
    )

    case_id: Mapped[UUID] = mapped_column(Uuid)
    sequence: Mapped[int]
    held_on: Mapped[date] = mapped_column(comment="the day it is scheduled for, or was held on")
    starts_at: Mapped[time | None]
    mode: Mapped[str]
    place: Mapped[str | None]
    head_required: Mapped[bool | None]
    status: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class HearingChange(Sharded, Base):
    """改期记录: where a rescheduled or cancelled hearing stood before."""

    __tablename__ = "hearing_change"
    __table_args__ = sharded_args(
        to("case_shell", "case_id"),
        to("hearing", "hearing_id"),
        Index("ix_hearing_change_hearing", "shard", "hearing_id", "changed_at"),
        row_class=RowClass.CASE,
    )

    case_id: Mapped[UUID] = mapped_column(Uuid)
    hearing_id: Mapped[UUID] = mapped_column(Uuid)
    former_day: Mapped[date]
    former_time: Mapped[time | None]
    new_day: Mapped[date | None]
    new_time: Mapped[time | None]
    reason: Mapped[str]
    changed_at: Mapped[datetime]


class Judgment(Sharded, Base):
    """裁判: a judgment, ruling or mediation statement that ends a case."""

    __tablename__ = "judgment"
    __table_args__ = sharded_args(
        to("case_shell", "case_id"),
        Index("ix_judgment_case", "shard", "case_id", "decided_on"),
        row_class=RowClass.CASE,
    )

    case_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str]
    number_text: Mapped[str | None]
    decided_on: Mapped[date]
    served_on: Mapped[date | None]
    outcome: Mapped[str | None]
    outcome_as_written: Mapped[str | None] = mapped_column(comment="what an import wrote, where it is no known outcome")
    appeal_until: Mapped[date | None]
    effective_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class CaseLink(Sharded, Base):
    """程序关联: from the earlier case to the later one (appealed, remanded, retried …), walked in both directions."""

    __tablename__ = "case_link"
    __table_args__ = sharded_args(
        to("case_shell", "from_case_id"),
        to("case_shell", "to_case_id"),
        UniqueConstraint("shard", "from_case_id", "to_case_id", "kind"),
        Index("ix_case_link_to", "shard", "to_case_id"),
        CheckConstraint("from_case_id <> to_case_id", name="two_cases"),
        row_class=RowClass.LINK,
    )

    from_case_id: Mapped[UUID] = mapped_column(Uuid)
    to_case_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str]
