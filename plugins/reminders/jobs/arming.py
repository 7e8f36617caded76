"""补立项: what is open in the case register and has no obligation yet: imported cases, or the plugin enabled (again).

The past is not replayed: what is still to come gets the timers that are still to come, without any reminder at once; what
was missed meanwhile is marked so, and listed, without a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import text

from core.sdk.acts import Area, SettingsBook, SystemSession, settings_everywhere
from core.sdk.jobs import JobContext, NoPayload
from core.sdk.rules import Clock, WorkingCalendar
from plugins.reminders.jobs.arming_losses import LossFound, find_losses
from plugins.reminders.jobs.arming_reports import ReportArming, arm_reports
from plugins.reminders.rules.births import CASE_CLOSED, MOOT_WHEN_CLOSED, OF_PERIOD
from plugins.reminders.rules.terms import remedy_period
from plugins.reminders.rules.timers import REMINDING, Timer, due_timers, remedy_timer
from plugins.reminders.settings import RemindersSettings

BATCH: Final = 5_000
LOCK: Final = 0x59534131  # "YSA1": one process at a time; the others have nothing to do
_AREAS: Final = (
    "unnest(cast(:shards as integer[]), cast(:lows as bigint[]), cast(:highs as bigint[])) as a(shard, low, high)"
)
_KINDS: Final = " ".join(f"when '{kind}' then '{duty.value}'" for kind, duty in OF_PERIOD.items())
_PERIOD_KINDS: Final = ", ".join(f"'{kind}'" for kind in OF_PERIOD)
_OWNER: Final = "shard, code, agency_id, case_id, response_id"

_MOOT_PERIODS: Final = ", ".join(f"'{kind}'" for kind, duty in OF_PERIOD.items() if duty in MOOT_WHEN_CLOSED)


def _closed_before(day: str) -> str:
    """What had not passed when the case was closed has no object any more."""
    return f"coalesce({day} >= r.closed_on, false)"


def _borne(source: str, owner: str) -> str:
    """That an obligation hangs on a source; one that only the closing of its case made void does not count."""
    return (
        f"(select 1 from reminders_obligation o where o.shard = {source}.shard and o.source_id = {source}.id"
        f" and o.agency_id = {owner}.agency_id and (o.state <> 'VOID' or not exists (select 1 from reminders_event v"
        f" where v.shard = o.shard and v.obligation_id = o.id and v.transition = 'VOID' and v.reason = '{CASE_CLOSED}')))"
    )


TRY_LOCK: Final = text("select pg_try_advisory_xact_lock(cast(:lock as bigint))")
FIND: Final = text(f"""
(select p.shard, p.code, p.agency_id, p.case_id, p.response_id, case p.kind {_KINDS} end as kind, 'Period' as source_type,
        p.id as source_id, p.due_on, p.earliest_due_on, null::timestamptz as starts_at
   from period p join {_AREAS} on a.shard = p.shard and p.code >= a.low and p.code < a.high
   left join response r on r.shard = p.shard and r.id = p.response_id
  where p.status = 'OPEN' and p.kind in ({_PERIOD_KINDS})
    and not (p.kind in ({_MOOT_PERIODS}) and {_closed_before("p.due_on")}) and not exists {_borne("p", "p")}
  limit :batch)
union all
(select r.shard, r.code, r.agency_id, r.case_id, r.id, 'HEARING', 'Hearing', h.id, h.held_on, h.held_on,
        (h.held_on + h.starts_at) at time zone 'Asia/Shanghai'
   from hearing h join response r on r.shard = h.shard and r.case_id = h.case_id
   join {_AREAS} on a.shard = r.shard and r.code >= a.low and r.code < a.high
  where h.status = 'SCHEDULED' and not {_closed_before("h.held_on")}
    and not exists (select 1 from appearance e where e.shard = h.shard and e.hearing_id = h.id and e.response_id = r.id
                       and (e.head_attended or (e.agents > 0 and e.lawyer_only is not true)))
    and not exists {_borne("h", "r")}
  limit :batch)
