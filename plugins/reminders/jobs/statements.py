"""The statements of the sweep: one that claims what is due, and per kind of timer one that lets it take effect."""

from __future__ import annotations

from typing import Final

from sqlalchemy import TextClause, text

from plugins.reminders.jobs.timed import OBLIGATION, REASON_UNREAD, SUBJECT, Firing
from plugins.reminders.rules.timers import REMINDING
from plugins.reminders.rules.vocabulary import CancelReason, TimerKind

_SHANGHAI: Final = "at time zone 'Asia/Shanghai'"
_AREAS: Final = (
    "unnest(cast(:shards as integer[]), cast(:lows as bigint[]), cast(:highs as bigint[]),"
    " cast(:sinces as timestamptz[])) as a(shard, low, high, since)"
)
_PICKED: Final = "unnest(cast(:picked_shards as integer[]), cast(:picked as uuid[])) as k(shard, id)"
_GIVEN: Final = (
    "unnest(cast(:given_shards as integer[]), cast(:given_codes as bigint[]), cast(:given_days as date[]),"
    " cast(:remedies as date[]), cast(:mornings as time[]), cast(:bureau_days as integer[]))"
    " as m(shard, code, known_on, remedy_due_on, morning, bureau_day)"
)


def _known_on(table: str) -> str:
    return f"greatest(o.due_on, (o.registered_at {_SHANGHAI})::date)" if table == OBLIGATION else "o.due_on"


def claim(firing: Firing) -> TextClause:
    """Lock the subjects of due timers, as every act does first, so that acts and other workers wait or look elsewhere.

    What is locked elsewhere is passed over: the next sweep comes in minutes. The rows are read anew by the statement after.
    """
    return text(f"""
select coalesce(array_agg(shard), '{{}}') as shards, coalesce(array_agg(id), '{{}}') as ids from (
  select t.shard, t.id from reminders_timer t
    join {_AREAS} on a.shard = t.shard and t.code >= a.low and t.code < a.high
    join {firing.table} o on o.shard = t.shard and o.id = t.subject_id
   where t.state = 'ARMED' and t.kind = '{firing.kind.value}' and t.fires_at <= cast(:now as timestamptz)
   order by t.fires_at, t.id limit :batch for update of o skip locked
) locked""")


def known_days(firing: Firing) -> TextClause:
    """Of the claimed: whose settings are wanted, and the day on which a miss became known."""
    return text(f"""
select distinct o.shard, o.code, {_known_on(firing.table)} as known_on
  from {_PICKED} join reminders_timer t on t.shard = k.shard and t.id = k.id
  join {firing.table} o on o.shard = t.shard and o.id = t.subject_id""")


def fire(firing: Firing) -> TextClause:
    """Settle the claimed timers that are still armed, with all that they bring about; answers what is to be told."""
    parts = [f"picked as materialized ({_picked(firing)})", f"f as ({_fired(firing)})"]
    if firing.sets:
        parts.append(f"moved as ({_moved(firing)})")
    if firing.kind is TimerKind.MISS:
        parts.append(f"passed as ({_passed()})")
    arming = _arming(firing)
    if arming:
        parts.append(f"armed as ({arming})")
    if firing.kind is TimerKind.REMIND:
        parts.append(f"reminded as ({_reminded()})")
    parts += [f"noted as ({_noted(firing)})", f"spoken as ({_spoken(firing)})"]
    loud = "true" if firing.kind in REMINDING else "not f.meanwhile"
    return text(
        f"with {', '.join(parts)} select f.shard, f.code, f.agency_id, f.case_id, f.subject_id, f.due_version,"
        f" f.offset_days, f.due_on, f.what, f.responsible_id, f.ok,"
        f" (f.ok and {loud}) as loud, coalesce(c.number_text, c.organ_reference) as number"
        f" from f left join case_shell c on c.shard = f.shard and c.id = f.case_id"
    )


def _picked(firing: Firing) -> str:
    own = (
        "o.kind as what, o.responsible_id"
        if firing.table == OBLIGATION
        else "o.doc_type as what, null::uuid as responsible_id"
    )
    return f"""
select t.shard, t.id, t.subject_id, t.due_version, t.offset_days, t.nominal_on, t.short_lead,
       o.code, o.agency_id, o.case_id, o.response_id, o.due_on, o.state as from_state, {own}, {_known_on(firing.table)} as known_on,
       {firing.at} as at, coalesce({firing.ok}, false) as ok, t.fires_at < a.since as meanwhile
  from {_PICKED} join reminders_timer t on t.shard = k.shard and t.id = k.id
  join {firing.table} o on o.shard = t.shard and o.id = t.subject_id
  join {_AREAS} on a.shard = t.shard and o.code >= a.low and o.code < a.high
 where t.state = 'ARMED'"""


def _fired(firing: Firing) -> str:
    reason = REASON_UNREAD.get(firing.kind, CancelReason.PASSED).value
    return f"""
update reminders_timer t set state = case when p.ok then 'FIRED' else 'CANCELLED' end,
       reason = case when p.ok then null else '{reason}' end, settled_at = cast(:now as timestamptz)
  from picked p where t.shard = p.shard and t.id = p.id and t.state = 'ARMED' returning p.*"""


