"""What an operation is executed with: for whom, on which database, with which ids; and how acts are begun."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import asyncpg

from core.db.queries import Lease, QuerySession
from core.db.session import Database, TenantReadSession, TenantSession
from core.errors import Unauthenticated
from schema.ids import IdCodec
from schema.keyed import KeyedAnswers
from schema.planner.compiler import View

ActContextFactory = Callable[[TenantSession], Awaitable[Any]]
"""Makes the context of one act on its session; the core gives it, the engine only passes it on."""


OUTDATED = "YS401"
"""The SQLSTATE by which a claim's statement fails."""


class Outdated(Unauthenticated):
    """The caller's memberships have changed since they were recognised: whatever was found out is thrown away."""

    def __init__(self) -> None:
        super().__init__("recognise the caller anew", "请重新核验身份")


class Claim(Protocol):
    """What has to hold still for a caller to be who they were."""

    @property
    def statement(self) -> str:
        """The check, as a statement that fails where it does not hold."""
        ...


@dataclass(slots=True)
class OperationContext:
    """One operation: all its planned fields are read in one transaction, opened when the first of them needs it.

    Fields that Python answers, and that read for themselves, have another one, of the kind that acts have too.
    """

    view: View
    database: Database
    ids: IdCodec
    begin_act: ActContextFactory
    viewer: Any
    timeout_ms: int
    extras: dict[str, Any] = field(default_factory=dict)
    keyed: KeyedAnswers | None = None
    lease: Lease | None = None
    """The connection on which the caller was recognised, if there is one: planned fields are read on it too."""
    claim: Claim | None = None
    """What the caller was recognised by some time ago, still to be confirmed; None where they were recognised just now."""
    statements: int = 0
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _session: TenantReadSession | None = None
    _queries: QuerySession | None = None

    @property
    def confirmed(self) -> bool:
        """Whether nothing is left to be confirmed of who the caller is."""
        return self.claim is None

    @asynccontextmanager
    async def querying(self) -> AsyncGenerator[QuerySession]:
        """The session of planned statements, for one root field at a time: graphql-core starts them all at once."""
        async with self._lock:
            if self._queries is None:
                lease = self.lease
                if lease is None:
                    lease = await self._stack.enter_async_context(self.database.queries.lease())
                self._queries = await self._begin(lease)
            yield self._queries

    async def _begin(self, lease: Lease) -> QuerySession:
        """Begin to read; raises `Outdated` where the caller's claim no longer holds."""
        condition = self.claim.statement if self.claim is not None else None
        opening = lease.session(self.view.scope, self.timeout_ms, condition)
        try:
            session = await self._stack.enter_async_context(opening)
        except asyncpg.PostgresError as failure:
            if failure.sqlstate != OUTDATED:
                raise
            raise Outdated from None
        self.claim = None
        return session

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[TenantReadSession]:
        """The session of fields that Python answers, for one at a time."""
        async with self._lock:
            if self._session is None:
                opening = self.database.read(self.view.scope, self.timeout_ms)
                self._session = await self._stack.enter_async_context(opening)
            yield self._session

    async def close(self, error: BaseException | None = None) -> None:
        """End the read transactions that were opened."""
        kind = type(error) if error is not None else None
        await self._stack.__aexit__(kind, error, error.__traceback__ if error is not None else None)
