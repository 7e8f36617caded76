"""反应: what follows for supervision from what happens in a case, in the transaction of the act that made it happen.

Each runs in the scope of the whole city: a hearing concerns the co-respondent of another district too. What the rules refuse
is no fault here (a period that was extended after it was answered): the obligation has had its turn already.

Nothing is born where the plugin is not enabled. What was born before follows the case register there too, without a word to
anybody: else it would be missed, on the day on which the plugin comes back, though it was done in time.
"""

from collections.abc import Awaitable, Callable

from core.sdk.acts import Event
from core.sdk.events import (
    AppearanceRecorded,
    CaseClosed,
    CaseReopened,
    DocumentRegistered,
    HearingCancelled,
    HearingRescheduled,
    HearingScheduled,
    HoldingRecorded,
    JudgmentEffective,
    PeriodChanged,
    PeriodMet,
    PeriodOpened,
    ResponseAttached,
    SuggestionRecorded,
    SuggestionReplied,
)
from core.sdk.hooks import Subscription
from core.sdk.notifications import MessageRead
from plugins.reminders.reactions import cases, documents, hearings, judgments, messages, periods, suggestions

_REACTIONS: tuple[tuple[type[Event], Callable[..., Awaitable[None]]], ...] = (
    (DocumentRegistered, documents.document_registered),
    (PeriodOpened, periods.period_opened),
    (PeriodChanged, periods.period_changed),
    (PeriodMet, periods.period_met),
    (HearingScheduled, hearings.hearing_scheduled),
    (HearingRescheduled, hearings.hearing_rescheduled),
    (HearingCancelled, hearings.hearing_cancelled),
    (AppearanceRecorded, hearings.appearance_recorded),
    (ResponseAttached, hearings.response_attached),
    (SuggestionRecorded, suggestions.suggestion_recorded),
    (SuggestionReplied, suggestions.suggestion_replied),
    (JudgmentEffective, judgments.judgment_effective),
    (HoldingRecorded, judgments.holding_recorded),
    (CaseClosed, cases.case_closed),
    (CaseReopened, cases.case_reopened),
    (MessageRead, messages.message_read),
)
SUBSCRIPTIONS = tuple(Subscription(event, react, of_city=True) for event, react in _REACTIONS)
