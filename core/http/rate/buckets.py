"""Token buckets (令牌桶), one a client, within bounded memory. Pure: the time is handed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)

MOST_CLIENTS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens that come in a minute, and the most that a bucket holds."""

    per_minute: int
    burst: int

    def __post_init__(self) -> None:
        """A bucket that never fills, or holds nothing, would refuse everything."""
        if self.per_minute < 1 or self.burst < 1:
            raise ValueError("a rate is at least 1 a minute, and its burst at least 1")

    @property
    def per_second(self) -> float:
        """Tokens that come in a second."""
        return self.per_minute / 60


class Buckets(Generic[K]):
    """A bucket for each of the clients that were seen last; one that is not there is full.

    What the least recently seen client owed is forgotten first when there are too many: it has waited longest anyway.
    """

    def __init__(self, rate: Rate, most: int = MOST_CLIENTS) -> None:
        self.rate = rate
        self._most = most
        self._buckets: OrderedDict[K, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: K, now: float) -> float:
        """Take a token: 0, or without taking any the seconds until there is one."""
        tokens = self._tokens(client, now)
        if tokens < 1:
            return (1 - tokens) / self.rate.per_second
        self._put(client, tokens - 1, now)
        return 0.0

    def charge(self, client: K, tokens: float, now: float) -> None:
        """Take more for what has turned out dear. A bucket may owe as much as it holds, and no more."""
        self._put(client, max(self._tokens(client, now) - tokens, -float(self.rate.burst)), now)

    def _tokens(self, client: K, now: float) -> float:
        known = self._buckets.get(client)
        if known is None:
            return float(self.rate.burst)
        tokens, at = known
        return min(float(self.rate.burst), tokens + max(0.0, now - at) * self.rate.per_second)

    def _put(self, client: K, tokens: float, now: float) -> None:
        self._buckets[client] = (tokens, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
