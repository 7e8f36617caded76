"""The tables of the circular. Names of agencies and districts are kept as they were: an issue is a paper, not a view.

Nothing of a published issue changes: no policy lets the application update it, and triggers (reminders_0002) refuse it to
every role. A draft that is drawn up again is superseded by a new row, so that what was once counted stays to be looked at.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk.tables import Base, InTenant, RowClass, Sharded, exists, invalid, sharded_args, to, unmet

_FROZEN = unmet("one statement writes an issue, from figures that the rules hold together")


class Circular(InTenant, Base):
    """每月通报: one issue, of one city about one month."""

    __tablename__ = "reminders_circular"
    __table_args__ = sharded_args(
        Index(
            "uq_reminders_circular_month",
            "shard",
            "code",
            "month",
            "state",
            unique=True,
            postgresql_where=text("state <> 'SUPERSEDED'"),
            info=exists(
                "month",
                "Somebody else drew up this month's circular at the same moment: try again",
                "他人刚拟制本月通报，请重试",
            ),
        ),
        UniqueConstraint(
            *("shard", "code", "number_series", "number_year", "number_serial"),
            name="uq_reminders_circular_number",
            info=exists(
                "number_serial", "This number was given at the same moment: try again", "该发文字号刚被占用，请重试"
            ),
        ),
        Index("ix_reminders_circular_list", "shard", "month", "id"),
        CheckConstraint("state in ('DRAFT', 'PUBLISHED', 'SUPERSEDED')", name="state", info=_FROZEN),
        CheckConstraint("(state = 'PUBLISHED') = (published_at is not null)", name="published", info=_FROZEN),
        CheckConstraint("(state = 'PUBLISHED') = (number_text is not null)", name="numbered", info=_FROZEN),
        CheckConstraint(
            "extract(day from month) = 1",
            name="month",
            info=invalid("month", "A month is named by its first day", "月份以当月首日表示"),
        ),
        row_class=RowClass.ISSUE,
    )

    month: Mapped[date] = mapped_column(comment="first day of the month that it is about")
    state: Mapped[str]
    as_of: Mapped[date] = mapped_column(comment="last day of the month: where each duty stood at its end is counted")
    known_at: Mapped[datetime] = mapped_column(comment="what was entered up to this instant is counted")
    due_to_publish_on: Mapped[date]
    city: Mapped[str]
    issuer: Mapped[str]
    recipients: Mapped[str]
    demands: Mapped[str]
    number_series: Mapped[str | None]
    number_year: Mapped[int | None]
    number_serial: Mapped[int | None]
    number_text: Mapped[str | None]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    published_at: Mapped[datetime | None]
    published_on: Mapped[date | None]
    published_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class OfCircular(Sharded):
    """Columns of what stands in an issue: about which agency, in which district, on which kind of duty."""

    circular_id: Mapped[UUID] = mapped_column(Uuid)
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    agency_name: Mapped[str]
    district_code: Mapped[int] = mapped_column(BigInteger, comment="the city's own code for its own agencies")
    district_name: Mapped[str]
    kind: Mapped[str]


class CircularLine(OfCircular, Base):
    """通报数据: the figures of one agency, in one district, on one kind of duty. `due` is the sum of the five standings."""

    __tablename__ = "reminders_circular_line"
    __table_args__ = sharded_args(
        to("reminders_circular", "circular_id", info=_FROZEN),
        to("agency", "agency_id", info=_FROZEN),
        UniqueConstraint(
            *("shard", "circular_id", "agency_id", "district_code", "kind"),
            name="uq_reminders_circular_line_cell",
            info=_FROZEN,
        ),
        CheckConstraint("due > 0 and due = void + on_time + late + missed + open", name="sum", info=_FROZEN),
        CheckConstraint("late + missed <= was_missed and was_missed <= due", name="was_missed", info=_FROZEN),
        CheckConstraint("remedied between 0 and was_missed", name="remedied", info=_FROZEN),
        row_class=RowClass.ISSUE_PART,
    )

    due: Mapped[int]
    void: Mapped[int]
    on_time: Mapped[int]
    late: Mapped[int]
    missed: Mapped[int]
    open: Mapped[int]
    was_missed: Mapped[int]
    remedied: Mapped[int]


class CircularMiss(OfCircular, Base):
    """点名: a duty that was missed. No case is named: one agency's cases are not another's to see (domain §10)."""

    __tablename__ = "reminders_circular_miss"
    __table_args__ = sharded_args(
        to("reminders_circular", "circular_id", info=_FROZEN),
        to("agency", "agency_id", info=_FROZEN),
        UniqueConstraint("shard", "circular_id", "subject_id", info=_FROZEN),
        Index("ix_reminders_circular_miss_subject", "shard", "subject_id"),
        row_class=RowClass.ISSUE_PART,
    )

    subject_id: Mapped[UUID] = mapped_column(Uuid, comment="the obligation or the report; never shown")
    due_on: Mapped[date]
    violation_on: Mapped[date]
    acted_on: Mapped[date | None]
    days_late: Mapped[int]
    remedied: Mapped[bool]


class CircularCorrection(OfCircular, Base):
    """更正: one figure of a month that was published before, and what it is now."""

    __tablename__ = "reminders_circular_correction"
    __table_args__ = sharded_args(
        to("reminders_circular", "circular_id", info=_FROZEN),
        to("agency", "agency_id", info=_FROZEN),
        UniqueConstraint(
            *("shard", "circular_id", "month", "agency_id", "district_code", "kind", "measure"),
            name="uq_reminders_circular_correction_figure",
            info=_FROZEN,
        ),
        CheckConstraint("before <> after", name="change", info=_FROZEN),
        row_class=RowClass.ISSUE_PART,
    )

    month: Mapped[date] = mapped_column(comment="first day of the month that is corrected")
    measure: Mapped[str]
    before: Mapped[int]
    after: Mapped[int]


class CircularFile(Sharded, Base):
    """通报文件: the issue as a .docx or an .xlsx in the object store."""

    __tablename__ = "reminders_circular_file"
    __table_args__ = sharded_args(
        to("reminders_circular", "circular_id", info=_FROZEN),
        UniqueConstraint("shard", "circular_id", "format", info=unmet("a job makes each file once")),
        row_class=RowClass.ISSUE_PART,
    )

    circular_id: Mapped[UUID] = mapped_column(Uuid)
    format: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(Uuid, comment="its row in stored_file, and its place in the store")
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    stored_at: Mapped[datetime]


TABLES = (Circular, CircularLine, CircularMiss, CircularCorrection, CircularFile)
