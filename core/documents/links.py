"""Addresses by which bytes travel: signed by the bucket's own rules, or by us where the store is a folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from core.documents.signing import DownloadGrant, LinkSigner, UploadGrant
from core.documents.store import INCOMING, Announced, FileStore

UPLOAD_LIFETIME: Final = timedelta(minutes=30)
DOWNLOAD_LIFETIME: Final = timedelta(minutes=5)
PATH: Final = "/files"


@dataclass(frozen=True, slots=True)
class Link:
    """A signed address, and the instant from which it is refused."""

    url: str
    expires_at: datetime


class Links(Protocol):
    """Makes signed addresses."""

    async def upload(self, key: str, announced: Announced, now: datetime) -> Link:
        """An address that takes these bytes by PUT."""
        ...

    async def download(self, key: str, announced: Announced, name: str, media_type: str, now: datetime) -> Link:
        """An address that gives a stored file by GET, to be saved under its name."""
        ...


class OwnLinks:
    """Addresses on this server (`core.documents.routes` serves them), below `base`: empty for addresses without a host."""

    def __init__(self, signer: LinkSigner, base: str = "") -> None:
        self._signer = signer
        self._base = base.rstrip("/") + PATH

    async def upload(self, key: str, announced: Announced, now: datetime) -> Link:
        """An address bound to key, size and SHA-256."""
        expires = now + UPLOAD_LIFETIME
        grant = UploadGrant(key, announced.size, announced.sha256, int(expires.timestamp()))
        return Link(f"{self._base}/{self._signer.seal(grant)}", expires.replace(microsecond=0))

    async def download(self, key: str, announced: Announced, name: str, media_type: str, now: datetime) -> Link:
        """An address bound to key and name."""
        expires = now + DOWNLOAD_LIFETIME
        grant = DownloadGrant(key, announced.size, announced.sha256, name, media_type, int(expires.timestamp()))
        return Link(f"{self._base}/{self._signer.seal(grant)}", expires.replace(microsecond=0))


class BucketLinks:
    """Addresses of the bucket itself.

    S3's signature binds method and key, but neither size nor digest: those are verified when the upload is completed, and
    until then the bytes lie where nobody reads. Name and media type were stored with the object when it settled.
    """

    def __init__(self, store: FileStore) -> None:
        self._store = store

    async def upload(self, key: str, announced: Announced, now: datetime) -> Link:  # noqa: ARG002
        """A pre-signed PUT into `incoming/`."""
        url = await self._store.signed("PUT", INCOMING + key, UPLOAD_LIFETIME)
        return Link(url, now + UPLOAD_LIFETIME)

    async def download(self, key: str, announced: Announced, name: str, media_type: str, now: datetime) -> Link:  # noqa: ARG002
        """A pre-signed GET of the settled object."""
        url = await self._store.signed("GET", key, DOWNLOAD_LIFETIME)
        return Link(url, now + DOWNLOAD_LIFETIME)
