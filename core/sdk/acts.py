"""Acts: what changes state. One transaction, one actor, one clock; each act records itself, and may emit an event.

An act finds rows or refuses (`found`, `locked`), checks its input (`checked_text`, `checked_day`), changes rows (`add_row`,
`changed`), and refuses in its own closed codes (`refusing`, `refuse`).
"""

from core.acting import ActContext, Actor, Event, Subject, Subscriber
from core.cases.acts.checks import day as checked_day
from core.cases.acts.checks import optional_text as checked_optional_text
from core.cases.acts.checks import past_day as checked_past_day
from core.cases.acts.checks import text as checked_text
from core.cases.acts.period_state import end as end_period
from core.cases.acts.refusing import Refused, at, refuse, refusing
from core.cases.acts.rows import changed, found, locked, owner_columns, response_subject
from core.cases.records.rows import add as add_row
from core.cases.records.rows import where as rows_where
from core.cases.refusals.common import Common
from core.db.session import ReadSession, SystemSession, TenantReadSession, TenantSession
from core.errors import ActRefused
from core.extension.everywhere import Area, SettingsBook, settings_everywhere
from core.extension.guard import NOT_ENABLED, enabled_at, require_enabled
from core.extension.records import enabled_ranges, settings_in, settings_of

__all__ = [
    "NOT_ENABLED",
    "ActContext",
    "ActRefused",
    "Actor",
    "Area",
    "Common",
    "Event",
    "ReadSession",
    "Refused",
    "SettingsBook",
    "Subject",
    "Subscriber",
    "SystemSession",
    "TenantReadSession",
    "TenantSession",
    "add_row",
    "at",
    "changed",
    "checked_day",
    "checked_optional_text",
    "checked_past_day",
    "checked_text",
    "enabled_at",
    "enabled_ranges",
    "end_period",
    "found",
    "locked",
    "owner_columns",
    "refuse",
    "refusing",
    "require_enabled",
    "response_subject",
    "rows_where",
    "settings_everywhere",
    "settings_in",
    "settings_of",
]
