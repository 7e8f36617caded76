"""后台任务 of circulars: publish those that are due each morning, and make the files of what was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final
from uuid import UUID

from core.sdk.acts import TenantSession
from core.sdk.documents import Files
from core.sdk.jobs import Job, JobContext, NoPayload, Schedule, Urgency
from plugins.reminders.circular import issuing, records
from plugins.reminders.circular.making import make_files
from plugins.reminders.circular.publication import Month, months_to_publish

PUBLISHED_AT: Final = time(9, 0)
"""When the office opens: a circular appears in the morning of its day."""


@dataclass(frozen=True, slots=True)
class CircularFiles:
    """The files of one published issue."""

    circular_id: str


async def publish_due(context: JobContext[TenantSession], _payload: NoPayload) -> None:
    """Publish what is due: the draft that the bureau drew up, as it is, or one drawn up now. Nothing is due on most days."""
    code = context.session.scope.code
    if not await context.enabled(code):
        return
    acting = context.act_context
    settings = await issuing.circular_settings(acting)
    newest = await records.newest_published(context.session)
    for month in months_to_publish(newest, context.today, settings.day, context.calendar):
        await _publish(context, month)


async def _publish(context: JobContext[TenantSession], month: Month) -> None:
    acting = context.act_context
    draft = await records.draft_of(context.session, month)
    if draft is None:
        await issuing.draw_up(acting, month)
        draft = await records.draft_of(context.session, month)
    if draft is None:
        raise LookupError(f"the draft of {month.first:%Y-%m} is not there")
    circular_id = await issuing.publish(acting, draft)
    await context.enqueue(MAKE_FILES, CircularFiles(str(circular_id)), key=str(circular_id))


async def make(context: JobContext[TenantSession], payload: CircularFiles) -> None:
    """Make the document and the workbook, and keep them."""
    await make_files(context.session, context.resource(Files), UUID(payload.circular_id), context.now)


PUBLISH_DUE = Job("reminders.circular_due", "发布到期通报", "publish circulars that are due", NoPayload, publish_due)
MAKE_FILES = Job(
    "reminders.circular_files", "生成通报文件", "make the files of a circular", CircularFiles, make, queue=Urgency.BULK
)
JOBS: Final = (PUBLISH_DUE, MAKE_FILES)
SCHEDULES: Final = (Schedule(PUBLISH_DUE, at=PUBLISHED_AT),)
