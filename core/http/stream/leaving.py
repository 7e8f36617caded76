"""The process is about to stop: told to every open stream, so that each can say goodbye to its client."""

from __future__ import annotations

from collections.abc import Callable


class GoingAway:
    """Told once; who comes later hears at once."""

    def __init__(self) -> None:
        self._begun = False
        self._waiting: set[Callable[[], None]] = set()

    def begin(self) -> None:
        """Tell everybody."""
        self._begun = True
        while self._waiting:
            self._waiting.pop()()

    def tell(self, react: Callable[[], None]) -> None:
        """Call this when it begins."""
        if self._begun:
            react()
        else:
            self._waiting.add(react)

    def forget(self, react: Callable[[], None]) -> None:
        """Do not call it any more."""
        self._waiting.discard(react)
