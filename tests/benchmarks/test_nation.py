"""The nation of the benchmarks obeys every constraint, and its tallies are those that counting its responses gives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from benchmarks.nation.store import NOW, TABLES, fill
from core.db.engine import make_engine
from core.db.session import Database
from core.installation.seed import seed_reference
from core.tallies.records import wrong_cells
from tests.conftest import _administer, on

CASES = 2_000
"""Each root has forty at least, so the nation has some fifteen thousand."""


@pytest.fixture(scope="module")
async def nation(server_url: str, template: str) -> AsyncIterator[Database]:
    name = f"n_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    database = Database(make_engine(on(server_url, name), pool_size=2))
    async with database.system() as session:
        await seed_reference(session, NOW)
    await fill(on(server_url, name), CASES)
    yield database
    await database.dispose()
    await _administer(server_url, f"drop database {name} with (force)")


async def test_every_table_has_rows_and_every_index_is_back(nation: Database, server_url: str, template: str) -> None:
    count = "select count(*) from pg_index where indrelid = any ($1::text[]::regclass[])"
    empty = await asyncpg.connect(on(server_url, template))
    full = await asyncpg.connect(nation.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        assert await full.fetchval(count, list(TABLES)) == await empty.fetchval(count, list(TABLES))
        for table in TABLES:
            assert await full.fetchval(f"select exists (select from {table})"), table
    finally:
        await empty.close()
        await full.close()


@pytest.mark.parametrize("shard", [4401, 11, 429004])
async def test_tallies_are_those_of_the_responses(nation: Database, shard: int) -> None:
    async with nation.system() as session:
        assert await wrong_cells(session, shard) == 0
