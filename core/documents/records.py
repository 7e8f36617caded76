"""The SQL of files that goes beyond one visible row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text

from core.cases.states import FileStatus
from core.db.session import SystemSession, TenantSession
from core.documents.tables import StoredFile
from core.tenancy.tables import Agency

_OF_DOCUMENT = text("select * from file_of_document(:document)")


async def code_of_agency(session: TenantSession, agency_id: UUID) -> int | None:
    """The tenant of an agency of the session's shard."""
    found: int | None = await session.scalar(
        select(Agency.code).where(Agency.shard == session.scope.shard, Agency.id == agency_id)
    )
    return found


async def of_document(session: TenantSession, document_id: UUID) -> Row[Any] | None:
    """The file of a document that the session's scope sees, whosever file it is (`core/db/sql/files.sql`)."""
    return await session.row(_OF_DOCUMENT, {"document": document_id})


async def overdue(session: SystemSession, before: datetime, limit: int) -> list[Row[Any]]:
    """Files announced before an instant and never completed, locked; those whose completion is running are left out."""
    pending = select(StoredFile.shard, StoredFile.id, StoredFile.created_at).where(
        StoredFile.status == FileStatus.PENDING.value, StoredFile.created_at < before
    )
    return list(await session.rows(pending.limit(limit).with_for_update(skip_locked=True)))


async def remove(session: SystemSession, shard: int, file_id: UUID) -> None:
    """Delete the row of a file that was never completed."""
    await session.execute(delete(StoredFile).where(StoredFile.shard == shard, StoredFile.id == file_id))
