"""Processes that are killed at the worst moment: nothing is lost, nothing has its effect twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.jobs.enqueue import enqueue
from tests.support.city import City
from tests.support.jobs import letters, marks, queued
from tests.support.probe import WAIT, Gate, enable_probe
from tests.support.processes import Processes, Running, processes, until

TIANHE = 440106000
RERUN = """mutation ($input: DeadLetterRerunInput!) { deadLetterRerun(input: $input) {
  deadLetter { status } errors { code } } }"""


@pytest.fixture
async def started(database_url: str, city: City, tmp_path: Path) -> AsyncIterator[Processes]:
    async with processes(database_url, tmp_path) as made:
        yield made


async def ask_to_wait(database: Database, city: City, folder: Path, name: str) -> Gate:
    gate = Gate(name, TIANHE, str(folder / f"{name} began"), str(folder / f"{name} gate"))
    async with database.write(city.scope(TIANHE)) as session:
        await enqueue(session, WAIT, gate, key=name)
    return gate


async def began(gate: Gate, times: int = 1) -> None:
    """Wait until the job has begun that often."""

    async def so_often() -> bool:
        path = Path(gate.began)
        return path.exists() and len(path.read_text().splitlines()) >= times

    await until(so_often)


async def emptied(database: Database) -> None:
    async def empty() -> bool:
        return await queued(database) == []

    await until(empty)


@asynccontextmanager
async def locked(database_url: str, table: str) -> AsyncIterator[None]:
    """Whoever writes to the table waits while the block lasts."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(f"begin; lock table {table} in exclusive mode")
        yield
    finally:
        await connection.close()


async def waiting_for_lock(database: Database) -> bool:
    asked = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        " and (query like '%enqueue_job%' or query like '%queue_dead_letter%')"
    )
    async with database.system() as session:
        await session.execute(text("reset role"))
        return int(await session.scalar(asked)) > 0


async def test_a_worker_is_killed_in_the_middle_of_a_job(
    database: Database, city: City, started: Processes, tmp_path: Path
) -> None:
    first = await started.start("worker")
    gate = await ask_to_wait(database, city, tmp_path, "killed worker")
    await began(gate)
    await first.kill()
    assert "killed worker" not in await marks(database)
    await started.start("worker")
    await started.start("worker")
    await began(gate, 2)
    Path(gate.gate).touch()
    await emptied(database)
    assert (await marks(database)).count("killed worker") == 1
    assert await letters(database) == []


async def test_a_worker_that_is_told_to_stop_ends_what_it_has_begun(
    database: Database, city: City, started: Processes, tmp_path: Path
) -> None:
    worker = await started.start("worker")
    gate = await ask_to_wait(database, city, tmp_path, "drained")
    await began(gate)
    worker.process.terminate()
    Path(gate.gate).touch()
    assert await worker.ended() == 0
    assert (await marks(database)).count("drained") == 1
    assert await queued(database) == []


async def test_a_worker_that_is_told_to_stop_leaves_what_takes_too_long(
    database: Database, city: City, started: Processes, tmp_path: Path
) -> None:
    worker = await started.start("worker", grace_seconds=0.5)
    gate = await ask_to_wait(database, city, tmp_path, "left")
    await began(gate)
    await worker.terminate()
    assert "left" not in await marks(database)
    assert [one.key for one in await queued(database)] == ["left"]
    Path(gate.gate).touch()
    await started.start("worker")
    await emptied(database)
    assert (await marks(database)).count("left") == 1


async def test_postgresql_ends_every_connection_of_a_worker(
    database: Database, city: City, started: Processes, tmp_path: Path, database_url: str
) -> None:
    await started.start("worker")
    gate = await ask_to_wait(database, city, tmp_path, "cut off")
    await began(gate)
    connection = await asyncpg.connect(database_url)
    cut = await connection.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and (application_name = 'dramatiq-postgres' or state = 'idle in transaction')"
    )
    await connection.close()
    assert len(cut) >= 2
    Path(gate.gate).touch()
    await emptied(database)
    assert (await marks(database)).count("cut off") == 1
    assert await letters(database) == []


