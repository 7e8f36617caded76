"""A plugin of the tests: its jobs leave marks, fail, or wait for a file, in real workers that are started with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from core.acting import Subject
from core.db.session import Database, TenantSession
from core.db.uuid7 import uuid7
from core.extension.tables import PluginEnablement
from core.jobs.context import JobContext
from core.jobs.job import Job, NoPayload, Schedule, Urgency
from core.sdk.hooks import Manifest, hookimpl


@dataclass(frozen=True, slots=True)
class Mark:
    """What to leave in the trail of a tenant."""

    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Gate:
    """A mark that is left when `began` has been written and `gate` is there."""

    text: str
    code: int
    began: str
    gate: str


async def leave(context: JobContext[TenantSession], text: str, code: int) -> None:
    """One mark."""
    await context.act_context.record("mark", Subject("Mark", uuid7(), code), reason=text)


async def mark(context: JobContext[TenantSession], given: Mark) -> None:
    """Leave a mark."""
    await leave(context, given.text, given.code)


async def wait(context: JobContext[TenantSession], given: Gate) -> None:
    """Leave a mark, say so, and commit only when the gate is opened."""
    await leave(context, given.text, given.code)
    with Path(given.began).open("a", encoding="utf-8") as began:
        began.write(f"{context.attempt}\n")
    while not Path(given.gate).exists():
        await asyncio.sleep(0.02)


async def fail(_context: JobContext[TenantSession], _: Mark) -> None:
    """Fail whatever happens."""
    raise LookupError("nothing helps")


async def daily(context: JobContext[TenantSession], _: NoPayload) -> None:
    """Leave the slot as a mark, and the day that the clock shows."""
    slot = "" if context.slot is None else context.slot.isoformat()
    await leave(context, f"{context.job.name} {slot} {context.today}", context.session.scope.code)


MARK = Job("probe.mark", "标记", "mark", Mark, mark)
URGENT = Job("probe.urgent", "急件", "urgent", Mark, mark, Urgency.URGENT)
WAIT = Job("probe.wait", "等待", "wait", Gate, wait)
FAIL = Job("probe.fail", "失败", "fail", Mark, fail, retries=1)
DAILY = Job("probe.daily", "每日", "daily", NoPayload, daily)
HOURLY = Job("probe.hourly", "每时", "hourly", NoPayload, daily)
JOBS = (MARK, URGENT, WAIT, FAIL, DAILY, HOURLY)


@hookimpl
def yingsu_manifest() -> Manifest:
    """Who it is."""
    return Manifest("probe", "1", "探针", "probe", "试验后台任务。")


@hookimpl
def yingsu_jobs() -> Sequence[Job]:
    """What real workers do in tests."""
    return JOBS


@hookimpl
def yingsu_schedules() -> Sequence[Schedule]:
    """What real schedulers give out in tests."""
    return (Schedule(DAILY, at=time(7, 30)), Schedule(HOURLY, every=timedelta(hours=1), catch_up=48))


async def enable_probe(database: Database, *codes: int) -> None:
    """Enable the probe in these tenants, and nowhere else: a plugin's schedules are those of the cities that have it."""
    values = [
        {
            "shard": code // 100_000,
            "code": code,
            "high": code + (100_000 if code % 100_000 == 0 else 1_000),
            "plugin": "probe",
            "policy": "ALLOWED",
            "choice": "ENABLED",
            "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
            "changed_by": "test",
            "version": 1,
        }
        for code in codes
    ]
    async with database.system() as session:
        await session.execute(text("delete from plugin_enablement where plugin = 'probe'"))
        await session.execute(insert(PluginEnablement).values(values))
