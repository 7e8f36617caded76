"""Uploads that nobody completed: their rows and their bytes are removed after a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.db.session import Database
from core.documents import records
from core.documents.store import FileStore, key_of

PATIENCE: Final = timedelta(days=1)
"""Far longer than an upload address lives, so that no upload is under way that is thought forgotten."""
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Removed:
    """How much was removed."""

    announced: int
    """Rows of files that were announced and never completed."""
    uploads: int
    """Objects that were uploaded and belonged to no such row: sent again after the file was stored, or half written."""


async def remove_orphans(database: Database, store: FileStore, now: datetime) -> Removed:
    """Remove what was announced or uploaded more than a day ago and never completed. May be run at any time, by several."""
    before = now - PATIENCE
    announced = 0
    while True:
        async with database.system() as session:
            rows = await records.overdue(session, before, _BATCH)
            for row in rows:
                await store.discard(key_of(row.shard, row.created_at, row.id))
                await records.remove(session, row.shard, row.id)
        announced += len(rows)
        if len(rows) < _BATCH:
            return Removed(announced, await store.discard_uploads_before(before))
