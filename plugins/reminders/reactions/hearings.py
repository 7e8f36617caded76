"""开庭: each agency of the case owes an appearance, whoever scheduled the hearing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from core.sdk.acts import ActContext, enabled_at, found
from core.sdk.events import (
    AppearanceRecorded,
    HearingCancelled,
    HearingRescheduled,
    HearingScheduled,
    ResponseAttached,
)
from core.sdk.rules import SHANGHAI
from core.sdk.tables import Appearance, Hearing, Response
from plugins.reminders.reactions.steps import act_on, by_case_record, follow
from plugins.reminders.records import sources, supervision
from plugins.reminders.rules.births import HEARING, somebody_appeared
from plugins.reminders.rules.vocabulary import ObligationKind, Transition
from plugins.reminders.supervising import LastDay, Source, bear


def _starts_at(hearing: Row[Any]) -> datetime | None:
    return datetime.combine(hearing.held_on, hearing.starts_at, SHANGHAI) if hearing.starts_at else None


async def bear_of_hearing(context: ActContext, response: Row[Any], hearing: Row[Any]) -> None:
    """The obligation of one agency to appear, if its tenant has the plugin."""
    if await enabled_at(context, response.code):
        owner = {
            "code": response.code,
            "agency_id": response.agency_id,
            "case_id": response.case_id,
            "response_id": response.id,
        }
        last_day = LastDay(hearing.held_on, starts_at=_starts_at(hearing))
        await bear(context, owner, ObligationKind.HEARING, Source(HEARING, hearing.id), last_day)


async def hearing_scheduled(context: ActContext, event: HearingScheduled) -> None:
    """立项 for every respondent of the case."""
    hearing = await found(context, Hearing, event.subject.id, ())
    for response in await sources.responses_of_case(context.session, hearing.case_id):
        await bear_of_hearing(context, response, hearing)


async def response_attached(context: ActContext, event: ResponseAttached) -> None:
    """立项 for an agency that joins a case whose hearings are scheduled already."""
    response = await found(context, Response, event.response_id, ())
    for hearing in await sources.hearings_to_come(context.session, response.case_id, context.today):
        await bear_of_hearing(context, response, hearing)


async def hearing_rescheduled(context: ActContext, event: HearingRescheduled) -> None:
    """改期: reminders of the old day are cancelled, those of the new one set; another hour of the same day moves nothing."""
    hearing = await found(context, Hearing, event.subject.id, ())
    also = {"starts_at": _starts_at(hearing)}
    for row in await supervision.of_source(context.session, HEARING, hearing.id):
        if event.held_on == event.former_day:
            continue
        moved = by_case_record(context, Transition.RESCHEDULE, "开庭改期", due_on=event.held_on)
        await follow(context, row, moved, {"former_due_on": event.former_day}, also)


async def hearing_cancelled(context: ActContext, event: HearingCancelled) -> None:
    """撤销: there is nothing to appear at."""
    for row in await supervision.of_source(context.session, HEARING, event.subject.id):
        await follow(context, row, by_case_record(context, Transition.VOID, "开庭取消"))


async def appearance_recorded(context: ActContext, event: AppearanceRecorded) -> None:
    """已办理 where somebody of the agency appeared; an absence is left to the last day."""
    appearance = await found(context, Appearance, event.subject.id, ())
    appeared = somebody_appeared(
        head_attended=appearance.head_attended, agents=appearance.agents, lawyer_only=appearance.lawyer_only
    )
    if not appeared:
        return
    for row in await supervision.of_source(context.session, HEARING, event.hearing_id):
        if row.agency_id == appearance.agency_id:
            await act_on(context, row, appearance.held_on, {"appearance_id": appearance.id})
