"""The scope of the whole city, for the length of a block in somebody else's transaction."""

import pytest
from sqlalchemy import func, select

from core.cases.tables import Response
from core.db.session import Database
from tests.support.city import City

SEEN = select(func.count()).select_from(Response)


async def test_a_block_sees_the_city_and_the_transaction_only_its_own_again(database: Database, city: City) -> None:
    async with database.write(city.scope(440112001)) as session:
        before = await session.scalar(SEEN)
        async with session.of_city() as wide:
            everything = await wide.scalar(SEEN)
            assert (wide.scope.low, wide.scope.high) == (440100000, 440200000)
        assert await session.scalar(SEEN) == before < everything
    async with database.write(city.scope(440100000)) as session:
        assert await session.scalar(SEEN) == everything


async def test_no_other_city_is_seen_from_it(database: Database, city: City) -> None:
    async with database.write(city.agency_scope("huangpu")) as session, session.of_city() as wide:
        codes = await wide.rows(select(Response.code).distinct())
    assert {row.code // 100_000 for row in codes} == {4401}


async def test_an_error_in_the_block_gives_the_scope_back(database: Database, city: City) -> None:
    async with database.write(city.scope(440112001)) as session:
        before = await session.scalar(SEEN)
        with pytest.raises(LookupError):
            async with session.of_city():
                raise LookupError
        assert await session.scalar(SEEN) == before
