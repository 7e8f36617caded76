"""Telling that open periods come near their last day: set by set, from the rows that are due, never from a delayed message.

Each period is told once for each last day and stage; whoever calls this, and however often, changes nothing in that. A stage that
was passed over while nothing ran is not made up for: what is told is how the period stands today.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from core.clock import Clock
from core.db.session import SystemSession
from core.labels import Labelled

LEAD_DAYS: Final = 7
"""Days before and after the last day within which a period is told."""
LOCK: Final = 0x59504E31  # "YPN1": one process at a time; the others have nothing to do


class PeriodStage(Labelled):
    """期限阶段: how near the last day is, in Shanghai's calendar days."""

    WEEK_BEFORE = "WEEK_BEFORE", "七日内到期", "due within a week"
    DAY_BEFORE = "DAY_BEFORE", "明日到期", "due tomorrow"
    TODAY = "TODAY", "今日到期", "due today"
    OVERDUE = "OVERDUE", "已逾期", "overdue"


EVENT_OF: Final = {
    PeriodStage.WEEK_BEFORE: "PeriodDueInWeek",
    PeriodStage.DAY_BEFORE: "PeriodDueTomorrow",
    PeriodStage.TODAY: "PeriodDueToday",
    PeriodStage.OVERDUE: "PeriodOverdue",
}
"""The domain events' names. They are written by the sweep, so no subscriber reacts to them in a transaction of an act."""

_NAMES = " ".join(f"when '{stage.value}' then '{name}'" for stage, name in EVENT_OF.items())
SWEEP: Final = text(f"""
with due as (
  select p.*, case when p.due_on < cast(:today as date) then 'OVERDUE' when p.due_on = cast(:today as date) then 'TODAY'
                   when p.due_on = cast(:tomorrow as date) then 'DAY_BEFORE' else 'WEEK_BEFORE' end as stage
    from period p
   where p.status = 'OPEN' and p.due_on between cast(:first as date) and cast(:last as date)
     and (select pg_try_advisory_xact_lock(cast(:lock as bigint)))
), noticed as (
  insert into period_notice (shard, code, agency_id, case_id, response_id, period_id, due_on, stage, noticed_at)
  select d.shard, d.code, d.agency_id, d.case_id, d.response_id, d.id, d.due_on, d.stage, cast(:now as timestamptz)
    from due d
  on conflict (shard, period_id, due_on, stage) do nothing
  returning *
)
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
select n.shard, n.code, n.agency_id, case n.stage {_NAMES} end, 'Period', n.period_id,
       jsonb_build_object('case_id', n.case_id, 'response_id', n.response_id, 'due_on', n.due_on), n.noticed_at
  from noticed n order by n.due_on, n.id
""")


async def notice_due_periods(session: SystemSession, clock: Clock) -> int:
    """Tell every open period that has come to a stage not told yet; how many. Its events are committed with the session."""
    today = clock.today()
    days = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "first": today - timedelta(days=LEAD_DAYS),
        "last": today + timedelta(days=LEAD_DAYS),
    }
    return await session.execute(SWEEP, {**days, "now": clock.now(), "lock": LOCK})
