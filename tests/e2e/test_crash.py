"""The server is killed (SIGKILL) in the middle of a mutation; the client asks again with the same key."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import func, select

from core.app import id_secret
from core.cases.tables import Note
from core.db.session import Database
from core.identity.development_issuer import DevelopmentIssuer
from tests.e2e.conftest import install_members
from tests.support.city import City
from tests.support.house import HOUSE

YINGSU = Path(sys.executable).parent / "yingsu"
TWO = """mutation($one: NoteWriteInput!, $two: NoteWriteInput!) {
  first: noteWrite(input: $one) { note { id body } errors { code } }
  second: noteWrite(input: $two) { note { id body } errors { code } }
}"""
ONE = "mutation($one: NoteWriteInput!) { noteWrite(input: $one) { note { id body } errors { code } } }"


@dataclass(slots=True)
class Server:
    """A `yingsu serve` that can be killed and started again."""

    environment: dict[str, str]
    token: str
    process: asyncio.subprocess.Process | None = None
    url: str = ""

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            YINGSU, "serve", "--port", "0", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=self.environment,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), 60)).decode()
        assert line.startswith("listening "), line
        self.url = line.split()[1]

    async def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def post(self, query: str, variables: dict[str, Any], key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Idempotency-Key": key}
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.post(self.url, json={"query": query, "variables": variables}, headers=headers)


@pytest.fixture(scope="module")
async def members(database: Database, city: City) -> None:
    await install_members(database, city)


@pytest.fixture
async def server(database_url: str, members: None, tmp_path: Path) -> AsyncIterator[Server]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")}
    environment |= {"YINGSU_DATABASE_URL": database_url, "YINGSU_DATA": str(tmp_path)}
    token = DevelopmentIssuer.open(tmp_path / "dev").issue("dev:city_bureau", timedelta(hours=1), datetime.now(UTC))
    running = Server(environment, token)
    await running.start()
    yield running
    await running.kill()


async def note(database: Database, city: City, agency: str, body: str) -> dict[str, str]:
    ids = HOUSE.catalogue.id_codec(await id_secret(database))
    return {"responseId": ids.encode("Response", 4401, city.responses[agency]), "body": body}


async def notes(database: Database, body: str) -> int:
    async with database.system() as session:
        return int(await session.scalar(select(func.count()).where(Note.body == body)))


async def appears(database: Database, body: str) -> None:
    async with asyncio.timeout(60):
        while not await notes(database, body):
            await asyncio.sleep(0.002)


@asynccontextmanager
async def held(database_url: str, response: UUID) -> AsyncIterator[None]:
    """A response that nobody can add to, as long as the block runs."""
    holder = await asyncpg.connect(database_url)
    async with holder.transaction():
        await holder.execute("select from response where id = $1 for update", response)
        yield
    await holder.close()


async def test_killed_between_two_fields(server: Server, database: Database, database_url: str, city: City) -> None:
    """The first field is committed and unanswered when the server dies; the second has not taken effect."""
    variables = {
        "one": await note(database, city, "huangpu", "before the crash"),
        "two": await note(database, city, "tianhe", "after the crash"),
    }
    async with held(database_url, city.responses["tianhe"]):
        pending = asyncio.create_task(server.post(TWO, variables, "k-crash"))
        await appears(database, "before the crash")
        await server.kill()
        with pytest.raises(httpx.TransportError):
            await pending
    assert await notes(database, "after the crash") == 0
    async with database.system() as session:
        first = await session.scalar(select(Note.id).where(Note.body == "before the crash"))
    await server.start()
    again = await server.post(TWO, variables, "k-crash")
    data = again.json()["data"]
    ids = HOUSE.catalogue.id_codec(await id_secret(database))
    assert data["first"] == {"note": {"id": ids.encode("Note", 4401, first), "body": "before the crash"}, "errors": []}
    assert data["second"]["note"]["body"] == "after the crash"
    assert again.headers["idempotency-replayed"] == "true"
    once_more = await server.post(TWO, variables, "k-crash")
    assert once_more.content == again.content
    assert [await notes(database, body) for body in ("before the crash", "after the crash")] == [1, 1]


async def test_killed_as_soon_as_it_has_committed(server: Server, database: Database, city: City) -> None:
    """The client never reads the first answer, whether it was still sent or not."""
    for number in range(3):
        body, key = f"committed {number}", f"k-committed-{number}"
        variables = {"one": await note(database, city, "huangpu", body)}
        pending = asyncio.create_task(server.post(ONE, variables, key))
        await appears(database, body)
        await server.kill()
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        await server.start()
        again = await server.post(ONE, variables, key)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json()["data"]["noteWrite"]["note"]["body"] == body
        assert await notes(database, body) == 1


async def test_killed_before_it_could_commit(server: Server, database: Database, database_url: str, city: City) -> None:
    """Nothing took effect, so nothing is remembered: the retry is the first."""
    variables = {"one": await note(database, city, "tianhe", "never committed")}
    async with held(database_url, city.responses["tianhe"]):
        pending = asyncio.create_task(server.post(ONE, variables, "k-never"))
        async with asyncio.timeout(60):
            while not await waits(database_url):
                await asyncio.sleep(0.002)
        await server.kill()
        await asyncio.gather(pending, return_exceptions=True)
    assert await notes(database, "never committed") == 0
    await server.start()
    again = await server.post(ONE, variables, "k-never")
    assert again.json()["data"]["noteWrite"]["errors"] == []
    assert "idempotency-replayed" not in again.headers
    assert await notes(database, "never committed") == 1


async def waits(database_url: str) -> bool:
    """Whether somebody waits for a lock in this database."""
    connection = await asyncpg.connect(database_url)
    try:
        return bool(
            await connection.fetchval(
                "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
            )
        )
    finally:
        await connection.close()
