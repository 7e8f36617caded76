"""Jobs of the case graph."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from core.cases.period_notices import notice_due_periods
from core.db.session import SystemSession
from core.jobs.context import JobContext
from core.jobs.job import Job, NoPayload, Schedule


async def notice_periods(context: JobContext[SystemSession], _: NoPayload) -> None:
    """Tell every open period that has come near its last day, as it stands at this moment."""
    await notice_due_periods(context.session, context.clock)


NOTICE_PERIODS: Final = Job(
    "core.notice_periods", "期限临近提示", "tell periods that come near", NoPayload, notice_periods, system=True
)
JOBS: Final = (NOTICE_PERIODS,)
# What is told is how a period stands now: slots that were missed have nothing to add.
SCHEDULES: Final = (Schedule(NOTICE_PERIODS, every=timedelta(minutes=1), catch_up=1),)
