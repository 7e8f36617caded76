"""Signed addresses for a store that cannot sign: what may be done, until when, under a seal that only this installation makes.

A token is the grant itself as JSON, and its HMAC-SHA256; nothing is remembered, so every process of the installation reads it.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, TypeVar

import orjson

from core.documents.store import Announced

_LABEL: Final = b"yingsu signed file addresses, version 1"
_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{1,4000})\.([A-Za-z0-9_-]{43})")
_UPLOAD: Final = "PUT"
_DOWNLOAD: Final = "GET"


class LinkRefused(Exception):
    """The address is not one that this installation has signed for this method."""


class LinkExpired(Exception):
    """The address was good, and is no longer."""


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """Leave to put exactly these bytes under one key, until `expires` (Unix seconds)."""

    key: str
    size: int
    sha256: str
    expires: int

    @property
    def announced(self) -> Announced:
        """What the bytes must be."""
        return Announced(self.size, self.sha256)


@dataclass(frozen=True, slots=True)
class DownloadGrant:
    """Leave to read one stored file under a name, until `expires` (Unix seconds)."""

    key: str
    size: int
    sha256: str
    name: str
    media_type: str
    expires: int


Grant = TypeVar("Grant", UploadGrant, DownloadGrant)


class LinkSigner:
    """Seals grants and reads them back; its key is derived from the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, _LABEL, sha256)

    def seal(self, grant: UploadGrant | DownloadGrant) -> str:
        """The token of a grant: fit for one segment of a URL's path."""
        method = _UPLOAD if isinstance(grant, UploadGrant) else _DOWNLOAD
        text = _encode(orjson.dumps([method, *astuple(grant)]))
        return f"{text}.{self._mac(text)}"

    def upload(self, token: str, now: datetime) -> UploadGrant:
        """The upload that a token grants; `LinkRefused` or `LinkExpired`."""
        return _in_time(UploadGrant(*self._fields(token, _UPLOAD)), now)

    def download(self, token: str, now: datetime) -> DownloadGrant:
        """The download that a token grants; `LinkRefused` or `LinkExpired`."""
        return _in_time(DownloadGrant(*self._fields(token, _DOWNLOAD)), now)

    def _fields(self, token: str, method: str) -> list[Any]:
        """The parts of a grant; they are read only after the seal was found whole, so they are as we wrote them."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._mac(found[1]), found[2]):
            raise LinkRefused
        rest: list[Any]
        granted, *rest = orjson.loads(urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
        if granted != method:
            raise LinkRefused
        return rest

    def _mac(self, text: str) -> str:
        return _encode(hmac.digest(self._key, text.encode("ascii"), sha256))


def _in_time(grant: Grant, now: datetime) -> Grant:
    if now.timestamp() >= grant.expires:
        raise LinkExpired
    return grant


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
