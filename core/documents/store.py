"""The object store (对象存储): a folder, or a bucket of any S3-compatible service.

An object's key is made of the shard, the month and the row's id, never of anything that a user wrote. Bytes arrive under
`incoming/`, where a signed upload address may write; when they have been verified they are settled under the key itself,
where nothing but this module writes. So an upload address, however long it lives, can never touch a stored file.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self
from uuid import UUID

from core.later import later

if TYPE_CHECKING:
    import obstore
    from obstore.store import LocalStore, S3Config, S3Store
else:
    obstore = later("obstore")

INCOMING: Final = "incoming/"
_CHUNK: Final = 1 << 20
_PART: Final = 5 << 20
"""S3 takes no smaller part than 5 MiB, but the last."""
_PARTS_AT_ONCE: Final = 4
_INLINE_HASH: Final = 1 << 18
"""Larger pieces are hashed in a thread: the event loop serves others meanwhile."""
_S3: Final = "s3://"
_STAGED: Final = re.compile(r".+#\d+")
"""What a folder store calls a file that is being written; such a name is never listed."""


class NotUploaded(Exception):
    """Nothing was uploaded under the key."""


class BytesRefused(Exception):
    """The bytes are not those that were announced."""


class TooLarge(BytesRefused):
    """There are more bytes than announced."""


class TooSmall(BytesRefused):
    """There are fewer bytes than announced."""


class WrongDigest(BytesRefused):
    """The SHA-256 of the bytes is another one."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What bytes must be: exactly `size` of them, with this SHA-256 (64 hexadecimal digits, lower case)."""

    size: int
    sha256: str


def key_of(shard: int, created_at: datetime, file_id: UUID) -> str:
    """The key of a file: `4401/2026/03/<id>`, by the month in UTC."""
    return f"{shard}/{created_at.astimezone(UTC):%Y/%m}/{file_id}"


async def checked(chunks: AsyncIterable[bytes], announced: Announced) -> AsyncIterator[bytes]:
    """Pass chunks on while counting and hashing; raises `BytesRefused` before the end is told if they are not as announced."""
    digest, size = hashlib.sha256(), 0
    async for chunk in chunks:
        size += len(chunk)
        if size > announced.size:
            raise TooLarge
        if len(chunk) > _INLINE_HASH:
            await asyncio.to_thread(digest.update, chunk)
        else:
            digest.update(chunk)
        yield chunk
    if size < announced.size:
        raise TooSmall
    if digest.hexdigest() != announced.sha256:
        raise WrongDigest


