"""The working-day calendar as versioned data. A loaded year is never edited: a new version supersedes it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, RowClass

SHARED = {"info": {"row_class": RowClass.SHARED}}


class CalendarVersion(Base):
    """日历版本: one loading of one year, official (国务院通知) or provisional (weekends and statutory days only)."""

    __tablename__ = "calendar_version"
    __table_args__ = (
        CheckConstraint("status in ('official', 'provisional')", name="status"),
        UniqueConstraint("year", "version"),
        Index("ix_calendar_version_current", "year", unique=True, postgresql_where=text("superseded_at is null")),
        SHARED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    version: Mapped[int]
    status: Mapped[str]
    source: Mapped[str]
    loaded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class CalendarDay(Base):
    """日历日: whether a day is a working day, by one version of its year."""

    __tablename__ = "calendar_day"
    __table_args__ = (SHARED,)

    version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    kind: Mapped[str]
    holiday: Mapped[str | None]
