"""What operators see of the queues: figures, the doctor's line, and the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.installation.checks import check_jobs
from core.jobs.enqueue import enqueue
from tests.support.city import City
from tests.support.jobs import letters, queued
from tests.support.probe import FAIL, MARK, Mark
from tests.support.processes import Processes, processes, until
from tests.support.rabbit import free_port

TIANHE = 440106000


@pytest.fixture
async def started(database_url: str, city: City, tmp_path: Path) -> AsyncIterator[Processes]:
    async with processes(database_url, tmp_path) as made:
        yield made


async def said(started: Processes, *arguments: str) -> tuple[int, list[str]]:
    running = await started.start("jobs", *arguments, ready=False)
    assert running.process.stdout is not None
    lines = (await running.process.stdout.read()).decode().splitlines()
    return await running.ended(), lines


async def test_a_worker_tells_what_it_did_and_the_operator_deals_with_a_letter(
    database: Database, city: City, started: Processes
) -> None:
    async with database.write(city.scope(TIANHE)) as session:
        await enqueue(session, MARK, Mark("counted", TIANHE))
        await enqueue(session, FAIL, Mark("lost", TIANHE), key="lost")
    code, lines = await said(started, "queues")
    assert (code, lines[1].startswith("normal  2 waiting, 0 delayed, 0 running")) == (0, True)
    port = free_port()
    worker = await started.start("worker", worker_metrics_port=port)

    async def done() -> bool:
        return await queued(database) == []

    await until(done)
    async with httpx.AsyncClient() as client:

        async def counted() -> bool:
            figures = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
            return (
                'yingsu_jobs_total{job="probe.mark",outcome="done"} 1.0' in figures
                and 'yingsu_jobs_total{job="probe.fail",outcome="died"} 1.0' in figures
                and 'yingsu_job_queue_messages{queue="normal",state="waiting"}' in figures
            )

        await until(counted)
    resident = Path(f"/proc/{worker.process.pid}/status").read_text()
    kilobytes = int(next(line for line in resident.splitlines() if line.startswith("VmRSS")).split()[1])
    assert kilobytes < 200_000, "a worker's memory stays under 200 MB"
    assert await worker.terminate() == 0

    assert (await check_jobs(database)).detail == "1 dead letters, see `yingsu jobs letters`"
    (letter,) = await letters(database)
    code, lines = await said(started, "letters")
    assert lines == [f"{letter.id}  440106000  probe.fail  lost  2x LookupError"]
    assert (await said(started, "rerun", str(letter.id), "--reason", "try"))[1] == ["probe.fail lost: rerun"]
    (again,) = await queued(database, clear=True)
    assert (again.key, again.attempt, again.tenant) == ("lost", 1, TIANHE)
    assert (await said(started, "discard", str(letter.id), "--reason", "late"))[0] == 1
    async with database.system() as session:
        await session.execute(text("update dead_letter set status = 'DEAD'"))
    assert (await said(started, "discard", str(letter.id), "--reason", "no use"))[0] == 0
    async with database.system() as session:
        acts = await session.rows(
            text("select act, reason from audit_entry where subject_type = 'DeadLetter' order by at, id")
        )
    assert [(one.act, one.reason) for one in acts] == [("deadLetterRerun", "try"), ("deadLetterDiscard", "no use")]
    assert (await check_jobs(database)).ok


async def test_the_doctor_says_when_nobody_does_the_work(database: Database, city: City) -> None:
    async with database.write(city.scope(TIANHE)) as session:
        await enqueue(session, MARK, Mark("left lying", TIANHE))
    async with database.system() as session:
        await session.execute(text("update job_queue set available_at = now() - interval '10 minutes'"))
    found = await check_jobs(database)
    assert not found.ok
    assert "normal: the oldest waits 600 s" in found.detail
    await queued(database, clear=True)
