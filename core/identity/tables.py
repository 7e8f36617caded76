"""Who may do what: memberships are rows, never claims of a token."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, InTenant, RowClass, sharded_args, to


class Member(InTenant, Base):
    """成员: a subject of the identity provider in one tenant, with one role (and one agency or court where the role has it)."""

    __tablename__ = "member"
    __table_args__ = sharded_args(
        to("agency", "agency_id"),
        Index("ix_member_subject", "subject", "issuer"),
        Index("ix_member_list", "shard", "code", "id"),
        Index("ix_member_list_district", "shard", "district", "id"),
        Index("ix_member_agency", "shard", "agency_id"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="validity"),
        CheckConstraint("subject <> ''", name="subject"),
        row_class=RowClass.PERSON,
    )

    issuer: Mapped[str]
    subject: Mapped[str]
    role: Mapped[str]
    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    court_code: Mapped[str | None]
    display_name: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class CaseGrant(InTenant, Base):
    """案件授权: lets one member (handler, mediator, centre staff) see one case, from a day to a day (exclusive)."""

    __tablename__ = "case_grant"
    __table_args__ = sharded_args(
        to("case_shell", "case_id"),
        to("member", "member_id"),
        Index("ix_case_grant_member", "shard", "member_id", "case_id"),
        Index("ix_case_grant_case", "shard", "case_id"),
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="validity"),
        row_class=RowClass.PERSON,
    )

    agency_id: Mapped[UUID | None] = mapped_column(Uuid)
    case_id: Mapped[UUID] = mapped_column(Uuid)
    member_id: Mapped[UUID] = mapped_column(Uuid)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
