"""What takes too long, or what nobody waits for any more, is stopped in PostgreSQL too; what is half done is undone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import uvicorn

from core.app import build_application
from core.clock import FrozenClock
from core.config import Settings
from core.db.session import Database
from core.extension.registry import Registry
from core.house import CORE_CONTRIBUTIONS
from core.http.server import server_config
from core.identity.development_issuer import DevelopmentIssuer
from schema.compose import House
from schema.declare import expression, extends
from schema.declared.types import Contribution
from schema.declared.values import Scalar
from schema.describe import Doc
from schema.execution import Engine, Operation
from tests.e2e.conftest import NOW, Api, install_members
from tests.support.city import City
from tests.support.house import operation_context

ASLEEP = "select count(*) from pg_stat_activity where datname = current_database() and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()"
BLOCKED = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
CASES = "{ cases { totalCount nodes { number } } }"
NOTE = "mutation($input: NoteWriteInput!) { noteWrite(input: $input) { note { body } errors { code } } }"


@extends("Agency")
class Sleepers:
    tired = expression(
        lambda alias: f"(select 1 from pg_sleep(0.7) where {alias}.name_zh is not null)", Doc("困", "tired"), Scalar.INT
    )
    asleep = expression(
        lambda alias: f"(select 1 from pg_sleep(600) where {alias}.name_zh is not null)",
        Doc("睡", "asleep"),
        Scalar.INT,
    )


SLEEPY = House((*CORE_CONTRIBUTIONS, Contribution("sleepy", extensions=(Sleepers,))))


async def sleepy(database: Database, city: City, query: str, timeout_ms: int) -> dict[str, Any]:
    context = replace(operation_context(database, city.scope(440100000)), timeout_ms=timeout_ms)
    done = await Engine().execute(SLEEPY.schema({"sleepy"}), Operation(query, None, {}, "t-1"), context)
    answer: dict[str, Any] = json.loads(done.body)
    return answer


def assert_too_late(answer: dict[str, Any]) -> None:
    error = answer["errors"][0]
    assert error["message"] == "the operation took too long"
    assert error["extensions"]["code"] == "TIMEOUT"
    assert error["extensions"]["messageZh"] == "执行超时"
    assert error["extensions"]["requestId"]


@pytest.fixture
async def witness(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the server's."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def until(asked: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds; what never does fails the test."""
    async with asyncio.timeout(30):
        while not await asked():
            await asyncio.sleep(0.02)


async def test_a_statement_of_a_plugin_that_never_ends(
    database: Database, city: City, witness: asyncpg.Connection
) -> None:
    answer = await sleepy(database, city, "{ agencies(first: 1) { nodes { name asleep } } }", 300)
    assert_too_late(answer)
    assert await witness.fetchval(ASLEEP) == 0


async def test_fields_that_together_take_too_long(database: Database, city: City, witness: asyncpg.Connection) -> None:
    """Each is within the time of a statement; the operation is not."""
    one = "agencies(first: 1) { nodes { name tired } }"
    assert "errors" not in await sleepy(database, city, f"{{ {one} }}", 30_000)
    answer = await sleepy(database, city, "{ " + " ".join(f"f{n}: {one}" for n in range(4)) + " }", 1_500)
    assert_too_late(answer)
    assert answer["data"] is None
    assert await witness.fetchval(ASLEEP) == 0


@pytest.fixture(scope="module")
async def members(database: Database, city: City) -> None:
    await install_members(database, city)


@asynccontextmanager
async def serving(database: Database, folder: Path, timeout_ms: int) -> AsyncIterator[Api]:
    clock = FrozenClock(NOW)
    token = DevelopmentIssuer.open(folder / "dev").issue("dev:agency", timedelta(days=1), NOW)
    settings = Settings(data=folder, statement_timeout_ms=timeout_ms)
    application = await build_application(settings, Database(database.engine), Registry.load(), clock)
    server = uvicorn.Server(server_config(application.asgi, host="127.0.0.1", port=0))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Api(f"http://127.0.0.1:{port}", {"agency": token}, application, clock)
    server.should_exit = True
    await running


