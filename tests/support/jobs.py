"""Jobs for tests. What one does is a note in the trail, so that once and twice can be told apart in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from core.acting import Subject
from core.db.session import Database, SystemSession, TenantSession
from core.db.uuid7 import uuid7
from core.jobs.context import JobContext
from core.jobs.job import Job, NoPayload, Urgency
from core.jobs.message import JobMessage


@dataclass(frozen=True, slots=True)
class Mark:
    """What to leave in the trail; `fail` names how it goes wrong after that."""

    text: str
    code: int
    fail: str = ""


class Trouble(Exception):
    """What a job of the tests fails with."""


async def mark(context: JobContext[TenantSession], given: Mark) -> None:
    """Leave a mark, then fail if that is wanted: a failure must take the mark with it."""
    await context.act_context.record("mark", Subject("Mark", uuid7(), given.code), reason=given.text)
    if given.fail and not (given.fail == "once" and context.attempt > 1):
        raise Trouble("select secret from somewhere")


async def count(context: JobContext[SystemSession], _: NoPayload) -> None:
    """A system job: sees every tenant."""
    found = await context.session.scalar(text("select count(*) from tenant"))
    if not found:
        raise Trouble("no tenant")


async def chain(context: JobContext[TenantSession], given: Mark) -> None:
    """Ask for another job, then fail if that is wanted."""
    await context.enqueue(MARK, Mark(f"{given.text} then", given.code), key=f"{given.text} then")
    if given.fail:
        raise Trouble("after asking")


MARK = Job("core.mark", "标记", "mark", Mark, mark, Urgency.URGENT, retries=2)
COUNT = Job("core.count", "计数", "count", NoPayload, count, system=True)
CHAIN = Job("core.chain", "接续", "chain", Mark, chain, retries=0)
JOBS = {job.name: job for job in (MARK, COUNT, CHAIN)}


async def marks(database: Database) -> list[str]:
    """What was left, in order."""
    async with database.system() as session:
        rows = await session.rows(text("select reason from audit_entry where act = 'mark' order by at, id"))
    return [row.reason for row in rows]


async def queued(database: Database, *, clear: bool = False) -> list[JobMessage]:
    """The messages in the queue, in order; `clear` takes them out."""
    async with database.system() as session:
        rows = await session.rows(text("select message from job_queue order by position"))
        if clear:
            await session.execute(text("delete from job_queue"))
    return [JobMessage.of(row.message["kwargs"]["carried"]) for row in rows]


async def letters(database: Database) -> list[Any]:
    """The dead letters."""
    async with database.system() as session:
        return list(await session.rows(text("select * from dead_letter order by died_at, id")))
