"""Response level: one respondent agency's part in one case (件次), and its documents, periods, appearances and holdings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, OfAgency, RowClass, Sharded, sharded_args, to


def list_orders(table: str, sort: str, prefix: str = "") -> tuple[Index, ...]:
    """The indexes of a list in its default order (newest first), for a city, a district, a town and an agency."""
    name = f"ix_{table}_{prefix or sort}"
    return (
        Index(f"{name}_city", "shard", sort, "id"),
        Index(f"{name}_district", "shard", "district", sort, "id"),
        Index(f"{name}_town", "shard", "code", sort, "id"),
        Index(f"{name}_agency", "shard", "agency_id", sort, "id"),
    )


class Response(OfAgency, Base):
    """应诉: the unit of every statistic (件次). Lists drive from here, so it repeats the case's sort columns.

    The columns below `filed_on` are copies of the shell's, kept by the trigger `case_shell_spread`.
    """

    __tablename__ = "response"
    __table_args__ = sharded_args(
        to("case_shell", "case_id"),
        to("agency", "agency_id"),
        UniqueConstraint("shard", "case_id", "agency_id"),
        UniqueConstraint("shard", "case_id", "ordinal"),
        *list_orders("response", "filed_on"),
        Index("ix_response_court", "shard", "court_code", "filed_on", "id"),
        row_class=RowClass.ANCHOR,
    )

    case_id: Mapped[UUID] = mapped_column(Uuid)
    ordinal: Mapped[int] = mapped_column(comment="0 for the first respondent of the case")
    origin_code: Mapped[int] = mapped_column(BigInteger, comment="the tenant at registration; never re-coded")
    role: Mapped[str]
    received_on: Mapped[date | None]
    answer_due_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    outcome: Mapped[str | None]
    lost: Mapped[bool | None]
    registered_at: Mapped[datetime]
    filed_on: Mapped[date]
    closed_on: Mapped[date | None]
    status: Mapped[str]
    procedure_kind: Mapped[str]
    cause_code: Mapped[str]
    court_code: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class OfResponse(OfAgency):
    """Columns of every row that hangs on a response."""

    case_id: Mapped[UUID] = mapped_column(Uuid)
    response_id: Mapped[UUID] = mapped_column(Uuid)


class Document(OfResponse, Base):
    """文书: a document received or sent. `received_on` is the legal receipt (送达), `registered_at` when we entered it."""

    __tablename__ = "document"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        to("stored_file", "file_id"),
        Index("ix_document_response", "shard", "response_id", "received_on"),
        Index("ix_document_case", "shard", "case_id", "received_on"),
        *list_orders("document", "received_on"),
        row_class=RowClass.RESPONSE_OPEN,
    )

    doc_type: Mapped[str]
    title: Mapped[str]
    number_text: Mapped[str | None]
    direction: Mapped[str]
    dated_on: Mapped[date | None]
    received_on: Mapped[date]
    registered_at: Mapped[datetime]
    pages: Mapped[int | None]
    file_name: Mapped[str | None]
    internal: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="kept from the court and from mediators"
    )
    file_id: Mapped[UUID | None] = mapped_column(Uuid)


class PeriodCalculation(Sharded, Base):
    """期限计算: the input and the trace of a calculation, shared by all periods of a city that were reckoned alike."""

    __tablename__ = "period_calculation"
    __table_args__ = sharded_args(UniqueConstraint("shard", "digest"), row_class=RowClass.SHARD)

    digest: Mapped[str]
    input: Mapped[dict[str, Any]]
    trace: Mapped[list[Any]]
    due_on: Mapped[date]
    earliest_due_on: Mapped[date]
    provisional: Mapped[bool]
    calendar_versions: Mapped[list[Any]]


class Period(OfResponse, Base):
    """期限: a term that runs, with its due day and the calculation that gave it."""

    __tablename__ = "period"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        to("period_calculation", "calculation_id"),
        Index("ix_period_response", "shard", "response_id", "due_on"),
        Index("ix_period_case", "shard", "case_id", "due_on"),
        Index("ix_period_calculation", "shard", "calculation_id", postgresql_where=text("status = 'OPEN'")),
        Index("ix_period_provisional", "shard", "id", postgresql_where=text("provisional and status = 'OPEN'")),
        Index("ix_period_running", "due_on", postgresql_where=text("status = 'OPEN'")),
        *list_orders("period", "due_on"),
        row_class=RowClass.RESPONSE,
    )

    kind: Mapped[str]
    starts_on: Mapped[date]
    due_on: Mapped[date]
    earliest_due_on: Mapped[date]
    provisional: Mapped[bool]
    status: Mapped[str]
    met_on: Mapped[date | None]
    posted_on: Mapped[date | None]
    calculation_id: Mapped[UUID | None] = mapped_column(Uuid)
    source_document_id: Mapped[UUID | None] = mapped_column(Uuid)
    judgment_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(server_default=text("1"))


class PeriodChange(OfResponse, Base):
    """期限变更: why a due day moved: extension, suspension, or a calendar year that turned official."""

    __tablename__ = "period_change"
    __table_args__ = sharded_args(
        to("period", "period_id"),
        Index("ix_period_change_period", "shard", "period_id", "changed_at"),
        row_class=RowClass.RESPONSE,
    )

    period_id: Mapped[UUID] = mapped_column(Uuid)
    cause: Mapped[str]
    former_due_on: Mapped[date]
    new_due_on: Mapped[date]
    former_calculation_id: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str]
    changed_at: Mapped[datetime]


class PeriodNotice(OfResponse, Base):
    """期限提示: that an open period came near its last day was told, once for each last day and stage."""

    __tablename__ = "period_notice"
    __table_args__ = sharded_args(
        to("period", "period_id"),
        UniqueConstraint("shard", "period_id", "due_on", "stage"),
        row_class=RowClass.RESPONSE,
    )

    period_id: Mapped[UUID] = mapped_column(Uuid)
    due_on: Mapped[date]
    stage: Mapped[str]
    noticed_at: Mapped[datetime]


class Appearance(OfResponse, Base):
    """出庭: the agency's side of a hearing. What is null is not stated, and outside every rate."""

    __tablename__ = "appearance"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        to("hearing", "hearing_id"),
        UniqueConstraint("shard", "hearing_id", "response_id"),
        Index("ix_appearance_response", "shard", "response_id", "held_on"),
        Index("ix_appearance_case", "shard", "case_id", "held_on"),
        *list_orders("appearance", "held_on"),
        row_class=RowClass.RESPONSE_OPEN,
    )

    hearing_id: Mapped[UUID] = mapped_column(Uuid)
    ordinal: Mapped[int] = mapped_column(
        server_default=text("0"), comment="the response's, so that a hearing lists once"
    )
    held_on: Mapped[date] = mapped_column(comment="the hearing's day, kept by the trigger hearing_spread")
    head_attended: Mapped[bool | None]
    head_name: Mapped[str | None]
    head_title: Mapped[str | None]
    head_kind: Mapped[str | None]
    head_spoke: Mapped[bool | None]
    absence_reason: Mapped[str | None]
    agents: Mapped[int | None]
    lawyer_only: Mapped[bool | None]
    left_early: Mapped[bool | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Holding(OfResponse, Base):
    """裁判结果 (for one agency): with co-respondents the loss follows the holding on each agency's own act (行政诉讼法 79)."""

    __tablename__ = "holding"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        to("judgment", "judgment_id"),
        UniqueConstraint("shard", "judgment_id", "response_id"),
        Index("ix_holding_response", "shard", "response_id", "decided_on"),
        Index("ix_holding_case", "shard", "case_id", "decided_on"),
        *list_orders("holding", "decided_on"),
        CheckConstraint("amount_yuan >= 0", name="amount"),
        row_class=RowClass.RESPONSE_OPEN,
    )

    judgment_id: Mapped[UUID] = mapped_column(Uuid)
    ordinal: Mapped[int] = mapped_column(server_default=text("0"))
    decided_on: Mapped[date] = mapped_column(comment="the judgment's day, kept by the trigger judgment_spread")
    outcome: Mapped[str | None]
    lost: Mapped[bool | None]
    loss_reason: Mapped[str | None]
    amount_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Obligation(OfResponse, Base):
    """义务: what the agency must do by a day: perform a judgment, answer, report."""

    __tablename__ = "obligation"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        to("judgment", "judgment_id"),
        to("period", "period_id"),
        Index("ix_obligation_response", "shard", "response_id", "due_on"),
        Index("ix_obligation_case", "shard", "case_id", "due_on"),
        *list_orders("obligation", "due_on"),
        CheckConstraint("(status = 'FULFILLED') = (fulfilled_on is not null)", name="fulfilled_with_day"),
        row_class=RowClass.RESPONSE,
    )

    kind: Mapped[str]
    content: Mapped[str]
    due_on: Mapped[date]
    status: Mapped[str]
    fulfilled_on: Mapped[date | None]
    judgment_id: Mapped[UUID | None] = mapped_column(Uuid)
    period_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Suggestion(OfAgency, Base):
    """建议: a judicial (司法建议) or procuratorial (检察建议) suggestion to an agency, with or without a case."""

    __tablename__ = "suggestion"
    __table_args__ = sharded_args(
        to("agency", "agency_id"),
        to("response", "response_id"),
        Index("ix_suggestion_response", "shard", "response_id"),
        Index("ix_suggestion_case", "shard", "case_id", "received_on"),
        Index("ix_suggestion_calculation", "shard", "calculation_id", postgresql_where=text("status = 'OPEN'")),
        *list_orders("suggestion", "received_on"),
        CheckConstraint("(status = 'REPLIED') = (replied_on is not null)", name="replied_with_day"),
        row_class=RowClass.RESPONSE,
    )

    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    response_id: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str]
    number_text: Mapped[str | None]
    issued_by: Mapped[str]
    subject: Mapped[str]
    received_on: Mapped[date]
    reply_due_on: Mapped[date]
    replied_on: Mapped[date | None]
    status: Mapped[str]
    calculation_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Note(OfResponse, Base):
    """内部意见: an agency's internal note on its case: never shown to a co-respondent or to the court."""

    __tablename__ = "note"
    __table_args__ = sharded_args(
        to("response", "response_id"),
        Index("ix_note_response", "shard", "response_id", "written_at"),
        CheckConstraint("body <> ''", name="body"),
        row_class=RowClass.RESPONSE,
    )

    body: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]
