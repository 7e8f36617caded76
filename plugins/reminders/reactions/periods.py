"""期限: a period that opens bears an obligation; when it moves, stands still, ends or is done, so does the obligation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from core.sdk.acts import ActContext, enabled_at, found
from core.sdk.events import PeriodChanged, PeriodMet, PeriodOpened
from core.sdk.tables import Period
from plugins.reminders.reactions.steps import act_on, by_case_record, follow
from plugins.reminders.records import supervision
from plugins.reminders.rules.births import OF_PERIOD, PERIOD
from plugins.reminders.rules.vocabulary import Transition
from plugins.reminders.supervising import LastDay, Source, bear


async def bear_of_period(context: ActContext, period: Row[Any]) -> None:
    """The obligation of a period, if its kind has one and its tenant has the plugin."""
    kind = OF_PERIOD.get(period.kind)
    if kind is None or not await enabled_at(context, period.code):
        return
    owner = {
        "code": period.code,
        "agency_id": period.agency_id,
        "case_id": period.case_id,
        "response_id": period.response_id,
    }
    await bear(context, owner, kind, Source(PERIOD, period.id), LastDay(period.due_on, period.earliest_due_on))


async def period_opened(context: ActContext, event: PeriodOpened) -> None:
    """立项: in the transaction in which the document was registered."""
    if event.kind in OF_PERIOD:
        await bear_of_period(context, await found(context, Period, event.subject.id, ()))


async def period_changed(context: ActContext, event: PeriodChanged) -> None:
    """改期、中止、恢复、撤销; the event's cause says which."""
    rows = await supervision.of_source(context.session, PERIOD, event.subject.id)
    if not rows:
        return
    period = await found(context, Period, event.subject.id, ())
    days = {"due_on": event.due_on, "earliest_due_on": period.earliest_due_on}
    happening = {
        "SUSPENDED": lambda: by_case_record(context, Transition.SUSPEND, "期限中止"),
        "RESUMED": lambda: by_case_record(context, Transition.RESUME, "期限恢复", **days),
        "VOIDED": lambda: by_case_record(context, Transition.VOID, "期限作废"),
    }.get(event.cause, lambda: by_case_record(context, Transition.RESCHEDULE, "期限变更", **days))()
    if happening.transition is Transition.RESCHEDULE and event.due_on == event.former_due_on:
        return
    for row in rows:
        await follow(context, row, happening, {"cause": event.cause, "former_due_on": event.former_due_on})


async def period_met(context: ActContext, event: PeriodMet) -> None:
    """已办理: in time if posted by the last day (民诉法 85(4))."""
    rows = await supervision.of_source(context.session, PERIOD, event.subject.id)
    for row in rows:
        evidence = {"met_on": event.met_on, "posted_on": event.posted_on}
        await act_on(context, row, event.posted_on or event.met_on, evidence)
