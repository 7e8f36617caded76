"""The files of one process: the store, its signed addresses and the size limit. Acts take it from their context's resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from core.documents.links import BucketLinks, Links, OwnLinks
from core.documents.rules import DEFAULT_SIZE_LIMIT
from core.documents.signing import LinkSigner
from core.documents.store import FileStore


@dataclass(frozen=True, slots=True)
class Files:
    """文件服务: made once, when the process starts. `signer` is None where the bucket signs and serves by itself."""

    store: FileStore
    links: Links
    signer: LinkSigner | None
    size_limit: int = DEFAULT_SIZE_LIMIT

    @classmethod
    def open(cls, location: str, secret: bytes, *, base: str = "", size_limit: int = DEFAULT_SIZE_LIMIT) -> Self:
        """Open the store at `location`; `secret` is the installation's, `base` the address under which browsers reach us."""
        store = FileStore.open(location)
        if store.folder is None:
            return cls(store, BucketLinks(store), None, size_limit)
        signer = LinkSigner(secret)
        return cls(store, OwnLinks(signer, base), signer, size_limit)
