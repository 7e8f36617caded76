"""Tenants: the hierarchy city → district → town/street, with validity, successors and a history of every change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args

SHARED = {"info": {"row_class": RowClass.SHARED}}


class Tenant(Base):
    """租户: a city, district or town as it is now. The hierarchy is public knowledge, so every tenant may read it."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("low <= code and code < high", name="range"),
        Index("ix_tenant_parent_code", "parent_code", "sort_key"),
        Index("ix_tenant_shard_code", "shard", "code"),
        SHARED,
    )

    code: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    shard: Mapped[int]
    parent_code: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.code"))
    level: Mapped[str]
    kind: Mapped[str]
    name_zh: Mapped[str]
    full_name_zh: Mapped[str]
    sort_key: Mapped[str]
    division_code: Mapped[str | None]
    low: Mapped[int] = mapped_column(BigInteger)
    high: Mapped[int] = mapped_column(BigInteger)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_code: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("tenant.code"))


class TenantVersion(Base):
    """租户沿革: what a tenant was called and where it stood, from one day (inclusive) to another (exclusive)."""

    __tablename__ = "tenant_version"
    __table_args__ = (
        UniqueConstraint("code", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("valid_to is null or valid_from is null or valid_from < valid_to", name="order"),
        SHARED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenant.code"))
    parent_code: Mapped[int | None] = mapped_column(BigInteger)
    name_zh: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class TenantChange(Base):
    """区划变更: a renaming, move or merger, with the re-coding that it did to the tenants' rows."""

    __tablename__ = "tenant_change"
    __table_args__ = (SHARED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    on_day: Mapped[date]
    reason: Mapped[str]
    plan: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class Agency(InTenant, Base):
    """行政机关: an agency that answers cases. Branches (公安分局) lie in the district, and so are seen by city and district."""

    __tablename__ = "agency"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "external_id"),
        Index("ix_agency_name", "shard", "name_zh"),
        Index("ix_agency_list", "shard", "sort_key", "id"),
        Index("ix_agency_list_district", "shard", "district", "sort_key", "id"),
        Index("ix_agency_list_code", "shard", "code", "sort_key", "id"),
        CheckConstraint("name_zh <> ''", name="name"),
        row_class=RowClass.BODY,
    )

    external_id: Mapped[str]
    name_zh: Mapped[str]
    short_name: Mapped[str | None]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    sort_key: Mapped[str]
    level: Mapped[str]
    category: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
