"""The end of a reading transaction is not waited for, and comes all the same; a connection that has died is not lent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from core.db.engine import make_engine
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database

SCOPE = Scope(ScopeKind.TENANT, 4401, 440100000, 440200000, TenantLevel.CITY, date(2026, 3, 10))
OTHER = Scope(ScopeKind.TENANT, 4403, 440300000, 440400000, TenantLevel.CITY, date(2026, 3, 10))
LOW = "select current_setting('app.lo')"
PID = "select pg_backend_pid()::text"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(make_engine(database_url, pool_size=1))
    yield database
    await database.dispose()


async def asked(database: Database, scope: Scope, sql: str) -> str | None:
    async with database.queries.lease() as lease, lease.session(scope, 5_000) as session:
        return await session.json(sql, ())


async def owner_asks(database: Database, sql: str) -> object:
    """What only the database's owner may ask."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def state_of(database: Database, pid: str) -> object:
    return await owner_asks(database, f"select state from pg_stat_activity where pid = {pid}")


async def test_each_transaction_is_in_its_own_scope(database: Database) -> None:
    assert await asked(database, SCOPE, LOW) == "440100000"
    assert await asked(database, OTHER, LOW) == "440300000"
    assert await asked(database, SCOPE, PID) == await asked(database, OTHER, PID)


async def test_a_transaction_that_nobody_follows_is_ended(database: Database) -> None:
    pid = await asked(database, SCOPE, PID)
    assert pid is not None
    async with asyncio.timeout(10):
        while await state_of(database, pid) != "idle":
            await asyncio.sleep(0.01)
    assert await asked(database, SCOPE, PID) == pid


async def test_what_is_asked_outside_a_transaction_is_outside_the_last_one(database: Database) -> None:
    await asked(database, SCOPE, LOW)
    (row,) = await database.queries.ask(LOW.replace("'app.lo'", "'app.lo', true") + " as low")
    assert row["low"] == ""


async def test_what_fails_is_rolled_back_at_once(database: Database) -> None:
    pid = await asked(database, SCOPE, PID)
    assert pid is not None
    with pytest.raises(asyncpg.DivisionByZeroError):
        await asked(database, SCOPE, "select (1 / 0)::text")
    assert await state_of(database, pid) == "idle"
    assert await asked(database, OTHER, LOW) == "440300000"


async def test_a_connection_that_was_cut_is_not_lent(database: Database) -> None:
    pid = await asked(database, SCOPE, PID)
    assert await owner_asks(database, f"select pg_terminate_backend({pid}, 5000)")
    async with asyncio.timeout(10):
        while True:
            try:
                found = await asked(database, SCOPE, PID)
                break
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                continue  # the news had not come yet: whoever asks then is told, and the next has a new connection
    assert found not in {None, pid}


async def test_all_is_ended_when_the_process_ends(database: Database) -> None:
    pid = await asked(database, SCOPE, PID)
    assert pid is not None
    await database.queries.close()
    async with asyncio.timeout(10):
        while await state_of(database, pid) is not None:
            await asyncio.sleep(0.01)


async def test_a_long_statement_stays_prepared(database: Database) -> None:
    """asyncpg by itself forgets those of more than 15 kB, and plans them anew each time."""
    prepared = "select count(*)::text from pg_prepared_statements where statement like '%a long comment%'"
    long = f"select 'kept' /* a long comment {'x' * 30_000} */"
    assert await asked(database, SCOPE, long) == "kept"
    assert await asked(database, SCOPE, prepared.replace("'%a long", "'%a l' || 'ong")) == "1"
