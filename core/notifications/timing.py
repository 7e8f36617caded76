"""When a message leaves by an outside channel, as pure rules: at once, after quiet hours (免打扰), or with a daily digest (每日汇总).

Times of day are Shanghai's. An urgent message waits for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Quiet:
    """免打扰: from one time of day (inclusive) to another (exclusive), over midnight where the second is the earlier."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether a time of day is quiet."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Leaving:
    """When a message leaves, and whether others leave with it in one digest."""

    at: datetime
    digest: bool = False


def leaving(now: datetime, *, urgent: bool, digest_at: time | None, quiet: Quiet | None) -> Leaving:
    """When a message that is written now leaves."""
    if urgent:
        return Leaving(now)
    if digest_at is not None:
        return Leaving(_awake(_next(now, digest_at, strictly=True), quiet), digest=True)
    return Leaving(_awake(now, quiet))


def _awake(at: datetime, quiet: Quiet | None) -> datetime:
    if quiet is None or not quiet.holds(at.astimezone(SHANGHAI).time()):
        return at
    return _next(at, quiet.ends, strictly=False)


def _next(after: datetime, at: time, *, strictly: bool) -> datetime:
    """The next instant with that time of day in Shanghai."""
    local = after.astimezone(SHANGHAI)
    found = datetime.combine(local.date(), at, SHANGHAI)
    if found < local or (strictly and found == local):
        found = datetime.combine(local.date() + timedelta(days=1), at, SHANGHAI)
    return found.astimezone(after.tzinfo)