@asynccontextmanager
async def nobody_gets_at(table: str, database_url: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(f"begin; lock table {table} in access exclusive mode")
        yield
    finally:
        await connection.close()


async def note_input(api: Api, body: str) -> dict[str, Any]:
    found = await api.ask("agency", "{ cases { nodes { responses { id } } } }")
    response = next(case["responses"][0]["id"] for case in found["cases"]["nodes"] if case["responses"])
    return {"input": {"responseId": response, "body": body}}


async def notes(witness: asyncpg.Connection, body: str) -> int:
    return int(await witness.fetchval("select count(*) from note where body = $1", body))


async def hang_up_on(api: Api, query: str, variables: dict[str, Any], meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Send an operation, wait for something to happen, and close the connection without having read an answer."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    address = urlsplit(api.url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + f"Authorization: Bearer {api.tokens['agency']}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    await writer.drain()
    await meanwhile()
    writer.close()
    await writer.wait_closed()


@pytest.mark.usefixtures("members")
async def test_an_act_that_waits_too_long_writes_nothing_and_those_before_it_stand(
    database: Database, database_url: str, witness: asyncpg.Connection, tmp_path: Path
) -> None:
    """Each act of an operation has its own time and its own transaction, and is told for itself."""
    async with serving(database, tmp_path, 1_000) as api:
        variables = await note_input(api, "late")
        two = "mutation($input: NoteWriteInput!) { a: noteWrite(input: $input) { note { body } } }"
        async with nobody_gets_at("domain_event", database_url):
            answer = (await api.post("agency", two, variables)).json()
        assert_too_late(answer)
        assert answer["errors"][0]["path"] == ["a"]
        assert answer["data"] == {"a": None}
        assert await notes(witness, "late") == 0
        assert await witness.fetchval(BLOCKED) == 0
        await api.ask("agency", NOTE, variables)
        assert await notes(witness, "late") == 1


@pytest.mark.usefixtures("members")
async def test_a_query_is_stopped_when_its_client_hangs_up(
    database: Database, database_url: str, witness: asyncpg.Connection, tmp_path: Path
) -> None:
    """The lock is held all the while, and no timeout is near: the statement can only have been cancelled."""
    async with serving(database, tmp_path, 600_000) as api:
        await api.ask("agency", CASES)
        async with nobody_gets_at("case_shell", database_url):

            async def blocked() -> None:
                await until(lambda: is_blocked(witness, 1))

            await hang_up_on(api, CASES, {}, blocked)
            await until(lambda: is_blocked(witness, 0))
        assert (await api.ask("agency", CASES))["cases"]["totalCount"] > 0
        async with httpx.AsyncClient() as client:
            figures = (await client.get(f"{api.url}/metrics")).text
        assert 'status="499"' in figures


@pytest.mark.usefixtures("members")
async def test_a_mutation_is_finished_though_its_client_hangs_up(
    database: Database, database_url: str, witness: asyncpg.Connection, tmp_path: Path
) -> None:
    async with serving(database, tmp_path, 600_000) as api:
        variables = await note_input(api, "kept")
        async with nobody_gets_at("domain_event", database_url):

            async def blocked_for_a_while() -> None:
                await until(lambda: is_blocked(witness, 1))
                await asyncio.sleep(0.5)  # longer than the time after which hanging up is noticed

            await hang_up_on(api, NOTE, variables, blocked_for_a_while)
            await asyncio.sleep(0.5)
            assert await is_blocked(witness, 1)

        async def written() -> bool:
            return await notes(witness, "kept") == 1

        await until(written)


async def is_blocked(witness: asyncpg.Connection, wanted: int) -> bool:
    return bool(await witness.fetchval(BLOCKED) == wanted)
