"""RabbitMQ between the relay and the workers: a real server, killed in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.jobs.enqueue import enqueue
from tests.support.city import City
from tests.support.jobs import letters, marks, queued
from tests.support.probe import FAIL, MARK, Mark
from tests.support.processes import Processes, processes, until
from tests.support.rabbit import EPMD, SERVER, Rabbit

TIANHE = 440106000
pytestmark = pytest.mark.skipif(
    SERVER is None or EPMD is None, reason="LEFT OUT: rabbitmq-server is not installed here"
)


@pytest.fixture(scope="module")
async def rabbit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rabbit]:
    server = Rabbit(tmp_path_factory.mktemp("rabbit"))
    try:
        await server.start()
        yield server
    finally:
        await server.close()


@pytest.fixture
async def started(database_url: str, city: City, rabbit: Rabbit, tmp_path: Path) -> AsyncIterator[Processes]:
    async with processes(database_url, tmp_path) as made:
        made.environment["YINGSU_BROKER_URL"] = rabbit.url
        yield made


async def ask(database: Database, city: City, texts: list[str]) -> None:
    async with database.write(city.scope(TIANHE)) as session:
        for one in texts:
            await enqueue(session, MARK, Mark(one, TIANHE), key=one)


async def left(database: Database, texts: list[str]) -> bool:
    return set(texts) <= set(await marks(database))


async def test_what_is_queued_goes_through_rabbitmq_and_is_done_once(
    database: Database, city: City, started: Processes
) -> None:
    texts = [f"through {number}" for number in range(30)]
    await ask(database, city, texts)
    await started.start("relay")
    await started.start("relay")
    await started.start("worker")
    await until(lambda: left(database, texts))
    async with database.write(city.scope(TIANHE)) as session:
        await enqueue(session, FAIL, Mark("bad", TIANHE), key="bad")

    async def died() -> bool:
        return [(one.key, one.attempts) for one in await letters(database)] == [("bad", 2)]

    await until(died)
    assert await queued(database) == []
    done = await marks(database)
    assert sorted(one for one in done if one.startswith("through")) == sorted(texts)


async def test_rabbitmq_is_killed_and_started_again_and_nothing_is_lost_or_doubled(
    database: Database, city: City, started: Processes, rabbit: Rabbit
) -> None:
    """Messages are in the outbox, in RabbitMQ, and in a worker when it dies."""
    relay = await started.start("relay")
    early, late = ([f"{when} {number}" for number in range(40)] for when in ("before", "while"))
    await ask(database, city, early)

    async def handed_over() -> bool:
        return await queued(database) == []

    await until(handed_over)
    worker = await started.start("worker", "--threads", "2")
    await rabbit.kill()
    await ask(database, city, late)
    assert len(await queued(database)) >= len(late)
    await rabbit.start()
    await until(lambda: left(database, [*early, *late]))
    assert await relay.terminate() == 0
    assert await worker.terminate() == 0
    done = [one for one in await marks(database) if one.startswith(("before", "while"))]
    assert sorted(done) == sorted([*early, *late])


async def test_a_message_that_comes_twice_is_done_once(database: Database, city: City, started: Processes) -> None:
    """As if a relay had died between the confirmation and its commit: the same row is handed over again."""
    await ask(database, city, ["doubled"])
    async with database.system() as session:
        (row,) = await session.rows(text("select message from job_queue"))
    await started.start("relay")

    async def handed_over() -> bool:
        return await queued(database) == []

    await until(handed_over)
    async with database.system() as session:
        again = text("select enqueue_job(cast(:message as jsonb))")
        await session.scalar(again, {"message": orjson.dumps(row.message).decode()})
    await until(handed_over)
    await ask(database, city, ["after it"])
    await started.start("worker", "--threads", "1")
    await until(lambda: left(database, ["after it"]))
    assert (await marks(database)).count("doubled") == 1
