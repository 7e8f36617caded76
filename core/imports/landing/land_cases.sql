-- Lands the cases that were judged good, set by set. {base_ms} and {salt} are filled in by the caller.

-- Ids are UUIDv7-shaped and rise with the line, so that every index grows at its end. `salt` is fresh for each run.
create or replace function pg_temp.import_id(kind text, key text, line integer) returns uuid language sql immutable as $$
  select overlay(overlay(overlay(md5('{salt}' || kind || key) placing lpad(to_hex({base_ms}::bigint + line), 12, '0') from 1 for 12)
    placing '7' from 13 for 1) placing 'a' from 17 for 1)::uuid
$$;

-- Courts that the reference data lacks are taken from the file; `verified` says so.
insert into court (code, name_zh, level, division_code, administrative_role, verified)
  select distinct on (c.number_court) c.number_court, coalesce(c.court_name, c.number_court),
         case length(substring(c.number_court from '[0-9]*$')) when 4 then 'basic' when 2 then 'intermediate' else 'high' end,
         null, null, 'import'
    from stage_cases c where not exists (select 1 from court k where k.code = c.number_court) order by c.number_court, c.line
  on conflict do nothing;

-- `met_id` is the case of others that a row joins, having its number. `points_to` leads towards the first case of the dispute.
create temp table fresh on commit drop as
  select c.*, s.shard, t.kind as procedure_kind, t.compensation, o.outcome as outcome_code, a.id as agency_key,
         case c.procedure when '简易' then 'SIMPLIFIED' else 'ORDINARY' end as form,
         b.id as co_key, b.code as co_code, m.shell_id as met_id,
         coalesce(m.shell_id, pg_temp.import_id('case', c.case_id, c.line)) as shell_id,
         pg_temp.import_id('response', c.case_id, c.line) as response_id,
         coalesce(nullif(c.root_case_id, c.case_id), nullif(c.prev_case_id, c.case_id)) as points_to,
         coalesce((select u.code from cause u where u.code = c.cause_code), '01') as cause_key
    from stage_cases c cross join import_scope s
    join map_type t on t.type = c.number_type
    join agency a on a.shard = s.shard and a.external_id = c.agency_id
    left join agency b on b.shard = s.shard and b.external_id = c.co_agency_id and b.external_id <> c.agency_id
    left join map_outcome o on o.kind = t.kind and o.word = c.outcome
    left join met_shell m on m.case_id = c.case_id
   where not exists (select 1 from known_case k where k.case_id = c.case_id);
create index on fresh (case_id);
analyze fresh (case_id, shell_id, met_id, received_date, procedure_kind, form);

-- A dispute is that of its first case, however many rows lie between. Rows in a circle have no first: the smallest id stands for it.
create temp table fresh_root on commit drop as
  with recursive walk (case_id, root_id, seen, circle) as (
    select f.case_id, coalesce(f.points_to, f.case_id), array[f.case_id], false from fresh f
    union all
    select w.case_id, case when f.points_to = any (w.seen) then least(f.points_to, f.case_id) else f.points_to end,
           w.seen || f.case_id, f.points_to = any (w.seen)
      from walk w join fresh f on f.case_id = w.root_id
     where f.points_to is not null and not w.circle and w.root_id <> w.case_id
  )
  select distinct on (case_id) case_id,
         case when circle then (select min(member) from unnest(seen) as member) else root_id end as root_id
    from walk order by case_id, cardinality(seen) desc;
create index on fresh_root (case_id);
analyze fresh_root;

create temp table fresh_dispute on commit drop as
  select d.root_id, coalesce(h.dispute_id, pg_temp.import_id('dispute', d.root_id, min(f.line))) as dispute_id,
         min(f.filed_date) as opened_on, h.id is not null as known
    from fresh f join fresh_root d on d.case_id = f.case_id cross join import_scope s
    left join (select case_id, shell_id from known_case union all select case_id, shell_id from met_shell) k on k.case_id = d.root_id
    left join case_shell h on h.shard = s.shard and h.id = k.shell_id
   group by d.root_id, h.id, h.dispute_id;
create index on fresh_dispute (root_id);
analyze fresh_dispute;

insert into dispute (shard, id, opened_on)
  select s.shard, d.dispute_id, d.opened_on from fresh_dispute d cross join import_scope s where not d.known order by d.dispute_id;

insert into case_shell (shard, id, dispute_id, procedure_kind, compensation, procedure_form, court_code, number_year, number_special,
    number_type, number_serial, number_text, number_as_written, challenged_act_number, cause_code, filed_on, closed_on, status,
    outcome, outcome_as_written, first_hearing_on, created_at)
  select f.shard, f.shell_id, d.dispute_id, f.procedure_kind, f.compensation, f.form, f.number_court, f.number_year,
         coalesce(f.number_special, ''), f.number_type, f.number_serial, f.case_no, f.number_read, f.act_doc_no, f.cause_key,
         f.filed_date, f.closed_date, case when f.closed_date is null then 'OPEN' else 'CLOSED' end,
         f.outcome_code, case when f.outcome_code is null then f.outcome end, f.first_hearing_date, s.now
    from fresh f join fresh_root w on w.case_id = f.case_id join fresh_dispute d on d.root_id = w.root_id cross join import_scope s
   where f.met_id is null order by f.line;

