"""The other client: asks small things over one kept connection, as fast as it is answered."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self

import httpx

from tests.hostile.attacks import Target


class Bystander:
    """Runs while the block does; afterwards it knows how long it waited, and whether it was refused."""

    def __init__(self, target: Target) -> None:
        self.waits: list[float] = []
        self.refused: list[str] = []
        self._target = target
        self._stop = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._asking = asyncio.create_task(self._ask())
        await asyncio.sleep(0.05)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await asyncio.sleep(0.2)
        self._stop.set()
        await self._asking

    @property
    def p99(self) -> float:
        """Seconds within which 99 of 100 answers came."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0

    async def _ask(self) -> None:
        async with httpx.AsyncClient(timeout=20) as client:
            while not self._stop.is_set():
                began = time.perf_counter()
                try:
                    answer = await client.post(
                        self._target.url, json={"query": "{ viewer { subject } }"}, headers=self._target.headers
                    )
                except httpx.HTTPError as error:
                    self.refused.append(repr(error))
                    continue
                self.waits.append(time.perf_counter() - began)
                if answer.status_code != 200 or "errors" in answer.json():
                    self.refused.append(answer.text[:200])
                await asyncio.sleep(0.005)
