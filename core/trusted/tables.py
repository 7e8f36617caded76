"""Registered documents, and what a tenant does with others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args


class TrustedDocument(InTenant, Base):
    """可信文档: one document of one version of a front end; it holds for the people of its tenant and of those below."""

    __tablename__ = "trusted_document"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "code", "app", "app_version", "document_id"),
        Index("ix_trusted_document_sha256", "shard", "sha256"),
        row_class=RowClass.TENANT,
    )

    high: Mapped[int] = mapped_column(BigInteger, comment="end of the tenant's range (exclusive)")
    app: Mapped[str]
    app_version: Mapped[str]
    document_id: Mapped[str] = mapped_column(comment="as the manifest names it")
    name: Mapped[str]
    sha256: Mapped[str]
    body: Mapped[str]
    registered_at: Mapped[datetime]
    registered_by: Mapped[str]
    removed_at: Mapped[datetime | None]


class TrustedDocumentPolicy(InTenant, Base):
    """可信文档策略: what a tenant does with documents that are not registered."""

    __tablename__ = "trusted_document_policy"
    __table_args__ = sharded_args(
        UniqueConstraint("shard", "code"),
        CheckConstraint("mode in ('OFF', 'LOG', 'ENFORCE', 'INHERIT')", name="mode"),
        row_class=RowClass.TENANT,
    )

    high: Mapped[int] = mapped_column(BigInteger)
    mode: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    version: Mapped[int]