-- The agencies that answer: the row's own, and its co-respondent unless it answers the case already.
create temp table fresh_response on commit drop as
  select f.shard, f.line, f.case_id as file_id, f.response_id as id, f.shell_id, f.agency_key as agency_id, f.code, true as own,
         f.met_id is not null as met, case when f.met_id is null then 0 else (
           select coalesce(max(o.ordinal) + 1, 0) from response o where o.shard = f.shard and o.case_id = f.met_id) end as ordinal
    from fresh f;
insert into fresh_response
  select r.shard, r.line, r.file_id, pg_temp.import_id('co', f.case_id, f.line), r.shell_id, f.co_key, f.co_code, false, r.met,
         r.ordinal + 1
    from fresh_response r join fresh f on f.case_id = r.file_id
   where f.co_key is not null and not (r.met and exists (
     select 1 from response o where o.shard = f.shard and o.case_id = f.met_id and o.agency_id = f.co_key));
analyze fresh_response;

-- Who lost is what the last judgment of the case says of its agency.
create temp table verdict on commit drop as
  select distinct on (j.case_id) j.case_id, j.agency_lost as lost
    from stage_judgments j where j.agency_lost is not null order by j.case_id, j.doc_date desc, j.line desc;
create index on verdict (case_id);
analyze verdict;

insert into response (shard, id, case_id, agency_id, code, origin_code, ordinal, role, received_on, answer_due_on, answered_on,
    outcome, lost, registered_at, filed_on, closed_on, status, procedure_kind, cause_code, court_code)
  select r.shard, r.id, r.shell_id, r.agency_id, r.code, r.code, r.ordinal,
         case r.ordinal when 0 then 'RESPONDENT' else 'CO_RESPONDENT' end,
         case when r.own then f.received_date end, case when r.own then f.reply_due end, case when r.own then f.reply_date end,
         case when r.own then f.outcome_code end, case when r.own then v.lost end, s.now,
         h.filed_on, h.closed_on, h.status, h.procedure_kind, coalesce(h.closing_cause_code, h.cause_code), h.court_code
    from fresh_response r join fresh f on f.case_id = r.file_id
    join case_shell h on h.shard = r.shard and h.id = r.shell_id
    left join verdict v on v.case_id = r.file_id cross join import_scope s
   order by r.line, r.ordinal;

insert into party (shard, id, case_id, side, kind, ordinal, name, people, agency_id)
  select p.shard, p.id, p.shell_id, p.side, p.kind, p.ordinal, p.name, p.people, p.agency_id from (
    select f.shard, pg_temp.import_id('plaintiff', f.case_id, f.line) as id, f.shell_id, 'CLAIMANT' as side,
           coalesce(k.kind, 'NATURAL_PERSON') as kind, 0 as ordinal, f.plaintiff as name,
           greatest(1, coalesce(substring(f.plaintiff from '等([0-9]{1,5})人$')::integer, 1)) as people, null::uuid as agency_id, f.line
      from fresh f left join map_party k on k.word = f.plaintiff_type where f.met_id is null
    union all
    select r.shard, pg_temp.import_id('respondent' || r.ordinal, r.file_id, r.line), r.shell_id, 'RESPONDENT', 'AGENCY',
           r.ordinal, a.name_zh, 1, r.agency_id, r.line
      from fresh_response r join agency a on a.shard = r.shard and a.id = r.agency_id
  ) p order by p.line, p.side, p.ordinal;

-- Whoever joins a case takes part in what happened there, as one who is added by an act does (core/db/sql/spread.sql).
insert into appearance (shard, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on)
  select r.shard, r.code, r.agency_id, r.shell_id, r.id, h.id, r.ordinal, h.held_on
    from fresh_response r join hearing h on h.shard = r.shard and h.case_id = r.shell_id where r.met;
insert into holding (shard, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on)
  select r.shard, r.code, r.agency_id, r.shell_id, r.id, j.id, r.ordinal, j.decided_on
    from fresh_response r join judgment j on j.shard = r.shard and j.case_id = r.shell_id where r.met;

-- Every case that rows of this run may hang on: landed now or before.
create temp table target on commit drop as
  select case_id, shell_id, response_id, agency_key as agency_id, code, filed_date as filed_on from fresh
  union all
  select case_id, shell_id, response_id, agency_id, code, filed_on from known_case;
create index on target (case_id);
analyze target;

create temp table fresh_link on commit drop as
  select f.case_id, f.line, f.prev_case_id, p.shell_id as from_id, f.shell_id as to_id, l.link
    from fresh f join target p on p.case_id = f.prev_case_id
    join case_shell h on h.shard = f.shard and h.id = p.shell_id
    left join map_link l on l.previous = h.procedure_kind and l.following = f.procedure_kind and l.outcome = coalesce(h.outcome, '')
     and p.shell_id <> f.shell_id;
insert into stage_finding
  select 'cases', line, 'prev_case_id', 'LINK_IMPOSSIBLE', prev_case_id, null, null, null, 2 from fresh_link where link is null;
insert into case_link (shard, id, from_case_id, to_case_id, kind)
  select s.shard, pg_temp.import_id('link', l.case_id, l.line), l.from_id, l.to_id, l.link
    from fresh_link l cross join import_scope s where l.link is not null order by l.line
  on conflict do nothing;
