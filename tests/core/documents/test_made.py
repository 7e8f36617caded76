"""Files that the platform makes: in the store and in the table, once, whatever runs again."""

from __future__ import annotations

import contextlib
import hashlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.clock import FrozenClock
from core.db.session import Database
from core.documents.files import Files
from core.documents.made import MadeFile, keep_made_file
from core.documents.rules import NameRefused
from core.documents.store import key_of
from core.documents.tables import StoredFile
from tests.support.city import City

MADE_AT = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


def made(content: bytes = b"some bytes", name: str = "通报.docx") -> MadeFile:
    return MadeFile(uuid4(), name, "application/octet-stream", content, MADE_AT)


async def bytes_of(files: Files, file: MadeFile) -> bytes:
    chunks = await files.store.stream(key_of(4401, file.made_at, file.id))
    return b"".join([chunk async for chunk in chunks])


async def test_a_made_file_is_in_the_store_and_its_row_says_so(
    database: Database, city: City, files: Files, clock: FrozenClock
) -> None:
    file = made()
    async with database.write(city.scope(440100000)) as session:
        kept = await keep_made_file(session, files, file, clock.now())
    assert (kept.size, kept.sha256) == (10, hashlib.sha256(b"some bytes").hexdigest())
    assert await bytes_of(files, file) == b"some bytes"
    async with database.read(city.scope(440100000)) as session:
        row = await session.row(select(StoredFile.__table__).where(StoredFile.id == file.id))
    assert row is not None
    assert (row.code, row.status, row.name, row.size) == (440100000, "STORED", "通报.docx", 10)
    assert (row.created_at, row.stored_at) == (MADE_AT, clock.now())


async def _rolled_back(database: Database, city: City, files: Files, file: MadeFile, clock: FrozenClock) -> None:
    with contextlib.suppress(InterruptedError):
        async with database.write(city.scope(440100000)) as session:
            await keep_made_file(session, files, file, clock.now())
            raise InterruptedError


async def test_what_a_run_left_that_was_rolled_back_is_written_over(
    database: Database, city: City, files: Files, clock: FrozenClock
) -> None:
    file = made()
    await _rolled_back(database, city, files, file, clock)
    for _ in range(2):
        async with database.write(city.scope(440100000)) as session:
            await keep_made_file(session, files, file, clock.now())
    assert await bytes_of(files, file) == b"some bytes"
    async with database.system() as session:
        assert await session.scalar(select(func.count()).where(StoredFile.id == file.id)) == 1


async def test_a_name_that_could_mislead_is_refused_before_anything_is_stored(
    database: Database, city: City, files: Files, clock: FrozenClock
) -> None:
    file = made(name="../通报.docx")
    with pytest.raises(NameRefused):
        async with database.write(city.scope(440100000)) as session:
            await keep_made_file(session, files, file, clock.now())
    assert not await files.store.is_settled(key_of(4401, file.made_at, file.id))
