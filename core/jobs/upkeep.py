"""What jobs leave behind is let go of by a job."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from core.db.session import SystemSession
from core.jobs import records
from core.jobs.context import JobContext
from core.jobs.job import Job, NoPayload, Schedule, Urgency

KEPT: Final = timedelta(days=90)
"""How long a key that is done is remembered: far longer than a message can live."""


async def forget_done(context: JobContext[SystemSession], _: NoPayload) -> None:
    """Let go of keys and slots that are older than `KEPT`."""
    await records.forget(context.session, context.now, KEPT)


FORGET_DONE = Job(
    "core.forget_done", "清理已办任务", "forget jobs done long ago", NoPayload, forget_done, Urgency.BULK, system=True
)
SCHEDULES = (Schedule(FORGET_DONE, at=time(2, 30)),)
