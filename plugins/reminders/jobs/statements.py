"""The statements of the sweep: one that claims what is due, and per kind of timer one that lets it take effect."""

from __future__ import annotations

from typing import Final

from sqlalchemy import TextClause, text

from plugins.reminders.jobs.timed import OBLIGATION, REASON_UNREAD, SUBJECT, Firing
from plugins.reminders.rules.timers import REMINDERS, REMINDING
from plugins.reminders.rules.vocabulary import CancelReason, TimerKind

_SHANGHAI: Final = "at time zone 'Asia/Shanghai'"
_AREAS: Final = (
    "unnest(cast(:shards as integer[]), cast(:lows as bigint[]), cast(:highs as bigint[]),"
    " cast(:sinces as timestamptz[])) as a(shard, low, high, since)"
)
_PICKED: Final = (
    "unnest(cast(:picked_shards as integer[]), cast(:picked as uuid[]), cast(:picked_subjects as uuid[]))"
    " as k(shard, id, subject_id)"
)
_GIVEN: Final = (
    "unnest(cast(:given_shards as integer[]), cast(:given_codes as bigint[]), cast(:given_days as date[]),"
    " cast(:remedies as date[]), cast(:mornings as time[]), cast(:bureau_days as integer[]))"
    " as m(shard, code, known_on, remedy_due_on, morning, bureau_day)"
)


def _known_on(table: str) -> str:
    return f"greatest(o.due_on, (o.registered_at {_SHANGHAI})::date)" if table == OBLIGATION else "o.due_on"


def claim(firing: Firing) -> TextClause:
    """The next timers that are due, in the order of the index, and the locks of their subjects, which every act takes first.

    What is locked elsewhere is passed over: the next sweep comes in minutes. The rows are read anew by the statement after.
    `after_at` and `after` are where the batch before has ended: what it settled is not walked over again. Answers also how many
    were looked at, how many of them lie where the plugin is not effective, and where this batch ends.
    """
    return text(f"""
with due as materialized (
  select d.*, a.shard is not null as here
    from (select t.shard, t.id, t.code, t.subject_id, t.fires_at from reminders_timer t
           where t.state = 'ARMED' and t.kind = '{firing.kind.value}' and t.fires_at <= cast(:now as timestamptz)
             and (t.fires_at, t.id) > (cast(:after_at as timestamptz), cast(:after as uuid))
           order by t.fires_at, t.id limit :batch) d
    left join {_AREAS} on a.shard = d.shard and d.code >= a.low and d.code < a.high
), locked as materialized (
  select d.shard, d.id, d.subject_id from due d join {firing.table} o on o.shard = d.shard and o.id = d.subject_id
   where d.here for update of o skip locked
)
select l.shards, l.ids, l.subjects, n.seen, n.elsewhere, z.fires_at as last_at, z.id as last
  from (select coalesce(array_agg(shard), '{{}}') as shards, coalesce(array_agg(id), '{{}}') as ids,
               coalesce(array_agg(subject_id), '{{}}') as subjects from locked) l
  cross join (select count(*) as seen, count(*) filter (where not here) as elsewhere from due) n
  left join (select fires_at, id from due order by fires_at desc, id desc limit 1) z on true""")


REST: Final = text(f"""
update reminders_timer t set state = 'RESTING'
 where t.state = 'ARMED' and (t.shard, t.id) in (
   select d.shard, d.id from reminders_timer d
    where d.state = 'ARMED' and d.kind = :kind and d.fires_at <= cast(:now as timestamptz)
      and (d.fires_at, d.id) > (cast(:after_at as timestamptz), cast(:after as uuid))
      and (d.fires_at, d.id) <= (cast(:last_at as timestamptz), cast(:last as uuid))
      and not exists (select 1 from {_AREAS} where a.shard = d.shard and d.code >= a.low and d.code < a.high)
    for update skip locked)""")
"""停用: what is due where the plugin is not effective rests, so that no sweep looks at it again until the plugin is enabled there."""

WAKE: Final = text(f"""
update reminders_timer t set state = 'ARMED'
 where t.state = 'RESTING' and (t.shard, t.id) in (
   select r.shard, r.id from {_AREAS}
     join reminders_timer r on r.state = 'RESTING' and r.shard = a.shard and r.code >= a.low and r.code < a.high
    for update of r skip locked)""")
"""恢复: what rested is due again where the plugin is effective now."""


def known_days(firing: Firing) -> TextClause:
    """Of the claimed: whose settings are wanted, and the day on which a miss became known."""
    return text(f"""
select distinct o.shard, o.code, {_known_on(firing.table)} as known_on
  from {_PICKED} join {firing.table} o on o.shard = k.shard and o.id = k.subject_id""")