union all
(select s.shard, s.code, s.agency_id, null, null, 'SUGG_REPLY', 'Suggestion', s.id, s.reply_due_on, s.reply_due_on, null
   from suggestion s join {_AREAS} on a.shard = s.shard and s.code >= a.low and s.code < a.high
  where s.status = 'OPEN' and s.case_id is null and not exists {_borne("s", "s")}
  limit :batch)
""")

_FOUND: Final = (
    "unnest(cast(:f_shard as integer[]), cast(:f_code as bigint[]), cast(:f_agency as uuid[]), cast(:f_case as uuid[]),"
    " cast(:f_response as uuid[]), cast(:f_kind as text[]), cast(:f_type as text[]), cast(:f_source as uuid[]),"
    " cast(:f_due as date[]), cast(:f_earliest as date[]), cast(:f_starts as timestamptz[]), cast(:f_remedy as date[]),"
    " cast(:f_plan as integer[]))"
    " as s(shard, code, agency_id, case_id, response_id, kind, source_type, source_id, due_on, earliest_due_on, starts_at,"
    " remedy_due_on, plan)"
)
_PLANS: Final = (
    "unnest(cast(:p_plan as integer[]), cast(:p_kind as text[]), cast(:p_offset as integer[]), cast(:p_on as date[]),"
    " cast(:p_at as timestamptz[]), cast(:p_nominal as date[])) as t(plan, kind, offset_days, fires_on, fires_at, nominal_on)"
)
BEAR: Final = text(f"""
with found as materialized (select * from {_FOUND}), born as (
  insert into reminders_obligation ({_OWNER}, kind, source_type, source_id, state, due_on, earliest_due_on, starts_at,
         registered_on, registered_at, missed_at, violation_date, remedy_due_on, missed_meanwhile)
  select {_OWNER}, kind, source_type, source_id, case when due_on < cast(:today as date) then 'MISSED' else 'RECEIVED' end,
         due_on, earliest_due_on, starts_at, cast(:today as date), cast(:now as timestamptz),
         case when due_on < cast(:today as date) then cast(:now as timestamptz) end,
         case when due_on < cast(:today as date) then due_on + 1 end, remedy_due_on, due_on < cast(:today as date)
    from found on conflict do nothing
  returning id, {_OWNER}, kind, source_id, due_on, state
), armed as (
  insert into reminders_timer ({_OWNER}, subject_type, subject_id, due_version, kind, offset_days, fires_on, fires_at, nominal_on)
  select b.shard, b.code, b.agency_id, b.case_id, b.response_id, 'SupervisedObligation', b.id, 1, t.kind, t.offset_days,
         t.fires_on, t.fires_at, t.nominal_on
    from born b join found f on f.shard = b.shard and f.source_id = b.source_id and f.agency_id = b.agency_id
    join {_PLANS} on t.plan = f.plan
), noted as (
  insert into reminders_event ({_OWNER}, obligation_id, ordinal, transition, from_state, to_state, actor, at, reason, evidence)
  select b.shard, b.code, b.agency_id, b.case_id, b.response_id, b.id, e.ordinal, e.transition, e.from_state, e.to_state,
         'system', cast(:now as timestamptz), e.reason, '{{"kinds": ["CASE_RECORD"]}}'::jsonb
    from born b cross join lateral (values (1, 'BEAR', null, 'RECEIVED', '补立项'),
         (2, 'MISS', 'RECEIVED', 'MISSED', '启用前已到期')) e(ordinal, transition, from_state, to_state, reason)
   where e.transition = 'BEAR' or b.state = 'MISSED'
)
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
select b.shard, b.code, b.agency_id, 'SupervisionBear', 'SupervisedObligation', b.id,
       jsonb_build_object('case_id', b.case_id, 'kind', b.kind, 'from_state', null, 'to_state', b.state, 'due_on', b.due_on,
                          'due_version', 1), cast(:now as timestamptz)
  from born b order by b.shard, b.id
