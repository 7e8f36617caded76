"""败诉: who lost by a judgment in effect owes an analysis (D17); a loss that is corrected away takes it back."""

from __future__ import annotations

from uuid import UUID

from core.sdk.acts import ActContext, enabled_at
from core.sdk.events import HoldingRecorded, JudgmentEffective
from plugins.reminders.reactions.steps import by_case_record, follow
from plugins.reminders.records import sources, supervision
from plugins.reminders.rules.births import JUDGMENT
from plugins.reminders.rules.terms import loss_report_period
from plugins.reminders.rules.vocabulary import ObligationKind, Transition
from plugins.reminders.supervising import LastDay, Source, bear, settings_at


async def _bear_loss_reports(context: ActContext, judgment_id: UUID) -> None:
    """The analyses owed; from the receipt of the document in effect where that is registered, else from the day of effect."""
    for holding in await sources.lost_holdings(context.session, judgment_id):
        if not await enabled_at(context, holding.code):
            continue
        effective_on = holding.effective_on
        received = await sources.effective_document_received_on(context.session, holding.response_id, effective_on)
        settings = await settings_at(context, holding.code)
        due = loss_report_period(received or effective_on, settings, context.calendar)
        owner = {
            "code": holding.code,
            "agency_id": holding.agency_id,
            "case_id": holding.case_id,
            "response_id": holding.response_id,
        }
        last_day = LastDay(due.due, due.earliest_due)
        await bear(context, owner, ObligationKind.LOSS_REPORT, Source(JUDGMENT, judgment_id), last_day)


async def judgment_effective(context: ActContext, event: JudgmentEffective) -> None:
    """立项 for each agency that lost."""
    await _bear_loss_reports(context, event.subject.id)


async def holding_recorded(context: ActContext, event: HoldingRecorded) -> None:
    """立项 where the loss was entered after the effect; 撤销 where it was corrected to none."""
    if event.lost:
        await _bear_loss_reports(context, event.judgment_id)
        return
    for row in await supervision.of_source(context.session, JUDGMENT, event.judgment_id):
        if row.response_id == event.response_id:
            await follow(context, row, by_case_record(context, Transition.VOID, "经更正未败诉"))
