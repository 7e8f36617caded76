"""提醒: confirmed by the responsible person; where nobody read it, the bureau telephones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Row

from core.sdk.acts import ActContext, Subject, at, changed, checked_optional_text, found, locked, refuse, refusing
from core.sdk.graphql import Act, Doc, Ref
from plugins.reminders import permissions
from plugins.reminders.acts.steps import TEXT, VERSION, happening, obligation_at, reason_of, take
from plugins.reminders.ladder import PhoneTask
from plugins.reminders.refusals import PhoneTaskDoneRefusal, ReminderConfirmRefusal
from plugins.reminders.rules.vocabulary import EvidenceKind, Transition
from plugins.reminders.tables import Reminder


async def _reminder(context: ActContext, reminder_id: UUID, version: int | None) -> tuple[Row[Any], Row[Any]]:
    """The obligation, locked first as every step does, and the reminder."""
    seen = await found(context, Reminder, reminder_id, at("reminder_id"))
    obligation = await obligation_at(context, seen.obligation_id, None, "reminder_id")
    return obligation, await locked(context, Reminder, reminder_id, at("reminder_id"), version)


def _subject(row: Row[Any]) -> Subject:
    return Subject("ReminderRecord", row.id, row.code, row.agency_id)


@dataclass(frozen=True, slots=True)
class ReminderConfirm:
    """确认收到提醒: by the responsible person, where one is named."""

    reminder_id: Annotated[UUID, Ref("ReminderRecord"), Doc("提醒记录", "reminder")]
    note: Annotated[str | None, Doc("备注", "note")] = None
    expected_version: Annotated[int | None, VERSION] = None


@refusing(ReminderConfirmRefusal)
async def confirm_reminder(context: ActContext, given: ReminderConfirm) -> UUID:
    """Confirm a reminder, which makes a telephone call needless. Emits SupervisionConfirmReminder."""
    code = ReminderConfirmRefusal
    note = checked_optional_text(given.note, at("note"), TEXT)
    obligation, row = await _reminder(context, given.reminder_id, given.expected_version)
    if row.confirmed_at is not None:
        raise refuse(code.ALREADY_DONE, at("reminder_id"))
    if obligation.responsible_id not in (None, context.actor.member_id):
        raise refuse(code.NOT_RESPONSIBLE, at("reminder_id"))
    step = happening(context, Transition.CONFIRM_REMINDER, offset_days=row.offset_days)
    await take(context, code, obligation, step, {"reminder_id": row.id, "note": note})
    values = {"confirmed_at": context.now, "confirmed_by": context.actor.display_name}
    values |= {"read_at": row.read_at or context.now}
    before, after = await changed(context, Reminder, row, values)
    await context.record("reminderConfirm", _subject(row), before=before, after=after, reason=note)
    return row.id  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PhoneTaskDone:
    """登记电话提醒."""

    reminder_id: Annotated[UUID, Ref("ReminderRecord"), Doc("提醒记录", "reminder")]
    note: Annotated[str, Doc("通话情况", "note of the call", "何人接听、如何答复")]
    expected_version: Annotated[int | None, VERSION] = None


@refusing(PhoneTaskDoneRefusal)
async def finish_phone_task(context: ActContext, given: PhoneTaskDone) -> UUID:
    """Record that the agency was told by telephone. Emits SupervisionConfirmReminder."""
    code = PhoneTaskDoneRefusal
    note = reason_of(given.note, "note")
    obligation, row = await _reminder(context, given.reminder_id, given.expected_version)
    if row.phone_task != PhoneTask.OPEN.value:
        raise refuse(code.NO_PHONE_TASK, at("reminder_id"))
    evidence = (EvidenceKind.OFFICER_NOTE,)
    step = happening(context, Transition.CONFIRM_REMINDER, offset_days=row.offset_days, evidence=evidence)
    await take(context, code, obligation, step, {"reminder_id": row.id, "note": note})
    values = {"phone_task": PhoneTask.DONE.value, "phoned_at": context.now}
    values |= {"phoned_by": context.actor.subject, "phone_note": note}
    before, after = await changed(context, Reminder, row, values)
    await context.record("phoneTaskDone", _subject(row), before=before, after=after)
    return row.id  # type: ignore[no-any-return]


REMINDER_CONFIRM = Act(
    name="reminderConfirm",
    given=ReminderConfirm,
    perform=confirm_reminder,
    returns="ReminderRecord",
    refusals=ReminderConfirmRefusal,
    permission=permissions.REMINDER_CONFIRM.name,
    doc=Doc("确认收到提醒", "confirm a reminder"),
)
PHONE_TASK_DONE = Act(
    name="phoneTaskDone",
    given=PhoneTaskDone,
    perform=finish_phone_task,
    returns="ReminderRecord",
    refusals=PhoneTaskDoneRefusal,
    permission=permissions.PHONE_TASK_DO.name,
    doc=Doc("登记电话提醒", "record a reminder by telephone"),
)
ACTS = (REMINDER_CONFIRM, PHONE_TASK_DONE)
