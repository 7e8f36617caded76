"""补立项 of loss analyses (D17): who lost by a judgment in effect, and has neither sent an analysis nor a duty to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core.sdk.acts import Area, SettingsBook, SystemSession
from core.sdk.rules import Clock, ObligationKind, WorkingCalendar
from plugins.reminders.jobs.meanwhile import begun_from, ended_while_away, longest
from plugins.reminders.rules.births import JUDGMENT
from plugins.reminders.rules.terms import loss_report_period
from plugins.reminders.settings import RemindersSettings

DECIDED_BEFORE: Final = 366
"""Days between a judgment and its effect: the terms of appeal, or a second instance that confirmed it."""
_AREAS: Final = (
    "unnest(cast(:shards as integer[]), cast(:lows as bigint[]), cast(:highs as bigint[]), cast(:froms as date[]))"
    " as a(shard, low, high, effective_from)"
)
FIND: Final = text(f"""
select h.shard, h.code, h.agency_id, h.case_id, h.response_id, h.judgment_id as source_id, j.effective_on,
       coalesce((select min(d.received_on) from document d
                  where d.shard = h.shard and d.response_id = h.response_id and d.received_on >= j.effective_on
                    and d.doc_type in ('EFFECTIVE_DOC', 'EFFECTIVE_DOC_PERF')), j.effective_on) as began_on
  from {_AREAS} join holding h on h.shard = a.shard and h.code >= a.low and h.code < a.high
  join judgment j on j.shard = h.shard and j.id = h.judgment_id
 where h.lost and h.decided_on >= a.effective_from - {DECIDED_BEFORE} and j.effective_on >= a.effective_from
   and not exists (select 1 from document d where d.shard = h.shard and d.response_id = h.response_id
                      and d.doc_type = 'LOSS_REPORT' and d.direction = 'SENT' and d.received_on >= j.effective_on)
   and not exists (select 1 from reminders_obligation o where o.shard = h.shard and o.source_id = h.judgment_id
                      and o.agency_id = h.agency_id and o.kind = 'LOSS_REPORT')
 order by h.shard, h.id""")


@dataclass(frozen=True, slots=True)
class LossFound:
    """An analysis that is owed, as a source of obligations."""

    shard: int
    code: int
    agency_id: UUID
    case_id: UUID
    response_id: UUID
    source_id: UUID
    due_on: date
    earliest_due_on: date
    kind: str = ObligationKind.LOSS_REPORT.value
    source_type: str = JUDGMENT
    starts_at: datetime | None = None


async def find_losses(
    session: SystemSession,
    clock: Clock,
    calendar: WorkingCalendar,
    areas: Sequence[Area],
    settings: SettingsBook[RemindersSettings],
) -> list[LossFound]:
    """Those whose term runs, and those whose term ended while the plugin was away."""
    term = longest(settings, "loss_report", RemindersSettings().loss_report.term)
    given = {
        "shards": [area.shard for area in areas],
        "lows": [area.low for area in areas],
        "highs": [area.high for area in areas],
        "froms": [begun_from(area, clock.now(), term) for area in areas],
    }
    found = [_due(row, calendar, settings) for row in await session.rows(FIND, given)]
    return [
        loss
        for began_on, loss in found
        if loss.due_on >= clock.today() or ended_while_away(areas, (loss.shard, loss.code), began_on, loss.due_on)
    ]


def _due(row: Row[Any], calendar: WorkingCalendar, settings: SettingsBook[RemindersSettings]) -> tuple[date, LossFound]:
    period = loss_report_period(row.began_on, settings.of(row.shard, row.code), calendar)
    owner = (row.shard, row.code, row.agency_id, row.case_id, row.response_id)
    return row.began_on, LossFound(*owner, row.source_id, period.due, period.earliest_due)