async def test_a_scheduler_is_killed_between_the_slot_and_its_message(
    database: Database, city: City, started: Processes, database_url: str
) -> None:
    await enable_probe(database, 440100000, 440300000)
    started.set_clock("2026-03-10T07:30:10+08:00")
    async with locked(database_url, "job_queue"):
        first = await started.start("scheduler")
        await until(lambda: waiting_for_lock(database))
        await first.kill()
    async with database.system() as session:
        asked = text("select count(*) from job_slot where job = 'probe.daily'")

        async def nobody_waits() -> bool:
            return not await waiting_for_lock(database)

        await until(nobody_waits)
        before = int(await session.scalar(asked))
    assert (before, [one for one in await queued(database) if one.job == "probe.daily"]) == (0, [])
    for _ in range(2):
        again = await started.start("scheduler", "--once")
        assert await again.ended() == 0
    given = [one for one in await queued(database) if one.job == "probe.daily"]
    assert sorted(one.tenant or 0 for one in given) == [440100000, 440300000]
    await queued(database, clear=True)


async def dead_letter(database: Database, key: str) -> str:
    """A letter of a job that will succeed; its id as the API writes it is asked for by the test."""
    async with database.system() as session:
        return str(
            await session.scalar(
                text(
                    "insert into dead_letter (shard, code, tenant, job, key, queue, payload, attempts, error_class,"
                    " error_message, status, died_at) values (4401, :code, :code, 'probe.mark', :key, 'NORMAL',"
                    " jsonb_build_object('text', cast(:key as text), 'code', cast(:code as bigint)), 3, 'Trouble', '', 'DEAD', now())"
                    " returning id"
                ),
                {"code": TIANHE, "key": key},
            )
        )


async def api(started: Processes) -> tuple[Running, str, dict[str, str]]:
    """A server, its address, and the header of an administrator."""
    issued = await started.start("token", "--tenant", "4401", "--role", "platform_admin")
    assert await issued.ended() == 0
    served = await started.start("serve", "--port", "0", ready=False)
    url = (await served.line()).split()[1]
    return served, url, {"Authorization": f"Bearer {issued.said[0]}"}


async def ask(url: str, headers: dict[str, str], query: str, **variables: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.post(url, json={"query": query, "variables": variables}, headers=headers)
    body: dict[str, Any] = answer.json()
    assert "errors" not in body, body
    return body


async def test_the_api_is_killed_before_and_after_it_has_committed_a_message(
    database: Database, city: City, started: Processes, database_url: str
) -> None:
    await dead_letter(database, "through the api")
    served, url, headers = await api(started)
    listed = await ask(url, headers, "{ deadLetters { nodes { id key } } }")
    (letter,) = listed["data"]["deadLetters"]["nodes"]
    given = {"deadLetterId": letter["id"], "reason": "已修复"}
    async with locked(database_url, "job_queue"):
        sent = asyncio.create_task(ask(url, headers, RERUN, input=given))
        await until(lambda: waiting_for_lock(database))
        await served.kill()
        with pytest.raises(httpx.HTTPError):
            await sent
    assert await queued(database) == []
    assert [one.status for one in await letters(database)] == ["DEAD"]

    served, url, headers = await api(started)
    done = await ask(url, headers, RERUN, input=given)
    assert done["data"]["deadLetterRerun"] == {"deadLetter": {"status": "RERUN"}, "errors": []}
    await served.kill()
    assert [one.key for one in await queued(database)] == ["through the api"]
    worker = await started.start("worker", "--until-idle")
    assert await worker.ended() == 0
    assert (await marks(database)).count("through the api") == 1
    assert [one.status for one in await letters(database)] == ["DONE"]