def _moved(firing: Firing) -> str:
    return f"""
update {firing.table} o set {firing.sets}, version = o.version + 1
  from f left join {_GIVEN} on m.shard = f.shard and m.code = f.code and m.known_on = f.known_on
 where f.ok and o.shard = f.shard and o.id = f.subject_id returning o.shard, o.id, o.state, m.remedy_due_on"""


def _passed() -> str:
    kinds = ", ".join(f"'{kind.value}'" for kind in sorted(REMINDING))
    return f"""
update reminders_timer x set state = 'CANCELLED', reason = '{CancelReason.PASSED.value}', settled_at = cast(:now as timestamptz)
  from f where f.ok and x.shard = f.shard and x.subject_id = f.subject_id and x.state = 'ARMED' and x.kind in ({kinds})"""


_ARM: Final = (
    "insert into reminders_timer (shard, code, agency_id, case_id, response_id, subject_type, subject_id, due_version, kind,"
    " offset_days, fires_on, fires_at) "
)
_OWNER: Final = "f.shard, f.code, f.agency_id, f.case_id, f.response_id"


def _arming(firing: Firing) -> str:
    """The timers that the firing sets: the remedy's after a miss; the next word about an overdue report."""
    subject = f"'{SUBJECT[firing.table]}', f.subject_id, f.due_version"
    given = f"join {_GIVEN} on m.shard = f.shard and m.code = f.code and m.known_on = f.known_on"
    morning = f"(day.day + m.morning) {_SHANGHAI}"
    if firing.kind is TimerKind.MISS:
        return (
            f"{_ARM} select {_OWNER}, {subject}, 'REMEDY_OVERDUE', o.rounds, m.remedy_due_on + 1,"
            f" (m.remedy_due_on + 1)::timestamp {_SHANGHAI} from f {given}"
            " join reminders_obligation o on o.shard = f.shard and o.id = f.subject_id where f.ok on conflict do nothing"
        )
    if firing.kind is TimerKind.REPORT_OVERDUE:
        return (
            f"{_ARM} select {_OWNER}, {subject}, day.kind, day.day - f.due_on, day.day, {morning} from f {given}"
            f" cross join lateral (values ('REPORT_NAG', (f.at {_SHANGHAI})::date),"
            " ('REPORT_TO_BUREAU', f.due_on + m.bureau_day)) day(kind, day) where f.ok on conflict do nothing"
        )
    if firing.kind is TimerKind.REPORT_NAG:
        return (
            f"{_ARM} select {_OWNER}, {subject}, 'REPORT_NAG', day.day - f.due_on, day.day, {morning} from f {given}"
            " cross join lateral (select cast(:today as date) + 1 as day) day where f.ok on conflict do nothing"
        )
    return ""


def _reminded() -> str:
    return f"""
insert into reminders_reminder (shard, code, agency_id, case_id, response_id, obligation_id, due_version, due_on, kind,
       offset_days, nominal_on, sent_on, sent_at, short_lead)
select {_OWNER}, f.subject_id, f.due_version, f.due_on, 'REMIND_' || f.offset_days, f.offset_days, f.nominal_on, cast(:today as date),
       cast(:now as timestamptz), f.short_lead
  from f where f.ok on conflict on constraint uq_reminders_reminder_once do nothing"""


def _noted(firing: Firing) -> str:
    key = "obligation_id" if firing.table == OBLIGATION else "report_id"
    moved = "left join moved n on n.shard = f.shard and n.id = f.subject_id" if firing.sets else ""
    to_state = "coalesce(n.state, f.from_state)" if firing.sets else "f.from_state"
    evidence = '\'{"kinds": ["MESSAGE"]}\'::jsonb' if firing.transition == "REMIND" else "'{\"kinds\": []}'::jsonb"
    return f"""
insert into reminders_event (shard, code, agency_id, case_id, response_id, {key}, ordinal, transition, from_state, to_state,
       actor, at, reason, evidence)
select {_OWNER}, f.subject_id, row_number() over (partition by f.shard, f.subject_id order by f.offset_days desc, f.id)
       + (select coalesce(max(e.ordinal), 0) from reminders_event e where e.shard = f.shard and e.{key} = f.subject_id),
       '{firing.transition}', f.from_state, {to_state}, 'system', f.at, case when f.meanwhile then '停用期间已到期' end,
       {evidence} || jsonb_build_object('offset_days', f.offset_days)
  from f {moved} where f.ok"""


def _spoken(firing: Firing) -> str:
    moved = "left join moved n on n.shard = f.shard and n.id = f.subject_id" if firing.sets else ""
    to_state = "coalesce(n.state, f.from_state)" if firing.sets else "f.from_state"
    named = "'kind'" if firing.table == OBLIGATION else "'doc_type'"
    version = ", 'due_version', f.due_version" if firing.table == OBLIGATION else ""
    return f"""
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
select f.shard, f.code, f.agency_id, '{firing.name}', '{SUBJECT[firing.table]}', f.subject_id,
       jsonb_build_object('case_id', f.case_id, {named}, f.what, 'from_state', f.from_state, 'to_state', {to_state},
                          'due_on', f.due_on{version}), cast(:now as timestamptz)
  from f {moved} where f.ok order by f.shard, f.subject_id"""
