"""Reactions: in the transaction of the act that caused the event, so what they write is there with it, or not at all."""

from __future__ import annotations

from core.sdk.acts import ActContext, add_row, owner_columns, rows_where, settings_of
from core.sdk.events import CaseClosed
from core.sdk.tables import Response
from yingsu_example.settings import LabelSettings
from yingsu_example.tables import CaseLabel


async def label_closed(context: ActContext, event: CaseClosed) -> None:
    """When a case is closed, give the agency's part of it the label that its tenant has set for that."""
    code, agency = event.subject.code, event.subject.agency_id
    settings = await settings_of(context.session, LabelSettings, code, context.today)
    if not settings.closed_label:
        return
    for response in await rows_where(context.session, Response, case_id=event.case_id, agency_id=agency):
        values = {"text": settings.closed_label, "colour": settings.palette[0], "created_at": context.now}
        present = await rows_where(context.session, CaseLabel, response_id=response.id, text=settings.closed_label)
        if not present:
            await add_row(context.session, CaseLabel, owner_columns(response) | values)
