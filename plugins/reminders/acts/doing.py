"""办理: what the platform's register of cases says once a duty is done; the core's own row is brought to the same end."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from core.sdk.acts import ActContext, changed, end_period, found, locked, response_subject, rows_where
from core.sdk.events import ObligationFulfilled, SuggestionReplied
from core.sdk.tables import Obligation, Period, Suggestion
from plugins.reminders.rules.births import PERIOD, SUGGESTION

_RUNS = frozenset({"OPEN", "SUSPENDED"})


async def end_source(context: ActContext, obligation: Row[Any], acted_on: date) -> None:
    """End the period, the duty to perform or the letter that the obligation comes from, if that has not ended by itself."""
    if obligation.source_type == PERIOD:
        await _end_period(context, obligation, acted_on)
    elif obligation.source_type == SUGGESTION:
        await _reply(context, await locked(context, Suggestion, obligation.source_id, ()), acted_on)


async def _end_period(context: ActContext, obligation: Row[Any], acted_on: date) -> None:
    period = await found(context, Period, obligation.source_id, ())
    for duty in await rows_where(context.session, Obligation, lock=True, period_id=period.id):
        if duty.status == "OPEN":
            await changed(context, Obligation, duty, {"status": "FULFILLED", "fulfilled_on": acted_on})
            subject = response_subject("Obligation", duty.id, duty)
            told = ObligationFulfilled(subject, duty.case_id, duty.response_id, acted_on, duty.due_on)
            await context.emit(told)
    for letter in await rows_where(context.session, Suggestion, lock=True, response_id=period.response_id):
        if letter.calculation_id == period.calculation_id and period.kind == "SUGGESTION_REPLY":
            await _reply(context, letter, acted_on)
    period = await locked(context, Period, obligation.source_id, ())
    if period.status in _RUNS:
        await end_period(context, period, acted_on)


async def _reply(context: ActContext, letter: Row[Any], replied_on: date) -> None:
    if letter.status == "OPEN":
        await changed(context, Suggestion, letter, {"status": "REPLIED", "replied_on": replied_on})
        subject = response_subject("Suggestion", letter.id, letter)
        await context.emit(SuggestionReplied(subject, letter.case_id, replied_on, letter.reply_due_on))