""")


def timers_to_come(
    due_on: date, earliest_due_on: date, now: datetime, settings: RemindersSettings, calendar: WorkingCalendar
) -> tuple[Timer, ...]:
    """The timers of a last day that lies ahead, without the reminders whose days have passed."""
    timers = due_timers(due_on, min(earliest_due_on, due_on), now, settings, calendar)
    passed = {one.offset_days for one in timers if one.short_lead}
    return tuple(one for one in timers if one.kind not in REMINDING or one.offset_days not in passed)


@dataclass(slots=True)
class _Plans:
    """The timers of each distinct last day, worked out once."""

    clock: Clock
    calendar: WorkingCalendar
    settings: SettingsBook[RemindersSettings]
    numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)
    remedies: list[date | None] = field(default_factory=list)
    rows: list[tuple[int, Timer]] = field(default_factory=list)

    def of(self, found: Any) -> int:
        """The number of the plan of a source."""
        own = self.settings.of(found.shard, found.code)
        key = (found.due_on, found.earliest_due_on, own.reminder, own.remedy)
        if key not in self.numbers:
            self.numbers[key] = number = len(self.numbers)
            self._work_out(number, found, own)
        return self.numbers[key]

    def _work_out(self, number: int, found: Any, own: RemindersSettings) -> None:
        today = self.clock.today()
        timers: Iterable[Timer]
        if found.due_on < today:
            remedy_due = remedy_period(today, own, self.calendar).due
            timers = (remedy_timer(remedy_due, 0),)
            self.remedies.append(remedy_due)
        else:
            timers = timers_to_come(found.due_on, found.earliest_due_on, self.clock.now(), own, self.calendar)
            self.remedies.append(None)
        self.rows += [(number, timer) for timer in timers]


async def arm(context: JobContext[SystemSession], _: NoPayload) -> None:
    """Bear the obligations that are wanting, wherever the plugin is effective."""
    if not await context.session.scalar(TRY_LOCK, {"lock": LOCK}):
        return
    areas = await context.enabled_areas()
    if areas:
        settings = await settings_everywhere(context.session, RemindersSettings, context.today)
        what = (context.clock, context.calendar, areas, settings)
        await arm_all(context.session, *what)
        await arm_reports(context.session, ReportArming(*what), BATCH)


async def arm_all(
    session: SystemSession,
    clock: Clock,
    calendar: WorkingCalendar,
    areas: Sequence[Area],
    settings: SettingsBook[RemindersSettings],
    batch: int = BATCH,
) -> int:
    """Batch after batch until nothing is wanting; how many were born."""
    where = {
        "shards": [area.shard for area in areas],
        "lows": [area.low for area in areas],
        "highs": [area.high for area in areas],
        "batch": batch,
    }
    total = 0
    for losses in batched(await find_losses(session, clock, calendar, areas, settings), batch):
        total += await _bear(session, losses, _Plans(clock, calendar, settings))
    while found := await session.rows(FIND, where):
        born = await _bear(session, found, _Plans(clock, calendar, settings))
        total += born
        if not born:
            break
    return total


async def _bear(session: SystemSession, found: Sequence[Any], plans: _Plans) -> int:
    numbers = [plans.of(one) for one in found]
    return await session.execute(BEAR, _given(found, numbers, plans, plans.clock))


def batched(found: Sequence[LossFound], size: int) -> Iterable[Sequence[LossFound]]:
    """In pieces of at most `size`."""
    return (found[start : start + size] for start in range(0, len(found), size))


def _given(found: Sequence[Any], numbers: list[int], plans: _Plans, clock: Clock) -> dict[str, Any]:
    columns = {
        "shard": "shard", "code": "code", "agency": "agency_id", "case": "case_id", "response": "response_id",
        "kind": "kind", "type": "source_type", "source": "source_id", "due": "due_on", "earliest": "earliest_due_on",
        "starts": "starts_at",
    }  # fmt: skip
    return {
        **{f"f_{short}": [getattr(one, name) for one in found] for short, name in columns.items()},
        "f_remedy": [plans.remedies[number] for number in numbers],
        "f_plan": numbers,
        "p_plan": [number for number, _ in plans.rows],
        "p_kind": [timer.kind.value for _, timer in plans.rows],
        "p_offset": [timer.offset_days for _, timer in plans.rows],
        "p_on": [timer.fires_on for _, timer in plans.rows],
        "p_at": [timer.fires_at for _, timer in plans.rows],
        "p_nominal": [timer.nominal_on for _, timer in plans.rows],
        "now": clock.now(),
        "today": clock.today(),
    }
