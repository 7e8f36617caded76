-- What `core.calendar.recalculation` runs, a batch at a time, in this order. `reckoned` holds the new calculations beside the
-- former ones, `moved` the open periods that change, `moved_suggestion` the open suggestions.

-- name: drop_staging
drop table if exists pg_temp.reckoned, pg_temp.moved, pg_temp.moved_suggestion;

-- name: stage
create temp table reckoned (
  shard integer, former_id uuid, new_id uuid, digest text, input text, trace text, due_on date, earliest_due_on date,
  provisional boolean, calendar_versions text) on commit drop;

-- name: stage_moved
create temp table moved (
  shard integer, id uuid, code bigint, agency_id uuid, case_id uuid, response_id uuid, kind text, judgment_id uuid,
  former_due_on date, former_provisional boolean, former_calculation_id uuid,
  due_on date, earliest_due_on date, provisional boolean, calculation_id uuid) on commit drop;

-- name: stage_suggestions
create temp table moved_suggestion (
  shard integer, id uuid, code bigint, agency_id uuid, former_due_on date, due_on date, calculation_id uuid) on commit drop;

-- name: add_calculations
insert into period_calculation (shard, id, digest, input, trace, due_on, earliest_due_on, provisional, calendar_versions)
select distinct on (shard, digest) shard, new_id, digest, input::jsonb, trace::jsonb, due_on, earliest_due_on, provisional,
       calendar_versions::jsonb
  from reckoned order by shard, digest, new_id
on conflict (shard, digest) do nothing;

-- name: find_periods
insert into moved
select p.shard, p.id, p.code, p.agency_id, p.case_id, p.response_id, p.kind, p.judgment_id,
       p.due_on, p.provisional, p.calculation_id, c.due_on, c.earliest_due_on, c.provisional, c.id
  from reckoned n
  join period_calculation c on c.shard = n.shard and c.digest = n.digest
  join period p on p.shard = n.shard and p.calculation_id = n.former_id and p.status = 'OPEN'
   for update of p;

-- name: change_periods
update period p
   set due_on = m.due_on, earliest_due_on = m.earliest_due_on, provisional = m.provisional,
       calculation_id = m.calculation_id, version = p.version + 1
  from moved m where p.shard = m.shard and p.id = m.id;

-- name: log_changes
insert into period_change (shard, code, agency_id, case_id, response_id, period_id, cause, former_due_on, new_due_on,
                           former_calculation_id, reason, changed_at)
select shard, code, agency_id, case_id, response_id, id, cast(:cause as text), former_due_on, due_on, former_calculation_id,
       cast(:source as text), cast(:now as timestamptz)
  from moved;

-- name: audit_periods
insert into audit_entry (shard, code, agency_id, at, act, actor, subject_type, subject_id, before, after, reason)
select shard, code, agency_id, cast(:now as timestamptz), 'periodRecalculate', cast(:by as text), 'Period', id,
       jsonb_build_object('due_on', former_due_on, 'provisional', former_provisional),
       jsonb_build_object('due_on', due_on, 'provisional', provisional), cast(:source as text)
  from moved;

-- name: emit_events
insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
select shard, code, agency_id, 'PeriodChanged', 'Period', id,
       jsonb_build_object('case_id', case_id, 'response_id', response_id, 'cause', cast(:cause as text),
                          'former_due_on', former_due_on, 'due_on', due_on), cast(:now as timestamptz)
  from moved where former_due_on <> due_on;

-- name: change_obligations
update obligation o set due_on = m.due_on, version = o.version + 1
  from moved m
 where o.shard = m.shard and o.response_id = m.response_id and o.period_id = m.id and o.status = 'OPEN'
   and o.due_on = m.former_due_on and m.former_due_on <> m.due_on;

-- name: change_answer_days
update response r set answer_due_on = m.due_on, version = r.version + 1
  from moved m
 where r.shard = m.shard and r.id = m.response_id and m.kind = any(cast(:answers as text[]))
   and r.answer_due_on = m.former_due_on and m.former_due_on <> m.due_on;

-- name: change_appeal_terms
update judgment j set appeal_until = m.due_on, version = j.version + 1
  from (select distinct shard, judgment_id, former_due_on, due_on from moved
         where kind = 'APPEAL' and former_due_on <> due_on) m
 where j.shard = m.shard and j.id = m.judgment_id and j.effective_on is null and j.appeal_until = m.former_due_on;

-- name: find_suggestions
insert into moved_suggestion
select s.shard, s.id, s.code, s.agency_id, s.reply_due_on, c.due_on, c.id
  from reckoned n
  join period_calculation c on c.shard = n.shard and c.digest = n.digest
  join suggestion s on s.shard = n.shard and s.calculation_id = n.former_id and s.status = 'OPEN'
                   and s.reply_due_on = (select f.due_on from period_calculation f
                                          where f.shard = n.shard and f.id = n.former_id)
   for update of s;

-- name: change_suggestions
update suggestion s set reply_due_on = m.due_on, calculation_id = m.calculation_id, version = s.version + 1
  from moved_suggestion m where s.shard = m.shard and s.id = m.id;

-- name: audit_suggestions
insert into audit_entry (shard, code, agency_id, at, act, actor, subject_type, subject_id, before, after, reason)
select shard, code, agency_id, cast(:now as timestamptz), 'suggestionRecalculate', cast(:by as text), 'Suggestion', id,
       jsonb_build_object('reply_due_on', former_due_on), jsonb_build_object('reply_due_on', due_on), cast(:source as text)
  from moved_suggestion;
