"""建议: one that came without a case has no period; it is its own source. With a case, its period bears the obligation."""

from __future__ import annotations

from core.sdk.acts import ActContext, enabled_at, found
from core.sdk.events import SuggestionRecorded, SuggestionReplied
from core.sdk.tables import Suggestion
from plugins.reminders.reactions.steps import act_on
from plugins.reminders.records import supervision
from plugins.reminders.rules.births import SUGGESTION
from plugins.reminders.rules.vocabulary import ObligationKind
from plugins.reminders.supervising import LastDay, Source, bear


async def suggestion_recorded(context: ActContext, event: SuggestionRecorded) -> None:
    """立项 for a letter to an agency outside any case."""
    if event.case_id is not None or not await enabled_at(context, event.subject.code):
        return
    row = await found(context, Suggestion, event.subject.id, ())
    owner = {"code": row.code, "agency_id": row.agency_id, "case_id": None, "response_id": None}
    await bear(context, owner, ObligationKind.SUGG_REPLY, Source(SUGGESTION, row.id), LastDay(row.reply_due_on))


async def suggestion_replied(context: ActContext, event: SuggestionReplied) -> None:
    """已办理."""
    for row in await supervision.of_source(context.session, SUGGESTION, event.subject.id):
        await act_on(context, row, event.replied_on, {"suggestion_id": event.subject.id})
