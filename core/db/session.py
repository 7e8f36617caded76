"""Typed sessions: each is one transaction, opened here with its scope, committed here on success, rolled back on any error.

Application code never commits. A session's type says what it may do: `TenantReadSession` reads one tenant's rows,
`TenantSession` also writes them, `SystemSession` works on all tenants, `AnonymousSession` has none.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, cast

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.db.desks import Desks
from core.db.queries import Queries
from core.db.scope import Scope, anonymous_statement, rescope_statement, scope_statement, system_statement

DEFAULT_TIMEOUT_MS = 10_000


class ReadSession:
    """A transaction that reads."""

    def __init__(self, connection: AsyncConnection, driver: asyncpg.Connection) -> None:
        self._connection = connection
        self.driver = driver

    async def rows(self, statement: Executable, parameters: Any = None) -> Sequence[Row[Any]]:
        """All rows of a statement."""
        return (await self._connection.execute(statement, parameters)).all()

    async def row(self, statement: Executable, parameters: Any = None) -> Row[Any] | None:
        """The first row, or None."""
        return (await self._connection.execute(statement, parameters)).first()

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """The first column of the first row, or None."""
        return await self._connection.scalar(statement, parameters)

    async def json(self, sql: str, arguments: Sequence[Any]) -> str | None:
        """The text of the one JSON value that a planned statement answers; straight from the driver, unparsed."""
        return cast("str | None", await self.driver.fetchval(sql, *arguments))


class TenantReadSession(ReadSession):
    """Reads the rows of one scope; PostgreSQL itself refuses a write."""

    def __init__(self, connection: AsyncConnection, driver: asyncpg.Connection, scope: Scope) -> None:
        super().__init__(connection, driver)
        self.scope = scope


class WriteSession(ReadSession):
    """A transaction that also writes."""

    async def execute(self, statement: Executable, parameters: Any = None) -> int:
        """Run a writing statement; answers how many rows it touched."""
        return (await self._connection.execute(statement, parameters)).rowcount


class TenantSession(WriteSession):
    """Reads and writes the rows of one scope."""

    def __init__(self, connection: AsyncConnection, driver: asyncpg.Connection, scope: Scope) -> None:
        super().__init__(connection, driver)
        self.scope = scope

    @asynccontextmanager
    async def of_city(self) -> AsyncGenerator[TenantSession]:
        """This transaction, for the length of the block, in the scope of the whole city.

        For what follows from an act for those whom its author cannot see: the co-respondent of another district hears of the
        hearing too. Nothing that is read in the block may reach the author of the act.
        """
        await self.driver.execute(rescope_statement(self.scope.of_city()))
        try:
            yield TenantSession(self._connection, self.driver, self.scope.of_city())
        except BaseException:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
                await self.driver.execute(rescope_statement(self.scope))
            raise
        await self.driver.execute(rescope_statement(self.scope))

    @asynccontextmanager
    async def recovering(self) -> AsyncGenerator[None]:
        """A statement that fails in this block raises, and what was written before it stands: a savepoint."""
        await self.driver.execute("savepoint recovering")
        try:
            yield
        except asyncpg.PostgresError:
            await self.driver.execute("rollback to savepoint recovering")
            raise
        await self.driver.execute("release savepoint recovering")


class SystemSession(WriteSession):
    """Works on all tenants: imports, recomputations, administration. Never opened for a request's own reads."""

    async def narrowed(self, scope: Scope, timeout_ms: int) -> TenantSession:
        """The same transaction, from here on in a scope: this session must not be used any more (jobs of a tenant)."""
        await self.driver.execute(scope_statement(scope, timeout_ms))
        return TenantSession(self._connection, self.driver, scope)


class AnonymousSession(ReadSession):
    """Has no tenant: sees reference data, and asks `memberships_of`."""


class Database:
    """Opens sessions on an engine whose connections are in autocommit mode, so that transactions begin and end here alone.

    The scope travels in the same message as BEGIN: one round trip less than asking for both.
    """

    def __init__(self, engine: AsyncEngine, system_engine: AsyncEngine | None = None) -> None:
        self.engine = engine
        self.system_engine = system_engine or engine
        self.queries = Queries(Desks(engine.url, cast("AsyncAdaptedQueuePool", engine.pool).size()))

    @asynccontextmanager
    async def read(self, scope: Scope, timeout_ms: int = DEFAULT_TIMEOUT_MS) -> AsyncGenerator[TenantReadSession]:
        """A read-only transaction in a scope."""
        opening = f"begin read only; {scope_statement(scope, timeout_ms)}"
        async with _transaction(self.engine, opening) as (connection, driver):
            yield TenantReadSession(connection, driver, scope)

    @asynccontextmanager
    async def write(self, scope: Scope, timeout_ms: int = DEFAULT_TIMEOUT_MS) -> AsyncGenerator[TenantSession]:
        """A transaction in a scope: committed when the block ends, rolled back when it raises."""
        opening = f"begin; {scope_statement(scope, timeout_ms)}"
        async with _transaction(self.engine, opening) as (connection, driver):
            yield TenantSession(connection, driver, scope)

    @asynccontextmanager
    async def system(self, timeout_ms: int = 0) -> AsyncGenerator[SystemSession]:
        """A system transaction; `timeout_ms` 0 means none."""
        opening = f"begin; {system_statement(timeout_ms)}"
        async with _transaction(self.system_engine, opening) as (connection, driver):
            yield SystemSession(connection, driver)

    @asynccontextmanager
    async def anonymous(self, timeout_ms: int = DEFAULT_TIMEOUT_MS) -> AsyncGenerator[AnonymousSession]:
        """A read-only transaction without a tenant."""
        opening = f"begin read only; {anonymous_statement(timeout_ms)}"
        async with _transaction(self.engine, opening) as (connection, driver):
            yield AnonymousSession(connection, driver)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.queries.close()
        await self.engine.dispose()
        await self.system_engine.dispose()


@asynccontextmanager
async def _transaction(engine: AsyncEngine, opening: str) -> AsyncGenerator[tuple[AsyncConnection, asyncpg.Connection]]:
    async with AsyncExitStack() as stack:
        connection, driver = await _begun(engine, opening, stack)
        try:
            yield connection, driver
            await driver.execute("commit")
        except BaseException:
            await _roll_back(connection, driver)
            raise


async def _begun(
    engine: AsyncEngine, opening: str, stack: AsyncExitStack
) -> tuple[AsyncConnection, asyncpg.Connection]:
    """A connection on which the transaction has begun.

    One that was cut while it lay in the pool is thrown away for another: nothing has been asked on it yet, and after a restart of
    PostgreSQL each of them would fail somebody's act.
    """
    while True:
        connection = await stack.enter_async_context(engine.connect())
        raw = await connection.get_raw_connection()
        driver = cast("asyncpg.Connection", raw.driver_connection)
        if driver.is_closed():
            await connection.invalidate()
            await stack.aclose()
            continue
        try:
            await driver.execute(opening)
        except BaseException:
            await _roll_back(connection, driver)
            raise
        return connection, driver


async def _roll_back(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    try:
        await driver.execute("rollback")
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the connection must not serve anybody else
        await connection.invalidate()
