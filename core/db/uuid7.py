"""UUIDv7 made outside the database, for rows that are built before they are sent (imports, files)."""

from __future__ import annotations

import os
import time
from uuid import UUID

_RANDOM_BITS = (1 << 74) - 1
_LOW_BITS = (1 << 62) - 1


def uuid7() -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big") & _RANDOM_BITS
    return UUID(int=milliseconds << 80 | 0x7 << 76 | noise >> 62 << 64 | 0b10 << 62 | noise & _LOW_BITS)
