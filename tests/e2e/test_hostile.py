"""A hostile hour in small: each attack is refused in its own words, soon, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.e2e.conftest import Api
from tests.support.attacks import ATTACKS


@asynccontextmanager
async def somebody_else(api: Api) -> AsyncIterator[list[float]]:
    """Another client, who asks small things all the while; their waiting times."""
    waits: list[float] = []
    stop = asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            began = time.perf_counter()
            await api.ask("agency", "{ viewer { subject } }")
            waits.append(time.perf_counter() - began)

    asking = asyncio.create_task(ask())
    try:
        yield waits
    finally:
        stop.set()
        await asking


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_is_refused_in_its_own_words_while_others_are_served(api: Api, name: str) -> None:
    body, code, reason = ATTACKS[name]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.tokens['city_bureau']}"}
    async with somebody_else(api) as waits, httpx.AsyncClient() as client:
        answer = await client.post(f"{api.url}/graphql", content=body, headers=headers, timeout=20)
        await asyncio.sleep(0)
    found = answer.json()
    error = (found[0] if isinstance(found, list) else found)["errors"][0]
    assert answer.status_code < 500
    assert error["extensions"]["code"] == code, error
    assert error["extensions"].get("reason") == reason, error
    assert len(error["message"]) < 2_000
    assert waits, "nobody else was served"
