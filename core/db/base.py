"""The table base: every tenant table is keyed by its shard (the root tenant) and named for what row-level security it has.

The shard stands first in every primary, unique and foreign key, so that the same schema can be distributed or partitioned by city;
`tests/isolation` lints that over the whole catalogue, plugins included.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class RowClass(StrEnum):
    """Who may see a row of the table: each class has its policies in `core.db.rls`."""

    SHARED = "shared"
    """Reference data of the nation (divisions, courts, causes, calendar): readable by all, written by the system."""
    ANCHOR = "anchor"
    """应诉 itself: by tenant range, by agency, by the case's court, or by a grant of the case."""
    RESPONSE = "response"
    """应诉级, internal: belongs to one respondent agency of one tenant (`code`, `agency_id`)."""
    RESPONSE_OPEN = "response_open"
    """应诉级, also shown to the case's court and to those the case is granted to."""
    CASE = "case"
    """案件级 (shell): visible where one of the case's responses is."""
    DISPUTE = "dispute"
    """争议: visible where one of its cases is."""
    LINK = "link"
    """程序关联: visible where one of the two cases is."""
    BODY = "body"
    """行政机关 itself: by tenant range (administrators too), and each agency its own."""
    AGENCY = "agency"
    """Rows about an agency that belong to no case."""
    FILE = "file"
    """文件: of an agency or tenant, and of the member who uploaded it (a court liaison, a mediator)."""
    PERSON = "person"
    """Members and their grants: by tenant range, by agency, and each member its own."""
    INBOX = "inbox"
    """Messages to one member: read by that member alone, written by whoever acts where the member is."""
    TENANT = "tenant"
    """Rows of a tenant that belong to no agency (settings): its own range and, to read, the tenants above it."""
    TRAIL = "trail"
    """Append-only rows (audit, events): read by range or agency, inserted where the writer sees a response."""
    TALLY = "tally"
    """汇总: figures of a tenant's range or of an agency, no case content; also for whoever reads figures alone."""
    OWN = "own"
    """Rows of one member, which nobody else sees, whatever their range (answers kept for a retry)."""
    OPERATION = "operation"
    """Rows of the running of the platform (dead letters): for the tenant's platform administrators alone."""
    SHARD = "shard"
    """Rows without a secret, shared by all tenants of one city (calculations of periods)."""
    ISSUE = "issue"
    """印发: a paper of one tenant. Its drafts are that tenant's; once published all of the city read it, and nobody changes it."""
    ISSUE_PART = "issue_part"
    """What stands in such a paper: seen with it, added by its tenant, changed by nobody."""
    SYSTEM = "system"
    """Rows that only the system role reads (import keys, the installation's secret)."""


class Base(DeclarativeBase):
    """The declarative base of core and plugins alike: one metadata, so that one migration history sees every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        UUID: Uuid,
    }


class Sharded:
    """Key columns of every tenant table: (shard, id). `id` is a UUIDv7, so that insertion order is index order."""

    shard: Mapped[int] = mapped_column(Integer, nullable=False, comment="root tenant: 4401, 11, 429004")
    id: Mapped[UUID] = mapped_column(Uuid, nullable=False, server_default=text("uuid7()"))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy calls it on the class
        return sharded_args()


def sharded_args(*more: Any, row_class: RowClass | None = None) -> tuple[Any, ...]:
    """Table arguments of a sharded table: its primary key, what the caller adds, and the row class that RLS goes by."""
    info = {"row_class": row_class} if row_class else {}
    return (PrimaryKeyConstraint("shard", "id"), *more, {"info": info})


def to(
    table: str, *columns: str, ondelete: str | None = None, info: dict[Any, Any] | None = None
) -> ForeignKeyConstraint:
    """A foreign key inside the shard: `to("case_shell", "case_id")` is (shard, case_id) -> case_shell (shard, id)."""
    there = [f"{table}.shard", f"{table}.id"]
    return ForeignKeyConstraint(["shard", *columns], there, ondelete=ondelete, info=info)


class InTenant(Sharded):
    """A row of one tenant: `code` is the tenant at its finest level, `district` the district that holds it (for list order)."""

    code: Mapped[int] = mapped_column(BigInteger, nullable=False, comment="tenant code, 9 digits")
    district: Mapped[int] = mapped_column(BigInteger, Computed("code / 1000 * 1000", persisted=True), nullable=False)


class OfAgency(InTenant):
    """A row of one agency in one tenant."""

    agency_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
