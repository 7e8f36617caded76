"""What is registered, known to the process: looked up for every request, read from the database every two seconds at most.

A change is told by its digest, as with plugins (docs/decisions/0010-enablement-by-digest.md), but not asked for with every
request: a front end's new documents are registered before it is put into use, so two seconds harm nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from core.db.queries import Recogniser
from core.db.scope import Scope
from core.trusted import records
from core.trusted.modes import TrustMode, mode_of
from core.trusted.records import OfShard
from schema.bounded import BoundedCache

FRESH_SECONDS: Final = 2.0
BODIES_KEPT: Final = 4_000
MOST_RANGES: Final = 4_096


@dataclass(frozen=True, slots=True)
class Trust:
    """What holds for the people of one tenant: the mode, and the SHA-256 behind each name (a SHA-256 names itself)."""

    mode: TrustMode
    documents: Mapping[str, str]


NO_TRUST: Final = Trust(TrustMode.OFF, {})


@dataclass(slots=True)
class _Shard:
    known: OfShard
    asked_at: float
    ranges: dict[tuple[int, int], Trust] = field(default_factory=dict)

    def trust(self, low: int, high: int) -> Trust:
        found = self.ranges.get((low, high))
        if found is None:
            if len(self.ranges) >= MOST_RANGES:
                self.ranges.clear()
            found = self.ranges[low, high] = _trust(self.known, low, high)
        return found


def _trust(known: OfShard, low: int, high: int) -> Trust:
    documents: dict[str, str] = {}
    # The nearest tenant's last: should two have registered different texts under one name, its own is meant.
    for one in sorted(known.documents, key=lambda one: one.low - one.high):
        if one.low <= low and one.high >= high:
            documents[one.sha256] = documents[one.id] = one.sha256
    return Trust(mode_of(known.policies, low, high), documents) if documents or known.policies else NO_TRUST


class TrustedDocuments:
    """The registered documents of every city that this process serves; one per process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._shards: dict[int, _Shard] = {}
        self._bodies: BoundedCache[tuple[int, str], str] = BoundedCache(BODIES_KEPT)

    async def trust(self, queries: Recogniser, scope: Scope) -> Trust:
        """What holds for the people of a scope."""
        shard = self._shards.get(scope.shard)
        if shard is None or self._now() - shard.asked_at >= FRESH_SECONDS:
            shard = await self._refreshed(queries, scope.shard)
        return shard.trust(scope.low, scope.high)

    async def body(self, queries: Recogniser, shard: int, sha256: str) -> str | None:
        """The text of a registered document; None if it was removed a moment ago."""
        key = (shard, sha256)
        known = self._bodies.get(key)
        if known is None:
            known = await records.body_of(queries, shard, sha256)
            if known is not None:
                self._bodies.put(key, known)
        return known

    async def _refreshed(self, queries: Recogniser, number: int) -> _Shard:
        """Ask again. Several may ask at once: a lock would let one who has no connection yet keep waiting those who hold them all."""
        former = self._shards.get(number)
        asked_at = self._now()
        said = await records.of_shard(queries, number, former.known.digest if former else None)
        if said is not None:
            found = _Shard(said, asked_at)
        elif former is not None:
            former.asked_at = max(former.asked_at, asked_at)
            found = former
        else:
            raise LookupError(f"nothing is known of shard {number}")
        known = self._shards.get(number)
        if known is None or known.asked_at <= found.asked_at:
            self._shards[number] = found
        return found
