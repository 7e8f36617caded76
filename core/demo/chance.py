"""Reproducible chance: the same seed gives the same draws on every machine and in every version of Python.

Only `Random.random()` is used: its sequence for a seed is guaranteed, that of `choice` or `randrange` is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with weights, to draw from in logarithmic time. `ValueError` without a positive weight."""

    __slots__ = ("bounds", "values")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        kept = [(value, weight) for value, weight in pairs if weight > 0]
        if not kept:
            raise ValueError("nothing to draw from")
        self.values: tuple[T, ...] = tuple(value for value, _ in kept)
        self.bounds: tuple[float, ...] = tuple(accumulate(weight for _, weight in kept))


class Chance:
    """A stream of draws."""

    __slots__ = ("_draw",)

    def __init__(self, seed: str) -> None:
        self._draw = Random(seed).random

    def hits(self, probability: float) -> bool:
        """True with this probability."""
        return self._draw() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included; `low` if they are the wrong way round."""
        return low + int(self._draw() * (high - low + 1)) if high > low else low

    def skewed(self, low: int, high: int) -> int:
        """A whole number from `low` to `high` that is more often small."""
        return low + int(self._draw() * self._draw() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, each as likely."""
        return values[int(self._draw() * len(values))]

    def draw(self, weighted: Weighted[T]) -> T:
        """One of the weighted values."""
        return weighted.values[bisect_right(weighted.bounds, self._draw() * weighted.bounds[-1])]
