"""What the platform did, read from its rows, in the words of the reference: each entry as often as it is there."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from core.db.session import Database
from tests.simulation.performing import Names
from tests.simulation.reference.expectation import Expected, What, Word
from tests.simulation.reference.facts import BEIJING

_REMINDERS = text("""
select o.source_id, r.sent_on, r.due_version, r.offset_days, r.short_lead
  from reminders_reminder r join reminders_obligation o on o.shard = r.shard and o.id = r.obligation_id
""")
_EVENTS = text("""
select o.source_id, o.due_version, e.transition, e.at, e.evidence
  from reminders_event e join reminders_obligation o on o.shard = e.shard and o.id = e.obligation_id
 where e.transition = 'MISS'
""")
_PHONE = text("""
select o.source_id, r.due_version, r.offset_days, e.at
  from reminders_reminder r
  join reminders_obligation o on o.shard = r.shard and o.id = r.obligation_id
  join reminders_event e on e.shard = o.shard and e.obligation_id = o.id and e.transition = 'PHONE_TASK'
   and e.evidence @> jsonb_build_object('offset_days', r.offset_days, 'due_version', r.due_version)
 where r.phone_task is not null
""")
_MARKS = text("""
select source_id, feedback_overdue_at, remedy_overdue_at from reminders_obligation
 where feedback_overdue_at is not null or remedy_overdue_at is not null
""")
_REPORTS = text("""
select document_id, overdue_at, submitted_at, (submitted_at at time zone 'Asia/Shanghai')::date <= due_on as in_time
  from reminders_report where not info_only
""")
_MESSAGES = text("""
with sent as (
  select shard, id, kind, key, agency_id, created_at, 'inbox' as channel from notification
  union all
  select shard, notification_id, kind, key, agency_id, created_at, channel from notification_delivery where channel <> 'IN_APP'
)
select o.source_id, s.kind, s.key, s.agency_id is not null as of_agency, s.channel, s.created_at
  from sent s join notification n on n.shard = s.shard and n.id = s.id
  join reminders_obligation o on o.shard = n.shard and o.id = n.subject_id
 where s.kind = any(:kinds)
""")
WORDS = {
    ("reminders.remind", True, "inbox"): Word.REMINDER,
    ("reminders.remind", True, "EMAIL"): Word.REMINDER_BY_MAIL,
    ("reminders.missed", True, "inbox"): Word.MISSED,
    ("reminders.missed", True, "EMAIL"): Word.MISSED_BY_MAIL,
    ("reminders.missed", False, "inbox"): Word.MISSED_TO_BUREAU,
    ("reminders.phone_task", False, "inbox"): Word.PHONE_TASK_TO_BUREAU,
}
"""By the kind of message, whether its reader belongs to an agency, and its way: liaison officers want e-mail beside the inbox."""


async def observed(database: Database, names: Names) -> list[Expected]:
    """Everything that the reference speaks of, as it stands in the rows."""
    duty = {source: key for key, source in names.sources.items()}
    document = {row: key for key, row in names.documents.items()}
    async with database.system() as session:
        found = [
            Expected(
                row.sent_on,
                _key(duty, row.source_id),
                What.REMINDED.value,
                row.due_version,
                row.offset_days,
                row.short_lead,
            )
            for row in await session.rows(_REMINDERS)
        ]
        for row in await session.rows(_PHONE):
            day = row.at.astimezone(BEIJING).date()
            found.append(
                Expected(day, _key(duty, row.source_id), What.PHONE_TASK.value, row.due_version, row.offset_days)
            )
        for row in await session.rows(_EVENTS):
            found.append(Expected(row.at.astimezone(BEIJING).date(), _key(duty, row.source_id), What.MISSED.value))
        for row in await session.rows(_MARKS):
            for what, at in (
                (What.FEEDBACK_OVERDUE, row.feedback_overdue_at),
                (What.REMEDY_OVERDUE, row.remedy_overdue_at),
            ):
                if at is not None:
                    found.append(Expected(at.astimezone(BEIJING).date(), _key(duty, row.source_id), what.value))
        for row in await session.rows(_REPORTS):
            reported = What.REPORTED if row.in_time else What.REPORTED_LATE
            for what, at in ((What.REPORT_OVERDUE, row.overdue_at), (reported, row.submitted_at)):
                if at is not None:
                    found.append(Expected(at.astimezone(BEIJING).date(), _key(document, row.document_id), what.value))
    return found


async def written(database: Database, names: Names) -> list[Expected]:
    """The messages in inboxes and in the outbox, in the words of the reference: as often as they are there, whatever their keys say."""
    duty = {source: key for key, source in names.sources.items()}
    async with database.system() as session:
        rows = await session.rows(_MESSAGES, {"kinds": [kind for kind, _, _ in WORDS]})
    found = []
    for row in rows:
        word = WORDS[row.kind, row.of_agency, row.channel]
        version = int(row.key.split(":")[2]) if row.kind == "reminders.remind" else 0
        day = row.created_at.astimezone(BEIJING).date()
        found.append(Expected(day, _key(duty, row.source_id), word.value, version))
    return found


def _key(names: Mapping[UUID, str], row: UUID) -> str:
    return names.get(row, f"unknown {row}")
