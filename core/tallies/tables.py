"""The summary table of responses. Nobody writes it but the triggers on `response` (core/db/sql/tallies.sql)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, RowClass, Sharded, sharded_args


class CaseTally(Sharded, Base):
    """案件统计: how many responses (件次) of one kind a tenant, or an agency, has; written in the transaction that changes them.

    A response is counted once at each level (its city, its district, its town, its agency), in the month in which its case was
    filed and, once closed, again in the month of closing; and, but for agencies, in the year of each. So the figures of a city are
    read from the city's own rows, however many towns it has, and from few where nobody asks for months. A cell is the sum of its
    slots: concurrent writers each add to a slot of their own, where a count may be negative
    (docs/decisions/0018-tallies-by-triggers-and-slots.md).

    The column is not called `code`: what holds `code` is re-coded when tenants move, and these rows follow their responses.
    """

    __tablename__ = "case_tally"
    __table_args__ = sharded_args(
        UniqueConstraint(
            "shard",
            "level",
            "tenant_code",
            "agency_id",
            "month",
            "series",
            "procedure_kind",
            "status",
            "outcome",
            "lost",
            "slot",
            name="uq_case_tally_cell",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_case_tally_agency", "shard", "agency_id", "month", postgresql_where=text("level = 'AGENCY'")),
        row_class=RowClass.TALLY,
    )

    level: Mapped[str] = mapped_column(
        comment="CITY, DISTRICT, TOWN or AGENCY: what the row is summed for; with _YEAR, for a whole year"
    )
    tenant_code: Mapped[int] = mapped_column(
        BigInteger, comment="the city's, district's or town's code; of an agency, the tenant of its responses"
    )
    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    month: Mapped[date] = mapped_column(comment="first day of the month, or of the year, of filing or of closing")
    series: Mapped[str] = mapped_column(comment="FILED or CLOSED")
    procedure_kind: Mapped[str]
    status: Mapped[str]
    outcome: Mapped[str | None] = mapped_column(comment="closing figures only")
    lost: Mapped[bool | None] = mapped_column(comment="closing figures only; null where not stated")
    slot: Mapped[int]
    responses: Mapped[int]
