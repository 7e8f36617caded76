"""结案: what has no object any more is void; a closing that is taken back gives it back."""

from __future__ import annotations

from core.sdk.acts import ActContext
from core.sdk.events import CaseClosed, CaseReopened
from plugins.reminders.reactions.hearings import bear_of_hearing
from plugins.reminders.reactions.periods import bear_of_period
from plugins.reminders.reactions.steps import by_case_record, follow
from plugins.reminders.records import sources, supervision
from plugins.reminders.rules.births import CASE_CLOSED, MOOT_WHEN_CLOSED
from plugins.reminders.rules.vocabulary import ObligationState, Transition

_UNDECIDED = frozenset({"RECEIVED", "TRACKING", "SUSPENDED"})


async def case_closed(context: ActContext, event: CaseClosed) -> None:
    """撤销 what still ran (撤诉、移送、终结); what was missed or acted on goes its way to the end."""
    if event.case_id is None:
        return
    kinds = [kind.value for kind in MOOT_WHEN_CLOSED]
    for row in await supervision.of_responses(context.session, kinds, case_id=event.case_id):
        due_later = row.due_on >= event.closed_on
        if ObligationState[row.state].value in _UNDECIDED and due_later:
            voided = by_case_record(context, Transition.VOID, CASE_CLOSED)
            await follow(context, row, voided, {"outcome": event.outcome, "closed_on": event.closed_on})


async def case_reopened(context: ActContext, event: CaseReopened) -> None:
    """立项 anew for the periods that run and the hearings to come."""
    if event.case_id is None:
        return
    for period in await sources.running_periods(context.session, event.case_id):
        await bear_of_period(context, period)
    responses = await sources.responses_of_case(context.session, event.case_id)
    for hearing in await sources.hearings_to_come(context.session, event.case_id, context.today):
        for response in responses:
            await bear_of_hearing(context, response, hearing)
