"""A cache that cannot grow without end: what was used longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keeps at most `size` entries, and of all of them at most `weight` where entries are given one."""

    def __init__(self, size: int, weight: int | None = None) -> None:
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._size = size
        self._most = weight
        self._weights: dict[K, int] = {}
        self.weight = 0

    def get(self, key: K) -> V | None:
        """The entry, which counts as used now; None if there is none."""
        value = self._entries.get(key)
        if value is not None:
            self._entries.move_to_end(key)
        return value

    def put(self, key: K, value: V, weight: int = 0) -> None:
        """Keep an entry, and let the oldest go while there are too many, or too much."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if self._most is None:
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)
            return
        self.weight += weight - self._weights.get(key, 0)
        self._weights[key] = weight
        while len(self._entries) > self._size or self.weight > self._most:
            oldest, _ = self._entries.popitem(last=False)
            self.weight -= self._weights.pop(oldest)

    def __len__(self) -> int:
        return len(self._entries)
