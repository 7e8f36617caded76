"""What is registered is looked up by many at once, with few connections between them: whoever holds one must never wait for who wants one."""

from __future__ import annotations

import asyncio

from core.db.engine import make_engine
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from core.trusted.cache import NO_TRUST, TrustedDocuments
from tests.support.city import TODAY

CITY = Scope(ScopeKind.TENANT, 4401, 440100000, 440200000, TenantLevel.CITY, TODAY)


async def test_nobody_who_holds_a_connection_waits_for_one_who_wants_it(database_url: str) -> None:
    database = Database(make_engine(database_url, pool_size=2))
    trusted = TrustedDocuments()
    try:
        async with database.queries.lease() as one, database.queries.lease() as other:
            await one.ask("select 1")
            await other.ask("select 1")  # now every connection is lent
            async with database.queries.lease() as late:
                waiting = asyncio.create_task(trusted.trust(late, CITY))
                try:
                    await asyncio.sleep(0)
                    async with asyncio.timeout(5):
                        assert await trusted.trust(one, CITY) == NO_TRUST
                        assert await trusted.trust(other, CITY) == NO_TRUST
                        await one.end()
                        assert await waiting == NO_TRUST
                finally:
                    waiting.cancel()
    finally:
        await database.dispose()
