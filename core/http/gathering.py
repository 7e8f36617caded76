"""Head and body of an answer in one write: uvicorn hands them over one after the other, and each was a system call and a packet."""

from __future__ import annotations

import asyncio
from typing import Any

MOST = 65_536
"""Bytes that wait for more; beyond, they are written at once, and the transport's own flow control sees them."""


class Gathering:
    """A transport whose writes within one turn of the loop go out together, in their order."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Write now or at the end of this turn."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > MOST:
            self._flush()

    def close(self) -> None:
        """Close when all is written."""
        self._flush()
        self.transport.close()

    def bare(self) -> asyncio.Transport:
        """The transport itself, for a protocol that takes over; what waits has been written."""
        self._flush()
        return self.transport

    def _flush(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self.transport.is_closing():
            self.transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)
