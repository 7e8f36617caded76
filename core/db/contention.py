"""Transactions that PostgreSQL ended in favour of others (deadlock, serialisation): tried again, for nothing has happened."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from core.errors import ActRefused, Conflict, YingsuError

R = TypeVar("R")

ATTEMPTS: Final = 3
PAUSE_SECONDS: Final = 0.02
_LOST_TO_OTHERS: Final = frozenset({"40001", "40P01"})


def is_contention(error: BaseException | None) -> bool:
    """Whether an error goes back to a transaction that lost to another, however deeply it is wrapped."""
    while error is not None:
        if getattr(error, "sqlstate", None) in _LOST_TO_OTHERS:
            return True
        error = getattr(error, "orig", None) or error.__cause__
    return False


async def retrying(attempt: Callable[[], Awaitable[R]]) -> R:
    """Run a transaction up to three times, as long as it loses to others; `attempt` opens a new one each time.

    What the last attempt raises is raised; an error of the database itself as `Conflict`.
    """
    for number in range(1, ATTEMPTS):
        try:
            return await attempt()
        except Exception as error:
            if not is_contention(error):
                raise
        # Not at once, and not both at the same time: they would meet again.
        await asyncio.sleep(PAUSE_SECONDS * number * random.uniform(0.5, 1.5))  # noqa: S311 - guards nothing
    try:
        return await attempt()
    except Exception as error:
        if isinstance(error, ActRefused | YingsuError) or not is_contention(error):
            raise
        raise Conflict("others are changing the same rows: try again", "他人正在修改相同数据，请重试") from error
