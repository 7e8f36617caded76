"""Jobs: work outside a request, one for a tenant and one for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import func, update

from core.sdk.acts import SystemSession, TenantSession
from core.sdk.jobs import Job, JobContext, NoPayload, Schedule
from yingsu_example.tables import CaseLabel


@dataclass(frozen=True, slots=True)
class Recolouring:
    """One colour instead of another, on every label of a tenant."""

    before: str
    after: str


async def recolour(context: JobContext[TenantSession], given: Recolouring) -> None:
    """Recolour the labels of the tenant that the message carries, and of no other."""
    changed = update(CaseLabel).where(CaseLabel.colour == given.before).values(colour=given.after)
    await context.session.execute(changed)


async def tidy(context: JobContext[SystemSession], _: NoPayload) -> None:
    """Take the blanks around labels away."""
    bare = func.btrim(CaseLabel.text)
    await context.session.execute(update(CaseLabel).where(CaseLabel.text != bare).values(text=bare))


RECOLOUR = Job("case_label.recolour", "更改标签颜色", "recolour labels", Recolouring, recolour)
TIDY = Job("case_label.tidy", "清理标签", "tidy labels", NoPayload, tidy, system=True)
SCHEDULES = (Schedule(TIDY, at=time(3, 0)),)
