"""文书登记: a document of the four types must be reported, the bureau is told of one in effect; a loss analysis that was sent is done."""

from __future__ import annotations

from core.sdk.acts import ActContext, enabled_at, found
from core.sdk.events import DocumentRegistered
from core.sdk.tables import Response
from plugins.reminders.reactions.steps import act_on
from plugins.reminders.records import supervision
from plugins.reminders.rules.births import is_informed, is_reported
from plugins.reminders.rules.vocabulary import ObligationKind
from plugins.reminders.supervising import receive_report, settings_at


async def document_registered(context: ActContext, event: DocumentRegistered) -> None:
    """报备 is owed from the registration on; the obligation itself comes from the period that the document opens."""
    code = event.subject.code
    also = (await settings_at(context, code)).report.also
    told = (event.doc_type, event.direction, also)
    if await enabled_at(context, code) and (is_reported(*told) or is_informed(*told)):
        response = await found(context, Response, event.response_id, ())
        owner = {
            "code": response.code,
            "agency_id": response.agency_id,
            "case_id": response.case_id,
            "response_id": response.id,
        }
        await receive_report(
            context, owner, event.subject.id, event.doc_type, event.received_on, info_only=is_informed(*told)
        )
    if event.doc_type == "LOSS_REPORT" and event.direction == "SENT":
        kinds = (ObligationKind.LOSS_REPORT.value,)
        for row in await supervision.of_responses(context.session, kinds, response_id=event.response_id):
            await act_on(context, row, event.received_on, {"document_id": event.subject.id})
