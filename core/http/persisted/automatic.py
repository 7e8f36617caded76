"""Automatic persisted queries (自动持久化查询): texts that clients have sent once, kept by their hash. Spares bytes, guards nothing."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

from core.errors import BadUserInput, ErrorCode, YingsuError

MOST_TEXTS: Final = 2_000
MOST_BYTES: Final = 16_000_000
LONGEST_TEXT: Final = 64_000
"""Bytes; a longer text is executed and not kept."""


class PersistedQueryNotFound(YingsuError):
    """未找到持久化查询: nothing is known by this name; a client with the text sends it now."""

    code = ErrorCode.PERSISTED_QUERY_NOT_FOUND

    def __init__(self) -> None:
        # The text that clients of automatic persisted queries look for.
        super().__init__("PersistedQueryNotFound", "未找到该持久化查询，请发送完整查询。")


def sha256_of(text: str) -> str:
    """The name of a text: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class AutomaticQueries:
    """Keeps the texts that were used last, at most so many and so many bytes; one per process.

    Each city (`shard`) has its own: that a hash is known tells nobody what another city asks.
    """

    def __init__(self, most_texts: int = MOST_TEXTS, most_bytes: int = MOST_BYTES) -> None:
        self._texts: OrderedDict[tuple[int, str], str] = OrderedDict()
        self._most_texts = most_texts
        self._most_bytes = most_bytes
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._texts)

    def text_of(self, shard: int, name: str) -> str:
        """The text behind a hash; raises `PersistedQueryNotFound`."""
        key = (shard, name)
        text = self._texts.get(key)
        if text is None:
            raise PersistedQueryNotFound
        self._texts.move_to_end(key)
        return text

    def keep(self, shard: int, name: str, text: str) -> None:
        """Keep a text by its hash; raises `BadUserInput` if it is not the text's."""
        if sha256_of(text) != name:
            raise BadUserInput(
                "sha256Hash is not the SHA-256 of the query",
                "sha256Hash 与查询内容不符",
                field="extensions.persistedQuery.sha256Hash",
            )
        size = len(text.encode())
        key = (shard, name)
        if key in self._texts or size > LONGEST_TEXT:
            return
        self._texts[key] = text
        self.bytes += size
        while len(self._texts) > self._most_texts or self.bytes > self._most_bytes:
            _, dropped = self._texts.popitem(last=False)
            self.bytes -= len(dropped.encode())
