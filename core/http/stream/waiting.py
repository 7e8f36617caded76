"""One subscription that waits: first what it missed, then what comes, each event once and in order, in bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.db.scope import Scope
from core.events.feed import FeedEvent, Missed
from core.events.hub import EventHub
from core.events.snapshot import Cursor, CursorFault, cannot_resume
from core.http.stream.contract import Overflow, TooSlow
from schema.subscription import Asked


@dataclass(frozen=True, slots=True)
class ReplayLimits:
    """How far back a cursor may lie, how many events of a city are looked through for it, and how many may wait unsent."""

    kept: timedelta = timedelta(hours=72)
    missed: int = 10_000
    queue: int = 5_000


class Waiting:
    """The queue of one subscription. Its scope is that of its beginning: who sees more later sees it after subscribing anew."""

    def __init__(self, scope: Scope, asked: Asked, node: UUID | None, limits: ReplayLimits, overflow: Overflow) -> None:
        self.shard = scope.shard
        self._scope = scope
        self._asked = asked
        self._node = node
        self._limits = limits
        self._overflow = overflow
        self._after: Cursor | None = None
        # Plain lists and a future: thousands of these wait, and wait for nothing most of the time.
        self._queue: list[FeedEvent] = []
        self._missed: list[FeedEvent] = []
        self._more: asyncio.Future[None] | None = None
        self._overflowed = 0

    async def join(self, hub: EventHub, after: Cursor | None, now: datetime) -> None:
        """Wait for events from now on, or from a cursor; `BadUserInput` for one that cannot be resumed from."""
        if after is None:
            await hub.join(self)
            return
        if after.taken_at < (now - self._limits.kept).timestamp():
            raise cannot_resume(CursorFault.CURSOR_TOO_OLD, limit=int(self._limits.kept.total_seconds()))
        place = await hub.place()
        if after.cluster != place.cluster or after.upto.xmax > place.snapshot.xmax:
            raise cannot_resume(CursorFault.CURSOR_UNKNOWN)
        self._after = after
        live = await hub.join(self)
        try:
            missed = await hub.replay(
                Missed(after, live.upto, self.shard, sorted(self._asked.names)), self._limits.missed + 1
            )
        except BaseException:
            hub.leave(self)
            raise
        if len(missed) > self._limits.missed:
            hub.leave(self)
            raise cannot_resume(CursorFault.TOO_MANY_MISSED, limit=self._limits.missed)
        self._missed = [event for event in missed if self._wants(event)]

    def leave(self, hub: EventHub) -> int:
        """Wait no more; how many events were dropped because nobody took them."""
        hub.leave(self)
        return self._overflowed

    def offer(self, events: Sequence[FeedEvent]) -> None:
        """Take the events that are wanted; more than may wait is the end of the subscription."""
        for event in events:
            if not self._wants(event):
                continue
            if self._overflowed or len(self._queue) >= self._limits.queue:
                if not self._overflowed:
                    self._overflow()
                self._overflowed += len(self._queue) + 1
                self._queue.clear()
            else:
                self._queue.append(event)
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def events(self) -> AsyncIterator[FeedEvent]:
        """What was missed, then what comes; raises `TooSlow` when it came faster than it was taken."""
        missed, self._missed = self._missed, []
        for event in missed:
            self._stay_within_limits()
            yield event
        while True:
            self._stay_within_limits()
            while self._queue:
                yield self._queue.pop(0)
                self._stay_within_limits()
            self._more = asyncio.get_running_loop().create_future()
            try:
                await self._more
            finally:
                self._more = None

    def _stay_within_limits(self) -> None:
        if self._overflowed:
            raise TooSlow("SLOW_CONSUMER")

    def _wants(self, event: FeedEvent) -> bool:
        source = event.source
        if source.name not in self._asked.names or not event.audience.may_include(self._scope):
            return False
        if self._node is not None and self._asked.field.node.id_in(source) != self._node:
            return False
        return self._after is None or not self._after.covers(event.transaction, event.sequence)
