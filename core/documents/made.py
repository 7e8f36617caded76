"""Files that the platform makes itself (通报, reports): their bytes go into the store, their row says that they are stored.

A job that makes a file may run again after a crash. The file's id is the caller's, so the same file lands in the same place;
what the store holds of a run that was rolled back is written over by the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.cases.records import rows
from core.cases.states import FileStatus
from core.db.session import TenantSession
from core.documents.files import Files
from core.documents.links import Link
from core.documents.rules import content_disposition, safe_name
from core.documents.store import Announced, key_of
from core.documents.tables import StoredFile


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made. `made_at` names the month that it lies under in the store, and never changes."""

    id: UUID
    name: str
    media_type: str
    content: bytes
    made_at: datetime

    @property
    def announced(self) -> Announced:
        """What the bytes are."""
        return Announced(len(self.content), hashlib.sha256(self.content).hexdigest())


class StoredColumns(Protocol):
    """The columns by which a plugin's own row points to a stored file."""

    shard: int
    file_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


async def keep_made_file(session: TenantSession, files: Files, made: MadeFile, now: datetime) -> Announced:
    """Store a file of the session's tenant; its size and SHA-256. May be repeated with the same id.

    Raises `core.documents.rules.NameRefused` for a name that is not safe.
    """
    name, announced = safe_name(made.name), made.announced
    key = key_of(session.scope.shard, made.made_at, made.id)
    headers = {
        "Content-Type": made.media_type,
        "Content-Disposition": content_disposition(name),
        "Cache-Control": "private, no-store",
    }
    await files.store.receive(key, _whole(made.content), announced)
    await files.store.settle(key, announced, headers)
    if await rows.by_id(session, StoredFile, made.id) is None:
        values = {"id": made.id, "code": session.scope.code, "name": name, "media_type": made.media_type}
        values |= {"size": announced.size, "sha256": announced.sha256, "status": FileStatus.STORED.value}
        await rows.add(session, StoredFile, values | {"created_at": made.made_at, "stored_at": now})
    return announced


async def download_link(files: Files, row: StoredColumns, made_at: datetime, now: datetime) -> Link:
    """A signed address of a file that was made; whoever may see `row` may have it."""
    key, announced = key_of(row.shard, made_at, row.file_id), Announced(row.size, row.sha256)
    return await files.links.download(key, announced, row.name, row.media_type, now)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
