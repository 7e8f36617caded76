"""The connections that queries are asked on, and who has one: lent in the order in which they were asked for.

The end of a transaction that has only read is not waited for: nothing hangs on it. It travels in the message that begins the next one on
the same connection, or is sent by itself a moment later, so a query has two round trips, not three.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.engine import URL

from core.db.roles import APPLICATION
from core.errors import too_late

POOLER_MARK = "prepared_statement_cache_size"
"""The part of an address by which we remember that a pooler in transaction mode stands between: nothing lasts there."""
CONNECT_SECONDS = 10
ACQUIRE_SECONDS = 10
IDLE_SECONDS = 300
KEPT_CHARACTERS = 65_536
"""Statements up to this length stay prepared. A case with everything and what plugins add to it passes asyncpg's own limit of 15
kB, beyond which each execution is parsed and planned anew: some 10 ms."""
REST_SECONDS = 0.02
"""How long a connection is kept at hand, its last transaction unended, before it goes back to the pool."""
TIMEOUT_MS = 10_000
"""For recognising a caller, before anything is known of what they ask."""


def is_pooled(url: URL) -> bool:
    """Whether a pooler in transaction mode stands between us and PostgreSQL."""
    return url.query.get(POOLER_MARK) == "0"


def driver_arguments(url: URL) -> dict[str, Any]:
    """How a connection to this address is opened, whoever opens it."""
    if is_pooled(url):
        return {"statement_cache_size": 0, "timeout": CONNECT_SECONDS}
    settings = {"application_name": "yingsu", "jit": "off", "timezone": "UTC"}
    return {
        "statement_cache_size": 512,
        "max_cacheable_statement_size": KEPT_CHARACTERS,
        "timeout": CONNECT_SECONDS,
        "server_settings": settings,
    }


class Desk:
    """One connection, and whether its last transaction, which has only read, is still to be ended.

    Behind a pooler every transaction is ended at once: it holds a connection of PostgreSQL's as long as it lasts.
    """

    def __init__(self, driver: asyncpg.Connection, *, lazy: bool) -> None:
        self.driver = driver
        self._lazy = lazy
        self._unended = False
        self.rest: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def transaction(self, opening: str) -> AsyncGenerator[None]:
        """A transaction that reads, begun by `opening`."""
        begun = f"commit; {opening}" if self._unended else opening
        self._unended = False
        try:
            await self.driver.execute(begun)
            yield
            if not self._lazy:
                await self.driver.execute("commit")
        except BaseException:
            await self._roll_back()
            raise
        self._unended = self._lazy

    async def finish(self) -> None:
        """End the last transaction, if it is not ended yet."""
        if not self._unended:
            return
        self._unended = False
        try:
            await self.driver.execute("commit")
        except BaseException:
            await self._roll_back()
            raise

    async def _roll_back(self) -> None:
        try:
            await self.driver.execute("rollback")
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the connection must not serve anybody else
            self.driver.terminate()


class Desks:
    """The connections for queries of one process; opened when they are first needed.

    asyncpg's pool opens and closes them. Those that were used a moment ago are kept at hand here: to give one back and take it again
    each time costs more than it does to ask.
    """

    def __init__(self, url: URL, size: int) -> None:
        self.pooled = is_pooled(url)
        self._url = url
        self._size = size
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._turns = asyncio.Semaphore(size)
        self._at_hand: list[Desk] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def lend(self) -> Desk:
        """A free connection; waits for one, and raises `OperationTimeout` where none comes free in time.

        First come, first served: the pool by itself lets whoever comes at the right moment go before those who wait, and under
        two hundred clients some waited for seconds.
        """
        await self._turn()
        try:
            return self._nearest() or await self._fetched()
        except BaseException:
            self._turns.release()
            raise

    def take_back(self, desk: Desk) -> None:
        """Have a connection back, and keep it at hand for a moment."""
        self._at_hand.append(desk)
        desk.rest = asyncio.get_running_loop().call_later(REST_SECONDS, self._put_away, desk)
        self._turns.release()

    async def close(self) -> None:
        """Close every connection."""
        for desk in tuple(self._at_hand):
            self._put_away(desk)
        await asyncio.gather(*self._leaving)
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise too_late(ACQUIRE_SECONDS * 1_000) from None

    def _nearest(self) -> Desk | None:
        """The one that was used last, if it is still good."""
        while self._at_hand:
            desk = self._at_hand[-1]
            if not desk.driver.is_closed():
                self._at_hand.pop()
                _wake(desk)
                return desk
            self._put_away(desk)
        return None

    def _put_away(self, desk: Desk) -> None:
        """Send a connection back to the pool."""
        self._at_hand.remove(desk)
        _wake(desk)
        leaving = asyncio.get_running_loop().create_task(self._returned(desk))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _returned(self, desk: Desk) -> None:
        try:
            await desk.finish()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            desk.driver.terminate()
        if self._pool is not None:
            await self._pool.release(desk.driver)

    async def _fetched(self) -> Desk:
        pool = self._pool or await self._opened()
        return Desk(await pool.acquire(timeout=ACQUIRE_SECONDS), lazy=not self.pooled)

    async def _opened(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await self._open()
        return self._pool

    async def _open(self) -> asyncpg.Pool:
        plain = self._url.set(drivername="postgresql").difference_update_query((POOLER_MARK,))
        return await asyncpg.create_pool(
            plain.render_as_string(hide_password=False),
            min_size=0,
            max_size=self._size,
            max_inactive_connection_lifetime=IDLE_SECONDS,
            init=None if self.pooled else _become_application,
            reset=_leave_as_it_is,
            **driver_arguments(self._url),
        )


def _wake(desk: Desk) -> None:
    if desk.rest is not None:
        desk.rest.cancel()
        desk.rest = None


async def _become_application(driver: asyncpg.Connection) -> None:
    """What is asked outside a transaction runs as the application too, and only reads."""
    limits = f"set statement_timeout = {TIMEOUT_MS}; set default_transaction_read_only = on"
    await driver.execute(f"set role {APPLICATION}; {limits}")


async def _leave_as_it_is(_driver: asyncpg.Connection) -> None:
    """Every transaction sets its own scope for itself alone: there is nothing to reset."""
