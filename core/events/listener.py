"""The one connection by which a process hears of new events. It carries no event: what it hears is only a reason to read."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg
from sqlalchemy.engine import make_url

CHANNEL: Final = "yingsu_events"
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
"""Seconds between attempts to connect anew."""
PULSE: Final = 15.0
"""Seconds after which a silent connection is asked whether it still is one."""

_logger = logging.getLogger("yingsu.events")


class Listener:
    """Calls `heard` for every message, and each time that it has connected: what was said meanwhile is not repeated.

    It needs a connection of its own to PostgreSQL itself: behind a pooler in transaction mode nobody listens.
    """

    def __init__(self, url: str, heard: Callable[[], None], connected: Callable[[bool], None]) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._connected = connected

    async def run(self) -> None:
        """Listen until cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._listen()
                pause = FIRST_PAUSE
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                _logger.warning("listening for events failed, again in %.1f s: %s", pause, type(error).__name__)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - many processes should not come back at once
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        """One connection, from its opening to its end."""
        connection = await asyncpg.connect(
            self._url, timeout=10, command_timeout=10, server_settings={"application_name": "yingsu-listen"}
        )
        ended = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(CHANNEL, lambda *_: self._heard())
            self._connected(True)
            self._heard()
            while not ended.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), PULSE)
                if not ended.is_set():
                    await connection.execute("select 1")
        finally:
            self._connected(False)
            connection.terminate()
