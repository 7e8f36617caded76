"""PostgreSQL was started anew while connections lay in the pool: whoever comes next gets another one, and no error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest
from sqlalchemy import text

from core.db.engine import make_engine
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database

SCOPE = Scope(ScopeKind.TENANT, 4401, 440100000, 440200000, TenantLevel.CITY, date(2026, 3, 10))
OTHERS = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
CONNECTIONS = 3


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(make_engine(database_url, pool_size=CONNECTIONS))
    yield database
    await database.dispose()


async def all_cut(database: Database, url: str) -> None:
    together = asyncio.Barrier(CONNECTIONS)

    async def hold() -> None:
        async with database.system():
            await together.wait()

    await asyncio.gather(*(hold() for _ in range(CONNECTIONS)))
    connection = await asyncpg.connect(url)
    cut = await connection.fetch(OTHERS)
    await connection.close()
    assert len(cut) >= CONNECTIONS
    await asyncio.sleep(0)  # the loop reads that they have ended


@pytest.mark.parametrize("kind", ["read", "write", "system", "anonymous"])
async def test_whoever_comes_next_gets_another_connection(database: Database, database_url: str, kind: str) -> None:
    await all_cut(database, database_url)
    given = (SCOPE,) if kind in {"read", "write"} else ()
    async with getattr(database, kind)(*given) as session:
        assert await session.scalar(text("select 1")) == 1
