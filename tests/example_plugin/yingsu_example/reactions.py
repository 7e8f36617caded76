"""Reactions: in the transaction of the act that caused the event, so what they write is there with it, or not at all."""

from __future__ import annotations

from core.sdk.acts import ActContext, add_row, owner_columns, response_subject, rows_where, settings_of
from core.sdk.events import CaseClosed
from core.sdk.notifications import ToAgency, notify
from core.sdk.tables import CaseShell, Response
from yingsu_example.notifications import LABEL_ADDED
from yingsu_example.settings import LabelSettings
from yingsu_example.tables import CaseLabel


async def label_closed(context: ActContext, event: CaseClosed) -> None:
    """When a case is closed, give the agency's part of it the label that its tenant has set for that, and tell its people."""
    code, agency = event.subject.code, event.subject.agency_id
    settings = await settings_of(context.session, LabelSettings, code, context.today)
    if not settings.closed_label:
        return
    for response in await rows_where(context.session, Response, case_id=event.case_id, agency_id=agency):
        text = settings.closed_label
        values = {"text": text, "colour": settings.palette[0], "created_at": context.now}
        if not await rows_where(context.session, CaseLabel, response_id=response.id, text=text):
            label_id = await add_row(context.session, CaseLabel, owner_columns(response) | values)
            (case,) = await rows_where(context.session, CaseShell, id=event.case_id)
            said = {"case_number": case.number_text, "label": text}
            about = response_subject("CaseLabel", label_id, response)
            key = f"{LABEL_ADDED.name}:{label_id}"
            await notify(context, ToAgency(agency), LABEL_ADDED, about, said, key=key, case_id=case.id)
