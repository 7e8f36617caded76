"""告知: the messages of what fired, in the transaction in which it fired; one for all reminders of a day and last day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from core.sdk.acts import Subject, SystemSession
from core.sdk.hooks import Role
from core.sdk.notifications import Message, Recipient, ToAgency, Told, ToMember, ToTenant, notify_many
from core.sdk.rules import Clock, DocType, ObligationKind
from plugins.reminders import messages_zh as kinds
from plugins.reminders.jobs.timed import OBLIGATION, SUBJECT, Firing
from plugins.reminders.rules.timers import REMINDERS
from plugins.reminders.rules.vocabulary import TimerKind

_AGENCY, _BUREAU = "agency", "bureau"
TOLD: Final = {
    TimerKind.MISS: (kinds.MISSED, (_AGENCY, _BUREAU)),
    TimerKind.REMIND: (kinds.REMIND, (_AGENCY,)),
    TimerKind.REMIND_REST_DAY: (kinds.REMIND, (_AGENCY,)),
    TimerKind.PHONE_TASK: (kinds.PHONE_TASK, (_BUREAU,)),
    TimerKind.FEEDBACK_OVERDUE: (kinds.FEEDBACK_OVERDUE, (_AGENCY, _BUREAU)),
    TimerKind.RESUBMISSION_OVERDUE: (kinds.FEEDBACK_OVERDUE, (_AGENCY, _BUREAU)),
    TimerKind.VERIFICATION_OVERDUE: (kinds.VERIFICATION_OVERDUE, (_BUREAU,)),
    TimerKind.REMEDY_OVERDUE: (kinds.REMEDY_OVERDUE, (_AGENCY, _BUREAU)),
    TimerKind.PLAN_OVERDUE: (kinds.REMEDY_OVERDUE, (_AGENCY, _BUREAU)),
    TimerKind.REPORT_NAG: (kinds.REPORT_NAG, (_AGENCY,)),
    TimerKind.REPORT_TO_BUREAU: (kinds.REPORT_OVERDUE, (_BUREAU,)),
}
"""Who hears of what; of the passing of a report's term the agency hears that morning, by its first REPORT_NAG."""

_READ_BY: Final = text("""
update reminders_reminder r set message_id = x.message_id
  from unnest(cast(:shards as integer[]), cast(:obligations as uuid[]), cast(:versions as integer[]), cast(:messages as uuid[]))
       as x(shard, obligation_id, due_version, message_id)
 where r.shard = x.shard and r.obligation_id = x.obligation_id and r.due_version = x.due_version
   and r.sent_on = :today and r.message_id is null""")
_PHONES: Final = text("""
update reminders_reminder r set phone_task = 'OPEN', version = r.version + 1
  from unnest(cast(:shards as integer[]), cast(:obligations as uuid[]), cast(:versions as integer[]), cast(:offsets as integer[]))
       as x(shard, obligation_id, due_version, offset_days)
 where r.shard = x.shard and r.obligation_id = x.obligation_id and r.due_version = x.due_version
   and r.kind = 'REMIND_' || x.offset_days and r.phone_task is null""")


async def tell(session: SystemSession, clock: Clock, firing: Firing, fired: Sequence[Row[Any]]) -> None:
    """Tell the agency, the bureau or both, as the kind of timer wants it."""
    if not fired:
        return
    if firing.kind is TimerKind.PHONE_TASK:
        await session.execute(_PHONES, _columns(fired) | {"offsets": [one.offset_days for one in fired]})
    if firing.kind not in TOLD:
        return
    once = {key_of(firing, one, clock): one for one in fired}
    told = await notify_many(session, [message_of(firing, key, one) for key, one in once.items()], clock)
    if firing.kind in REMINDERS:
        await _keep_messages(session, clock, once, told)


async def _keep_messages(session: SystemSession, clock: Clock, once: dict[str, Row[Any]], told: Sequence[Told]) -> None:
    first = {one.key: one.notification_id for one in reversed(told)}
    rows = [(once[key], message) for key, message in first.items()]
    if rows:
        given = _columns([row for row, _ in rows]) | {"messages": [message for _, message in rows]}
        await session.execute(_READ_BY, given | {"today": clock.today()})


def _columns(fired: Sequence[Row[Any]]) -> dict[str, Any]:
    return {
        "shards": [one.shard for one in fired],
        "obligations": [one.subject_id for one in fired],
        "versions": [one.due_version for one in fired],
    }


def key_of(firing: Firing, one: Any, clock: Clock) -> str:
    """The reminders of one last day that are told on one day are one message."""
    name = TOLD[firing.kind][0].name
    if name == kinds.REMIND.name:
        return f"{name}:{one.subject_id}:{one.due_version}:{clock.today()}"
    return f"{name}:{one.subject_id}:{one.due_version}:{firing.kind}:{one.offset_days}"


def message_of(firing: Firing, key: str, one: Any) -> Message:
    """The message of what fired: a row of the sweep, or what an act found lapsed."""
    kind, audience = TOLD[firing.kind]
    what = ObligationKind[one.what].zh if firing.table == OBLIGATION else DocType[one.what].zh
    return Message(
        shard=one.shard,
        to=[recipient for who in audience for recipient in _recipients(who, one)],
        kind=kind,
        about=Subject(SUBJECT[firing.table], one.subject_id, one.code, one.agency_id),
        values={"case_number": one.number or "（无案号）", "matter": what, "due_on": one.due_on},
        key=key,
        case_id=one.case_id,
    )


def _recipients(who: str, one: Any) -> list[Recipient]:
    if who == _BUREAU:
        return [ToTenant(one.code)]
    agency = ToAgency(one.agency_id, (Role.AGENCY, Role.AGENCY_LEGAL))
    return [agency] if one.responsible_id is None else [agency, ToMember(one.responsible_id)]
