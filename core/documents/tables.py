"""Files in the object store: the row holds name, size and sha256; the bytes lie in the store."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args


class StoredFile(InTenant, Base):
    """文件: one file; PENDING from the signed upload until its bytes and digest were verified."""

    __tablename__ = "stored_file"
    __table_args__ = sharded_args(
        Index("ix_stored_file_agency", "shard", "agency_id", "id"),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("name <> ''", name="name"),
        row_class=RowClass.FILE,
    )

    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    uploaded_by: Mapped[UUID | None] = mapped_column(Uuid, comment="the member, who sees it whatever their scope")
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
