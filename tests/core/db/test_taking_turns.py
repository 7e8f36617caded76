"""Connections for queries are lent in the order in which they were asked for, and whoever waits too long is told so."""

from __future__ import annotations

import asyncio

import pytest

from core.db import desks
from core.db.engine import make_engine
from core.db.session import Database
from core.errors import OperationTimeout


async def test_first_come_first_served(database_url: str) -> None:
    """One new client in every turn of the loop, and two connections: nobody is answered before those who came long before."""
    database = Database(make_engine(database_url, pool_size=2))
    answered: list[int] = []

    async def client(number: int) -> None:
        await database.queries.ask("select 1")
        answered.append(number)

    try:
        clients = []
        for number in range(2_000):
            clients.append(asyncio.create_task(client(number)))
            await asyncio.sleep(0)
        await asyncio.gather(*clients)
        assert max(number - place for place, number in enumerate(answered)) <= 2
    finally:
        await database.dispose()


async def test_whoever_waits_too_long_is_told_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "ACQUIRE_SECONDS", 0.05)
    database = Database(make_engine(database_url, pool_size=1))
    try:
        async with database.queries.lease() as lease:
            await lease.ask("select 1")
            with pytest.raises(OperationTimeout):
                await database.queries.ask("select 1")
        await database.queries.ask("select 1")  # nobody's turn was lost
    finally:
        await database.dispose()
