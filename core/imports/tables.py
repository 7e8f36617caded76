"""What an import leaves behind: its run, and the key of every row that it landed, so that a second run changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, PrimaryKeyConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args


class ImportRun(InTenant, Base):
    """导入批次: one run of an import, with its counts."""

    __tablename__ = "import_run"
    __table_args__ = sharded_args(
        Index("ix_import_run_list", "shard", "code", "id"),
        Index("ix_import_run_list_district", "shard", "district", "id"),
        row_class=RowClass.TENANT,
    )

    source: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]


class ImportKey(Base):
    """导入键: (tenant, source, kind, external id) → the row it became."""

    __tablename__ = "import_key"
    __table_args__ = (
        PrimaryKeyConstraint("shard", "code", "source", "kind", "external_id"),
        {"info": {"row_class": RowClass.SYSTEM}},
    )

    shard: Mapped[int]
    code: Mapped[int] = mapped_column(BigInteger, comment="the importing tenant")
    source: Mapped[str]
    kind: Mapped[str]
    external_id: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(Uuid)
