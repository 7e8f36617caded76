"""The folder store: whole objects or none, and only the announced bytes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.clock import SHANGHAI
from core.documents.store import (
    Announced,
    BytesRefused,
    FileStore,
    NotUploaded,
    TooLarge,
    TooSmall,
    WrongDigest,
    key_of,
)

KEY = "4401/2026/03/0198c0de-0000-7000-8000-000000000001"
BODY = os.urandom(3_000_000)
Announce = Callable[[bytes], Announced]
Look = Callable[[], list[str]]


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FileStore.open(str(folder))


async def pieces(body: bytes, size: int = 700_000) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(store: FileStore, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in await store.stream(KEY, start, end)])


def test_a_key_is_made_of_shard_month_and_id() -> None:
    instant = datetime(2026, 3, 31, 23, 0, tzinfo=UTC)
    file_id = UUID("0198c0de-0000-7000-8000-000000000001")
    assert key_of(4401, instant, file_id) == KEY
    assert key_of(4401, instant.astimezone(SHANGHAI), file_id) == KEY


async def test_bytes_are_received_settled_and_read(store: FileStore, announced: Announce, lying: Look) -> None:
    await store.receive(KEY, pieces(BODY), announced(BODY))
    assert lying() == [f"incoming/{KEY}"]
    assert not await store.is_settled(KEY)
    await store.settle(KEY, announced(BODY), {})
    assert lying() == [KEY]
    assert await store.is_settled(KEY)
    assert await read(store) == BODY
    assert await read(store, 5, 1_500_000) == BODY[5:1_500_000]
    assert await read(store, 2_999_990) == BODY[2_999_990:]
    await store.discard(KEY)
    assert lying() == []
    await store.discard(KEY)
    with pytest.raises(FileNotFoundError):
        await store.stream(KEY)


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [(BODY + b"x", TooLarge), (BODY[:-1], TooSmall), (b"", TooSmall), (BODY[:-1] + b"\0", WrongDigest)],
)
async def test_other_bytes_leave_nothing(
    store: FileStore, announced: Announce, lying: Look, sent: bytes, refusal: type[BytesRefused]
) -> None:
    expected = announced(BODY[:-1] + bytes([BODY[-1] or 1]))
    with pytest.raises(refusal):
        await store.receive(KEY, pieces(sent), expected)
    assert lying() == []


async def test_an_upload_that_breaks_off_leaves_nothing(store: FileStore, announced: Announce, lying: Look) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield BODY[:1_000_000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.receive(KEY, broken(), announced(BODY))
    assert lying() == []


async def test_nobody_sees_half_of_an_upload(store: FileStore, announced: Announce, lying: Look) -> None:
    half, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield BODY[:1_500_000]
        half.set()
        await go_on.wait()
        yield BODY[1_500_000:]

    async def upload() -> None:
        await store.receive(KEY, slow(), announced(BODY))

    task = asyncio.create_task(upload())
    await half.wait()
    with pytest.raises(NotUploaded):
        await store.settle(KEY, announced(BODY), {})
    go_on.set()
    await task
    await store.settle(KEY, announced(BODY), {})
    assert lying() == [KEY]


async def test_two_uploads_of_one_key_leave_one_whole_file(store: FileStore, announced: Announce, lying: Look) -> None:
    await asyncio.gather(
        store.receive(KEY, pieces(BODY, 100_000), announced(BODY)),
        store.receive(KEY, pieces(BODY, 90_000), announced(BODY)),
    )
    await store.settle(KEY, announced(BODY), {})
    assert lying() == [KEY]
    assert await read(store) == BODY


@pytest.mark.parametrize(
    ("announcement", "refusal"),
    [
        (lambda a: Announced(a.size + 1, a.sha256), TooSmall),
        (lambda a: Announced(a.size - 1, a.sha256), TooLarge),
        (lambda a: Announced(a.size, "0" * 64), WrongDigest),
    ],
)
async def test_settling_what_was_not_announced_removes_it(
    store: FileStore,
    announced: Announce,
    lying: Look,
    announcement: Callable[[Announced], Announced],
    refusal: type[BytesRefused],
) -> None:
    await store.receive(KEY, pieces(BODY), announced(BODY))
    with pytest.raises(refusal):
        await store.settle(KEY, announcement(announced(BODY)), {})
    assert lying() == []


async def test_settling_again_finds_what_has_settled(store: FileStore, announced: Announce) -> None:
    with pytest.raises(NotUploaded):
        await store.settle(KEY, announced(BODY), {})
    await store.receive(KEY, pieces(BODY), announced(BODY))
    await store.settle(KEY, announced(BODY), {})
    await store.settle(KEY, announced(BODY), {})
    assert await read(store) == BODY


async def test_old_uploads_are_removed_and_new_ones_stay(
    store: FileStore, announced: Announce, lying: Look, folder: Path
) -> None:
    other = KEY[:-1] + "2"
    for key in (KEY, other):
        await store.receive(key, pieces(BODY), announced(BODY))
    (folder / "incoming" / "4401" / "2026" / "03" / "killed#1").write_bytes(b"half")
    (folder / "incoming" / "4401" / "2026" / "03" / "under-way#1").write_bytes(b"half")
    now = datetime.now(UTC)
    old = (now - timedelta(days=2)).timestamp()
    for name in (KEY, "4401/2026/03/killed#1"):
        os.utime(folder / "incoming" / name, (old, old))
    assert await store.discard_uploads_before(now - timedelta(days=1)) == 2
    assert lying() == [f"incoming/{other}", "incoming/4401/2026/03/under-way#1"]


def test_a_bucket_needs_a_name() -> None:
    with pytest.raises(ValueError, match="names no bucket"):
        FileStore.open("s3:///prefix")


def test_the_folder_is_made_for_its_owner_alone(folder: Path) -> None:
    FileStore.open(str(folder / "deeper"))
    assert (folder / "deeper").stat().st_mode & 0o777 == 0o700
