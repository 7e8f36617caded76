"""Gives each committed event to those in this process who wait for it. Every process has one hub, and reads each event once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Protocol

from sqlalchemy.exc import SQLAlchemyError

from core.db.session import Database
from core.events.feed import CHUNK, FeedEvent, Missed, Place, place_now, read
from core.events.listener import Listener
from core.events.snapshot import Cursor

POLL: Final = 5.0
"""Seconds after which the feed is read although nothing was heard: nothing depends on a message that came."""
RETRY: Final = 1.0
TIMEOUT_MS: Final = 30_000

_logger = logging.getLogger("yingsu.events")


class Sink(Protocol):
    """Somebody who waits for events of a shard."""

    shard: int

    def offer(self, events: Sequence[FeedEvent]) -> None:
        """Take what is wanted of these; at once, without waiting."""
        ...


class FeedMetrics(Protocol):
    """What is counted of a feed."""

    def listening(self, connected: bool) -> None:
        """The listening connection is there, or gone."""

    def read(self, events: int, lag_seconds: float) -> None:
        """So many events were read; the oldest was committed (at most) so long ago."""


class EventHub:
    """Reads the feed while anybody waits, and hands it around.

    `start` and `stop` belong to the process; a hub that was not started hears nothing.
    """

    def __init__(self, database: Database, listen_url: str | None, metrics: FeedMetrics) -> None:
        self._database = database
        self._metrics = metrics
        self._listener = Listener(listen_url, self._wake, metrics.listening) if listen_url else None
        self._sinks: dict[int, set[Sink]] = {}
        self._cursor: Cursor | None = None
        self._woken = asyncio.Event()
        self._joining = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen and to read."""
        self._tasks = [asyncio.create_task(self._read_on())]
        if self._listener is not None:
            self._tasks.append(asyncio.create_task(self._listener.run()))

    async def stop(self) -> None:
        """End both."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def place(self) -> Place:
        """Now, in the feed."""
        async with self._database.system(TIMEOUT_MS) as session:
            return await place_now(session)

    async def join(self, sink: Sink) -> Cursor:
        """From the place that is answered on, the sink is offered every event of its shard."""
        async with self._joining:
            if self._cursor is None:
                self._cursor = (await self.place()).cursor()
            self._sinks.setdefault(sink.shard, set()).add(sink)
            return self._cursor

    def leave(self, sink: Sink) -> None:
        """The sink wants nothing more. With nobody left, nothing is read."""
        waiting = self._sinks.get(sink.shard, set())
        waiting.discard(sink)
        if not waiting:
            self._sinks.pop(sink.shard, None)
        if not self._sinks and not self._joining.locked():
            self._cursor = None

    async def replay(self, missed: Missed, limit: int) -> list[FeedEvent]:
        """What came after a cursor, up to a place, of one shard."""
        async with self._database.system(TIMEOUT_MS) as session:
            events, _ = await read(session, missed, limit, asyncio.get_running_loop().time())
        return events

    def _wake(self) -> None:
        self._woken.set()

    async def _read_on(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL)
            self._woken.clear()
            try:
                while await self._read_chunk():
                    pass
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                _logger.warning("the feed of events could not be read: %s", type(error).__name__)
                await asyncio.sleep(RETRY)
                self._woken.set()
            except Exception:
                _logger.exception("the feed of events could not be read")
                await asyncio.sleep(RETRY)

    async def _read_chunk(self) -> bool:
        """Read one chunk and hand it around; whether there is more."""
        after = self._cursor
        if after is None:
            return False
        async with self._database.system(TIMEOUT_MS) as session:
            events, place = await read(session, Missed(after), CHUNK, asyncio.get_running_loop().time())
        if self._cursor is not after:  # everybody left meanwhile, and perhaps somebody else came at a later place
            return False
        self._cursor = place
        by_shard: dict[int, list[FeedEvent]] = {}
        for event in events:
            by_shard.setdefault(event.audience.shard, []).append(event)
        for shard, some in by_shard.items():
            for sink in tuple(self._sinks.get(shard, ())):
                sink.offer(some)
        if events:
            self._metrics.read(len(events), _age(events[0]))
        return len(events) == CHUNK


def _age(event: FeedEvent) -> float:
    """Seconds since the event happened, as far as the machine's clock says."""
    happened = datetime.fromisoformat(event.source.occurred_at)
    return max(0.0, (datetime.now(UTC) - happened).total_seconds())