def fire(firing: Firing) -> TextClause:
    """Let the claimed timers that still have something to do take effect, with all that they bring about; answers what fired.

    A timer that fires is deleted: what it brought about is on record, and nothing has to be written in its indexes for that.
    """
    parts = [f"f as ({_fired(firing)})"]
    if firing.sets:
        parts.append(f"moved as ({_moved(firing)})")
    if firing.kind is TimerKind.MISS:
        parts.append(f"passed as ({_passed()})")
    arming = _arming(firing)
    if arming:
        parts.append(f"armed as ({arming})")
    if firing.kind in REMINDERS:
        parts.append(f"reminded as ({_reminded(firing)})")
    parts += [f"noted as ({_noted(firing)})", f"spoken as ({_spoken(firing)})"]
    loud = "true" if firing.kind in REMINDING else "not f.meanwhile"
    return text(
        f"with {', '.join(parts)} select f.shard, f.code, f.agency_id, f.case_id, f.subject_id, f.due_version,"
        f" f.offset_days, f.due_on, f.what, f.responsible_id, {loud} as loud, coalesce(c.number_text, c.organ_reference) as number"
        f" from f left join case_shell c on c.shard = f.shard and c.id = f.case_id"
    )


def settle_idle(firing: Firing) -> TextClause:
    """Settle, without effect, those of the claimed that did not fire: they have nothing to do any more."""
    reason = REASON_UNREAD.get(firing.kind, CancelReason.PASSED).value
    return text(f"""
update reminders_timer t set state = 'CANCELLED', reason = '{reason}', settled_at = cast(:now as timestamptz)
  from {_PICKED} where t.shard = k.shard and t.id = k.id and t.state = 'ARMED'""")


def _fired(firing: Firing) -> str:
    own = (
        "o.kind as what, o.responsible_id"
        if firing.table == OBLIGATION
        else "o.doc_type as what, null::uuid as responsible_id"
    )
    return f"""
delete from reminders_timer t using {_PICKED}, {_AREAS}, lateral (
   select * from {firing.table} s where s.shard = k.shard and s.id = k.subject_id offset 0) o
 where t.shard = k.shard and t.id = k.id and t.state = 'ARMED'
   and a.shard = t.shard and t.code >= a.low and t.code < a.high and {firing.ok}
returning t.shard, t.id, t.subject_id, t.due_version, t.offset_days, t.nominal_on, t.short_lead,
       o.code, o.agency_id, o.case_id, o.response_id, o.due_on, o.state as from_state, {own}, {_known_on(firing.table)} as known_on,
       {firing.at} as at, t.fires_at < a.since as meanwhile"""


def _moved(firing: Firing) -> str:
    return f"""
update {firing.table} o set {firing.sets}, version = o.version + 1
  from f left join {_GIVEN} on m.shard = f.shard and m.code = f.code and m.known_on = f.known_on
 where o.shard = f.shard and o.id = f.subject_id returning o.shard, o.id, o.state, m.remedy_due_on"""


def _passed() -> str:
    kinds = ", ".join(f"'{kind.value}'" for kind in sorted(REMINDING))
    return f"""
update reminders_timer x set state = 'CANCELLED', reason = '{CancelReason.PASSED.value}', settled_at = cast(:now as timestamptz)
  from f where x.shard = f.shard and x.subject_id = f.subject_id and x.state = 'ARMED' and x.kind in ({kinds})"""


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
            " join reminders_obligation o on o.shard = f.shard and o.id = f.subject_id on conflict do nothing"
        )
    if firing.kind is TimerKind.REPORT_OVERDUE:
        return (
            f"{_ARM} select {_OWNER}, {subject}, day.kind, day.day - f.due_on, day.day, {morning} from f {given}"
            f" cross join lateral (values ('REPORT_NAG', (f.at {_SHANGHAI})::date),"
            " ('REPORT_TO_BUREAU', f.due_on + m.bureau_day)) day(kind, day) where not f.meanwhile on conflict do nothing"
        )
    if firing.kind is TimerKind.REPORT_NAG:
        return (
            f"{_ARM} select {_OWNER}, {subject}, 'REPORT_NAG', day.day - f.due_on, day.day, {morning} from f {given}"
            " cross join lateral (select cast(:today as date) + 1 as day) day on conflict do nothing"
        )
    return ""


def _reminded(firing: Firing) -> str:
    return f"""
insert into reminders_reminder (shard, code, agency_id, case_id, response_id, obligation_id, due_version, due_on, kind,
       offset_days, nominal_on, sent_on, sent_at, short_lead)
select {_OWNER}, f.subject_id, f.due_version, f.due_on, '{firing.kind.value}_' || f.offset_days, f.offset_days,
       f.nominal_on, cast(:today as date), cast(:now as timestamptz), f.short_lead
  from f on conflict on constraint uq_reminders_reminder_once do nothing"""


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
       {evidence} || jsonb_build_object('offset_days', f.offset_days, 'due_version', f.due_version)
  from f {moved}"""


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
  from f {moved}"""
