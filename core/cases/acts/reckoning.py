"""Reckoning a period by the engine, storing its calculation, opening it and moving its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.acting import ActContext, Subject
from core.calendar.period import Period as Reckoned
from core.calendar.period import period
from core.calendar.period_input import PeriodInput
from core.calendar.term_rules import TermNotFixed, TermOverride
from core.calendar.terms import period_input
from core.calendar.working_days import DateOutOfRange
from core.cases.acts.checks import invalid
from core.cases.acts.refusing import Path, refuse
from core.cases.acts.rows import changed, locked, owner_columns
from core.cases.acts.terms import ANSWER_PERIODS
from core.cases.events import PeriodOpened
from core.cases.records import periods, rows
from core.cases.states import PeriodKind, PeriodStatus
from core.cases.tables import Period, Response
from core.labels import Labelled


@dataclass(frozen=True, slots=True)
class Term:
    """A term as an act names it: its row of the table, its start, what replaces the row's amount, and where to complain."""

    term: str
    start_on: date
    path: Path
    override: TermOverride | None = None
    required: Labelled | None = None

    def given(self) -> PeriodInput:
        """The engine's input; refuses a term that nobody fixed, with `required`, and one that the law does not allow."""
        try:
            return period_input(self.term, self.start_on, override=self.override)
        except TermNotFixed as error:
            stated = self.override is not None and self.override.amount is not None
            if self.required is None or stated:
                raise invalid(self.path, str(error), error.message_zh) from None
            raise refuse(self.required, self.path) from None
        except (DateOutOfRange, ValueError):
            raise invalid(self.path, "The term cannot be reckoned", "期限无法计算") from None


@dataclass(frozen=True, slots=True)
class Opened:
    """A period that was opened, or a last day that was reckoned."""

    due_on: date
    calculation_id: UUID
    period_id: UUID | None = None


def reckon(context: ActContext, given: PeriodInput, path: Path) -> Reckoned:
    """The period by today's calendar; a last day beyond the calendar is refused INVALID_INPUT."""
    try:
        return period(given, context.calendar)
    except DateOutOfRange:
        raise invalid(path, "The last day lies beyond the calendar", "届满日超出可计算范围") from None


async def store(context: ActContext, given: PeriodInput, result: Reckoned) -> UUID:
    """Keep input and trace of a calculation."""
    return await periods.store_calculation(context.session, given.to_json(), result.to_json())


async def reckon_only(context: ActContext, term: Term) -> Opened:
    """The last day of a term that needs no period of its own, with its stored calculation."""
    given = term.given()
    result = reckon(context, given, term.path)
    return Opened(result.due, await store(context, given, result))


async def open_period(
    context: ActContext,
    response: Row[Any],
    kind: PeriodKind,
    term: Term,
    *,
    document_id: UUID | None = None,
    judgment_id: UUID | None = None,
) -> Opened:
    """Open a period on a response; an answer period is repeated on the response itself. Emits PeriodOpened."""
    given = term.given()
    result = reckon(context, given, term.path)
    calculation_id = await store(context, given, result)
    period_id = await rows.add(
        context.session,
        Period,
        {
            **owner_columns(response),
            "kind": kind.value,
            "starts_on": given.start_on,
            "due_on": result.due,
            "earliest_due_on": result.earliest_due,
            "provisional": result.provisional,
            "status": PeriodStatus.OPEN.value,
            "calculation_id": calculation_id,
            "source_document_id": document_id,
            "judgment_id": judgment_id,
        },
    )
    if kind in ANSWER_PERIODS:
        values = {"answer_due_on": result.due}
        if response.received_on is None:
            values["received_on"] = given.start_on
        await change_response(context, response.id, values)
    await context.emit(
        PeriodOpened(
            Subject("Period", period_id, response.code, response.agency_id),
            response.case_id,
            response.id,
            kind.value,
            result.due,
            result.earliest_due,
        )
    )
    return Opened(result.due, calculation_id, period_id)


async def change_response(context: ActContext, response_id: UUID, values: dict[str, Any]) -> None:
    """Bring what a response repeats of its periods and holdings up to date."""
    response = await locked(context, Response, response_id, ())
    await changed(context, Response, response, values)
