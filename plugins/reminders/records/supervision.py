"""What a transition writes: the row, an event for each step, timers cancelled and armed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, func, insert, select, update
from sqlalchemy.dialects import postgresql

from core.sdk.acts import TenantSession
from plugins.reminders.rules.timers import Cancellation
from plugins.reminders.rules.timers import Timer as Armed
from plugins.reminders.tables import Reminder, ReminderEvent, SupervisedObligation, Timer

_OBLIGATION = cast("Table", SupervisedObligation.__table__)
_EVENT = cast("Table", ReminderEvent.__table__)
_TIMER = cast("Table", Timer.__table__)
_REMINDER = cast("Table", Reminder.__table__)
_ADD_EVENTS = insert(_EVENT).inline()
_ADD_TIMERS = postgresql.insert(_TIMER)
# A timer that an earlier turn has cancelled, or let fire, is armed anew: a plan that is filed again has its day again.
_ARM = _ADD_TIMERS.on_conflict_do_update(
    constraint="uq_reminders_timer_once",
    set_={
        "fires_on": _ADD_TIMERS.excluded.fires_on,
        "fires_at": _ADD_TIMERS.excluded.fires_at,
        "nominal_on": _ADD_TIMERS.excluded.nominal_on,
        "short_lead": _ADD_TIMERS.excluded.short_lead,
        "state": "ARMED",
        "reason": None,
        "settled_at": None,
    },
)

OWNER = ("shard", "code", "agency_id", "case_id", "response_id")


def owner_of(row: Row[Any]) -> dict[str, Any]:
    """The columns that say whose a row is, to repeat on the rows that hang on it."""
    return {name: getattr(row, name) for name in OWNER}


async def next_ordinal(session: TenantSession, key: str, subject_id: UUID) -> int:
    """The number of a subject's next event; the subject's row is locked, or was just made."""
    column = _EVENT.c[key]
    statement = select(func.coalesce(func.max(_EVENT.c.ordinal), 0) + 1)
    found = await session.scalar(statement.where(_EVENT.c.shard == session.scope.shard, column == subject_id))
    return int(found)


async def add_events(session: TenantSession, events: Sequence[Mapping[str, Any]]) -> None:
    """Append events."""
    await session.execute(_ADD_EVENTS, list(events))


async def cancel_timers(session: TenantSession, subject_id: UUID, cancelled: Cancellation, at: datetime) -> None:
    """Cancel the timers of a subject that wait, with the reason: those too that rest while the plugin is disabled."""
    statement = update(_TIMER).where(
        _TIMER.c.shard == session.scope.shard,
        _TIMER.c.subject_id == subject_id,
        _TIMER.c.state.in_(("ARMED", "RESTING")),
        _TIMER.c.kind.in_([kind.value for kind in cancelled.kinds]),
    )
    await session.execute(statement.values(state="CANCELLED", reason=cancelled.reason.value, settled_at=at))


async def arm_timers(
    session: TenantSession, owner: Mapping[str, Any], subject: tuple[str, UUID, int], timers: Iterable[Armed]
) -> None:
    """Arm timers of a subject (its type, its id, the version of its last day)."""
    subject_type, subject_id, due_version = subject
    rows = [
        {
            **owner,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "due_version": due_version,
            "kind": timer.kind.value,
            "offset_days": timer.offset_days,
            "fires_on": timer.fires_on,
            "fires_at": timer.fires_at,
            "nominal_on": timer.nominal_on,
            "short_lead": timer.short_lead,
            "state": "ARMED",
        }
        for timer in timers
    ]
    if rows:
        await session.execute(_ARM, rows)


async def mark_read(session: TenantSession, obligation_id: UUID, due_version: int, sent_on: date, at: datetime) -> None:
    """Keep the first receipt of the reminders of one last day and one day. Nobody edits a receipt: the version stays."""
    statement = update(_REMINDER).where(
        _REMINDER.c.shard == session.scope.shard,
        _REMINDER.c.obligation_id == obligation_id,
        _REMINDER.c.due_version == due_version,
        _REMINDER.c.sent_on == sent_on,
        _REMINDER.c.read_at.is_(None),
    )
    await session.execute(statement.values(read_at=at))


async def of_source(session: TenantSession, source_type: str, source_id: UUID) -> Sequence[Row[Any]]:
    """The obligations, not void, that hang on a row of the core; locked."""
    columns = _OBLIGATION.c
    statement = select(_OBLIGATION).where(
        columns.shard == session.scope.shard,
        columns.source_id == source_id,
        columns.source_type == source_type,
        columns.state != "VOID",
    )
    return await session.rows(statement.order_by(columns.id).with_for_update())


async def of_responses(
    session: TenantSession, kinds: Iterable[str], *, response_id: UUID | None = None, case_id: UUID | None = None
) -> Sequence[Row[Any]]:
    """The obligations of these kinds of a response, or of a whole case, that are not over; locked."""
    columns = _OBLIGATION.c
    of = columns.response_id == response_id if case_id is None else columns.case_id == case_id
    statement = select(_OBLIGATION).where(
        columns.shard == session.scope.shard, of, columns.closed_at.is_(None), columns.kind.in_(list(kinds))
    )
    return await session.rows(statement.order_by(columns.id).with_for_update())
