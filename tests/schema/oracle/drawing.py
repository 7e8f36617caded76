"""Choices, drawn by Hypothesis: so that a query that shows a difference is made smaller, and the same ones are tried every day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class Choices:
    """Small decisions. The first of several is the simplest: Hypothesis shrinks towards it."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw

    def number(self, low: int, high: int) -> int:
        return low + int(self._draw(_below(high - low + 1))) if high > low else low

    def pick(self, some: Sequence[T]) -> T:
        return some[self.number(0, len(some) - 1)]

    def chance(self, percent: int) -> bool:
        """Whether something happens; "no" is simpler."""
        return self.number(0, 99) >= 100 - percent
