"""The steps that the acts on a period share: its input, moving its last day, telling the response and the trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext
from core.calendar.period import Period as Reckoned
from core.calendar.period_input import PeriodInput
from core.calendar.trace import TermUnit
from core.cases import events
from core.cases.acts.reckoning import change_response, store
from core.cases.acts.rows import changed, response_subject
from core.cases.acts.terms import ANSWER_PERIODS, PeriodChangeCause
from core.cases.records import periods, rows
from core.cases.states import PeriodKind, PeriodStatus
from core.cases.tables import Period, PeriodChange

ENDED = frozenset({PeriodStatus.MET.value, PeriodStatus.VOID.value})


async def input_of(context: ActContext, row: Row[Any]) -> PeriodInput:
    """What a period was reckoned from. One that came with a last day only goes on from that day."""
    stored = await periods.input_of(context.session, row.calculation_id)
    if stored is not None:
        return PeriodInput.from_json(stored)
    return PeriodInput(0, TermUnit.FIXED_DATE, row.starts_on, roll=False, fixed_on=row.due_on)


async def keep_input(context: ActContext, row: Row[Any], given: PeriodInput) -> UUID:
    """Store the input of a period that stands still: it has no last day now, so the former result stays beside it."""
    if row.calculation_id is not None:
        result = await periods.result_of(context.session, row.calculation_id)
    else:
        result = {
            "due": row.due_on.isoformat(),
            "earliest_due": row.earliest_due_on.isoformat(),
            "provisional": row.provisional,
            "trace": [],
            "versions": [],
        }
    return await periods.store_calculation(context.session, given.to_json(), result)


async def move(
    context: ActContext, row: Row[Any], given: PeriodInput, result: Reckoned, cause: PeriodChangeCause, reason: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a period a new last day, keep the old one in its history, and repeat it where it is repeated."""
    values = {
        "due_on": result.due,
        "earliest_due_on": result.earliest_due,
        "provisional": result.provisional,
        "status": PeriodStatus.OPEN.value,
        "calculation_id": await store(context, given, result),
    }
    before, after = await changed(context, Period, row, values)
    if PeriodKind[row.kind] in ANSWER_PERIODS:
        await change_response(context, row.response_id, {"answer_due_on": result.due})
    await told(context, row, cause, result.due, reason)
    return before, after


async def told(context: ActContext, row: Row[Any], cause: PeriodChangeCause, due_on: date, reason: str) -> None:
    """Write the history of a period's last day, and emit PeriodChanged."""
    await rows.add(
        context.session,
        PeriodChange,
        {
            "code": row.code,
            "agency_id": row.agency_id,
            "case_id": row.case_id,
            "response_id": row.response_id,
            "period_id": row.id,
            "cause": cause.value,
            "former_due_on": row.due_on,
            "new_due_on": due_on,
            "former_calculation_id": row.calculation_id,
            "reason": reason,
            "changed_at": context.now,
        },
    )
    subject = response_subject("Period", row.id, row)
    await context.emit(events.PeriodChanged(subject, row.case_id, row.response_id, cause.value, row.due_on, due_on))


async def end(context: ActContext, row: Row[Any], met_on: date, posted_on: date | None = None) -> dict[str, Any]:
    """Mark a period as met; the answer's day is repeated on the response. Emits PeriodMet."""
    values = {"status": PeriodStatus.MET.value, "met_on": met_on, "posted_on": posted_on}
    _, after = await changed(context, Period, row, values)
    if PeriodKind[row.kind] in ANSWER_PERIODS:
        await change_response(context, row.response_id, {"answered_on": posted_on or met_on})
    subject = response_subject("Period", row.id, row)
    await context.emit(events.PeriodMet(subject, row.case_id, row.response_id, row.kind, met_on, posted_on, row.due_on))
    return after


async def annul(context: ActContext, row: Row[Any], reason: str) -> dict[str, Any]:
    """Make a period void. Emits PeriodChanged with the cause VOIDED."""
    _, after = await changed(context, Period, row, {"status": PeriodStatus.VOID.value})
    await told(context, row, PeriodChangeCause.VOIDED, row.due_on, reason)
    return after


def resumed(given: PeriodInput, resumed_on: date) -> PeriodInput:
    """The input with its open suspension ended."""
    pauses = tuple(
        replace(pause, resumed_on=resumed_on) if pause.resumed_on is None else pause for pause in given.suspensions
    )
    return replace(given, suspensions=pauses)
