"""Where queries are answered: bare driver connections, without the layers that acts need, since these are asked most.

A query session is one read-only transaction in one scope, like any other (`core.db.session`). It only runs statements that are
text already: those that the planner has written, and the few by which a caller is recognised.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast

import asyncpg

from core.db.desks import TIMEOUT_MS, Desk, Desks
from core.db.scope import Scope, anonymous_statement, scope_statement


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

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._desk: Desk | None = None

    async def ask(self, sql: str, *arguments: Any) -> list[Any]:
        """The records of one statement without a tenant."""
        desk = await self._lent()
        if self._desks.pooled:
            async with desk.transaction(f"begin read only; {anonymous_statement(TIMEOUT_MS)}"):
                return list(await desk.driver.fetch(sql, *arguments))
        await desk.finish()
        return list(await desk.driver.fetch(sql, *arguments))

    @asynccontextmanager
    async def session(
        self, scope: Scope, timeout_ms: int, condition: str | None = None
    ) -> AsyncGenerator[QuerySession]:
        """A read-only transaction in a scope. The scope travels in the same message as BEGIN, and so does a condition.

        A condition is a statement that fails where the scope must not be entered; its error is the driver's.
        """
        desk = await self._lent()
        opening = f"begin read only; {scope_statement(scope, timeout_ms)}"
        async with desk.transaction(opening if condition is None else f"{opening}; {condition}"):
            yield QuerySession(desk.driver, scope, opening)

    async def end(self) -> None:
        """Give the connection back."""
        desk, self._desk = self._desk, None
        if desk is not None:
            self._desks.take_back(desk)

    async def _lent(self) -> Desk:
        if self._desk is None:
            self._desk = await self._desks.lend()
        return self._desk


class Queries:
    """The way to a process's connections for queries, one lease an operation."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    @asynccontextmanager
    async def lease(self) -> AsyncGenerator[Lease]:
        """A connection for as long as the block lasts, or none if it needs none."""
        lease = Lease(self._desks)
        try:
            yield lease
        finally:
            await lease.end()

    async def ask(self, sql: str, *arguments: Any) -> list[Any]:
        """The records of one statement without a tenant, on a connection of its own."""
        async with self.lease() as lease:
            return await lease.ask(sql, *arguments)

    async def close(self) -> None:
        """Close every connection."""
        await self._desks.close()
