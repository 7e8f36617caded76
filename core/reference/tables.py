"""Reference data of the nation: divisions, courts, causes. Shared by all tenants, read-only to the application."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, RowClass

SHARED = {"info": {"row_class": RowClass.SHARED}}


class Division(Base):
    """行政区划: one administrative division (民政部 list, and functional units of the 统计局 list)."""

    __tablename__ = "division"
    __table_args__ = (Index("ix_division_parent_code", "parent_code"), SHARED)

    code: Mapped[str] = mapped_column(primary_key=True)
    parent_code: Mapped[str | None]
    level: Mapped[str]
    name_zh: Mapped[str]
    kind: Mapped[str]
    source: Mapped[str]
    nbs2023_code: Mapped[str | None]


class Court(Base):
    """人民法院: a court by its code in case numbers (法〔2015〕137号), e.g. 粤7101."""

    __tablename__ = "court"
    __table_args__ = (SHARED,)

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    level: Mapped[str]
    division_code: Mapped[str | None]
    administrative_role: Mapped[str | None]
    verified: Mapped[str]


class Cause(Base):
    """行政案件案由 (法发〔2020〕44号): 1 + 22 + 140 causes in three levels."""

    __tablename__ = "cause"
    __table_args__ = (CheckConstraint("level between 1 and 3", name="level"), SHARED)

    code: Mapped[str] = mapped_column(primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("cause.code"))
    level: Mapped[int]
    name_zh: Mapped[str]
    verified: Mapped[str]