class FileStore:
    """Puts, verifies, streams and removes objects. Every write is atomic: an object is there whole, or not at all."""

    def __init__(self, opened: Callable[[], LocalStore | S3Store], folder: Path | None = None) -> None:
        self._opened = opened
        self.folder = folder

    @cached_property
    def objects(self) -> LocalStore | S3Store:
        """Where the objects are; a folder is opened at the first use."""
        return self._opened()

    @classmethod
    def open(cls, location: str) -> Self:
        """Open `s3://bucket/prefix` (credentials, region and endpoint from the usual AWS variables) or a folder, made if missing."""
        if location.startswith(_S3):
            bucket, _, prefix = location.removeprefix(_S3).partition("/")
            if not bucket:
                raise ValueError(f"{location!r} names no bucket: write s3://bucket/prefix")
            # At once: what is wrong with its settings is said when the process starts, not at the first upload.
            opened = _bucket(bucket, prefix.strip("/") or None)
            return cls(lambda: opened)
        folder = Path(location).expanduser().absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(lambda: _folder(folder), folder)

    async def receive(self, key: str, chunks: AsyncIterable[bytes], announced: Announced) -> None:
        """Take uploaded bytes in; `BytesRefused` leaves nothing behind, and neither does a broken or cancelled upload."""
        await self._put(INCOMING + key, checked(chunks, announced), {})

    async def settle(self, key: str, announced: Announced, headers: dict[str, str]) -> None:
        """Verify the uploaded bytes and move them to their place; `headers` go with them where a bucket serves them itself.

        Raises `NotUploaded`, or `BytesRefused` after removing what was uploaded. May be repeated: if it was done and the
        transaction that asked for it was rolled back, it verifies what has settled.
        """
        try:
            if self.folder is None:
                await self._put(key, checked(await self._read(INCOMING + key, announced), announced), headers)
                await obstore.delete_async(self.objects, INCOMING + key)
            else:
                await self._verify(INCOMING + key, announced)
                await asyncio.to_thread(_flush, self.folder / INCOMING / key)
                await obstore.rename_async(self.objects, INCOMING + key, key, overwrite=True)
        except FileNotFoundError:
            await self._verify_settled(key, announced)
        except BytesRefused:
            await self.discard(key)
            raise

    async def signed(self, method: Literal["GET", "PUT"], path: str, lifetime: timedelta) -> str:
        """A pre-signed address of an object in a bucket; a folder has none."""
        if not isinstance(self.objects, obstore.store.S3Store):
            raise TypeError("a folder signs no addresses")
        return await obstore.sign_async(self.objects, method, path, lifetime)

    async def is_settled(self, key: str) -> bool:
        """Whether a stored file lies under the key."""
        try:
            await obstore.head_async(self.objects, key)
        except FileNotFoundError:
            return False
        return True

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes of a stored file from `start` to `end` (exclusive) in chunks; `FileNotFoundError` at once if there is none."""
        options: obstore.GetOptions = {}
        if end is not None:
            options = {"range": (start, end)}
        elif start:
            options = {"range": {"offset": start}}
        found = await obstore.get_async(self.objects, key, options=options)
        return _plain(found.stream(min_chunk_size=_CHUNK))

    async def discard(self, key: str) -> None:
        """Remove whatever lies under the key, uploaded or settled; nothing there is no error."""
        for path in (INCOMING + key, key):
            try:
                await obstore.delete_async(self.objects, path)
            except FileNotFoundError:
                continue

    async def discard_uploads_before(self, instant: datetime) -> int:
        """Remove what was uploaded before an instant and never settled, broken writes included; answers how many."""
        removed = 0
        async for page in obstore.list(self.objects, INCOMING):
            for found in page:
                if found["last_modified"] < instant:
                    await self.discard_upload(found["path"])
                    removed += 1
        if self.folder is not None:
            removed += await asyncio.to_thread(_remove_staged, self.folder / INCOMING, instant.timestamp())
        return removed

    async def discard_upload(self, path: str) -> None:
        """Remove one object under `incoming/`."""
        try:
            await obstore.delete_async(self.objects, path)
        except FileNotFoundError:
            return

    async def _put(self, path: str, chunks: AsyncIterator[bytes], headers: dict[str, str]) -> None:
        await obstore.put_async(
            self.objects,
            path,
            chunks,
            attributes=headers if headers and self.folder is None else None,
            use_multipart=True,
            chunk_size=_PART,
            max_concurrency=_PARTS_AT_ONCE,
        )

    async def _read(self, path: str, announced: Announced) -> AsyncIterator[bytes]:
        found = await obstore.get_async(self.objects, path)
        if found.meta["size"] != announced.size:
            raise TooLarge if found.meta["size"] > announced.size else TooSmall
        return _plain(found.stream(min_chunk_size=_CHUNK))

    async def _verify(self, path: str, announced: Announced) -> None:
        async for _ in checked(await self._read(path, announced), announced):
            pass

    async def _verify_settled(self, key: str, announced: Announced) -> None:
        try:
            await self._verify(key, announced)
        except FileNotFoundError:
            raise NotUploaded from None
        except BytesRefused:
            await self.discard(key)
            raise


def _folder(path: Path) -> LocalStore:
    from obstore.store import LocalStore  # noqa: PLC0415 - as `obstore`, at the first use

    return LocalStore(path)


def _bucket(name: str, prefix: str | None) -> S3Store:
    from obstore.store import S3Store  # noqa: PLC0415 - as `obstore`, at the first use

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    where: S3Config = {"endpoint": endpoint} if endpoint else {}
    return S3Store(
        name,
        prefix=prefix,
        config=where,
        client_options={
            "allow_http": (endpoint or "").startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(minutes=5),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )


async def _plain(chunks: obstore.BytesStream) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield bytes(chunk)


def _flush(path: Path) -> None:
    """Write a file through to the disk: the row that calls it stored will survive a power cut, so must its bytes."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_staged(folder: Path, before: float) -> int:
    """Remove what a killed process left half written."""
    removed = 0
    for path in folder.rglob("*"):
        if _STAGED.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
