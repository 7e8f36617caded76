"""Where queries are answered: bare driver connections, without the layers that acts need, since these are asked most.

A query session is one read-only transaction in one scope, like any other (`core.db.session`). It only runs statements that are
text already: those that the planner has written, and the few by which a caller is recognised.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast

import asyncpg
from sqlalchemy.engine import URL

from core.db.roles import APPLICATION
from core.db.scope import Scope, anonymous_statement, scope_statement
from core.errors import too_late

POOLER_MARK = "prepared_statement_cache_size"
"""The part of an address by which we remember that a pooler in transaction mode stands between: nothing lasts there."""
CONNECT_SECONDS = 10
ACQUIRE_SECONDS = 10
IDLE_SECONDS = 300
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
    return {"statement_cache_size": 512, "timeout": CONNECT_SECONDS, "server_settings": settings}


class QuerySession:
    """Reads the rows of one scope, by statements that are text already."""

    def __init__(self, driver: asyncpg.Connection, scope: Scope, opening: str) -> None:
        self.driver = driver
        self.scope = scope
        self._opening = opening

    async def json(self, sql: str, arguments: Sequence[Any]) -> str | None:
        """The text of the one JSON value that a planned statement answers, unparsed."""
        return cast("str | None", await self.driver.fetchval(sql, *arguments))

    @asynccontextmanager
    async def recovering(self) -> AsyncGenerator[None]:
        """A statement that fails in this block raises, and the session can be read from again.

        It begins anew: what only reads loses nothing by that, and pays for it only where a statement has failed.
        """
        try:
            yield
        except asyncpg.PostgresError:
            await self.driver.execute(f"rollback; {self._opening}")
            raise


class Recogniser(Protocol):
    """What can be asked who a caller is, without a tenant."""

    async def ask(self, sql: str, *arguments: Any) -> list[Any]:
        """The records of one statement without a tenant: reference data, and the functions that recognise a caller."""
        ...


class Lease:
    """One connection, lent to one operation from when it first needs it: to recognise its caller, then to read."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._driver: asyncpg.Connection | None = None

    async def ask(self, sql: str, *arguments: Any) -> list[Any]:
        """The records of one statement without a tenant."""
        driver = await self._lent()
        if not self._queries.pooled:
            return list(await driver.fetch(sql, *arguments))
        async with _transaction(driver, f"begin read only; {anonymous_statement(TIMEOUT_MS)}"):
            return list(await driver.fetch(sql, *arguments))

    @asynccontextmanager
    async def session(
        self, scope: Scope, timeout_ms: int, condition: str | None = None
    ) -> AsyncGenerator[QuerySession]:
        """A read-only transaction in a scope. The scope travels in the same message as BEGIN, and so does a condition.

        A condition is a statement that fails where the scope must not be entered; its error is the driver's.
        """
        driver = await self._lent()
        opening = f"begin read only; {scope_statement(scope, timeout_ms)}"
        async with _transaction(driver, opening if condition is None else f"{opening}; {condition}"):
            yield QuerySession(driver, scope, opening)

    async def end(self) -> None:
        """Give the connection back."""
        driver, self._driver = self._driver, None
        if driver is not None:
            await self._queries.take_back(driver)

    async def _lent(self) -> asyncpg.Connection:
        if self._driver is None:
            self._driver = await self._queries.lend()
        return self._driver


class Queries:
    """The connections for queries of one process; opened when they are first needed."""

    def __init__(self, url: URL, size: int) -> None:
        self.pooled = is_pooled(url)
        self._url = url
        self._size = size
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._turns = asyncio.Semaphore(size)

    @asynccontextmanager
    async def lease(self) -> AsyncGenerator[Lease]:
        """A connection for as long as the block lasts, or none if it needs none."""
        lease = Lease(self)
        try:
            yield lease
        finally:
            await lease.end()

    async def ask(self, sql: str, *arguments: Any) -> list[Any]:
        """The records of one statement without a tenant, on a connection of its own."""
        async with self.lease() as lease:
            return await lease.ask(sql, *arguments)

    async def lend(self) -> asyncpg.Connection:
        """A free connection; waits for one, and raises `OperationTimeout` where none comes free in time.

        First come, first served: the pool by itself lets whoever comes at the right moment go before those who wait, and under
        two hundred clients some waited for seconds.
        """
        pool = self._pool or await self._opened()
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise too_late(ACQUIRE_SECONDS * 1_000) from None
        try:
            return await pool.acquire(timeout=ACQUIRE_SECONDS)
        except BaseException:
            self._turns.release()
            raise

    async def take_back(self, driver: asyncpg.Connection) -> None:
        """Have a connection back."""
        try:
            if self._pool is not None:
                await self._pool.release(driver)
        finally:
            self._turns.release()

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

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


@asynccontextmanager
async def _transaction(driver: asyncpg.Connection, opening: str) -> AsyncGenerator[None]:
    try:
        await driver.execute(opening)
        yield
        await driver.execute("commit")
    except BaseException:
        await _roll_back(driver)
        raise


async def _become_application(driver: asyncpg.Connection) -> None:
    """What is asked outside a transaction runs as the application too, and only reads."""
    limits = f"set statement_timeout = {TIMEOUT_MS}; set default_transaction_read_only = on"
    await driver.execute(f"set role {APPLICATION}; {limits}")


async def _leave_as_it_is(_driver: asyncpg.Connection) -> None:
    """Every transaction sets its own scope for itself alone: there is nothing to reset."""


async def _roll_back(driver: asyncpg.Connection) -> None:
    try:
        await driver.execute("rollback")
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the connection must not serve anybody else
        driver.terminate()
