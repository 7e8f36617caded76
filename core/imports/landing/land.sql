-- Lands what was judged good, set by set. {base_ms} and {salt} are filled in by landing.land.

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
    from stage_cases c where not exists (select 1 from court k where k.code = c.number_court) order by c.number_court, c.line;

create temp table fresh on commit drop as
  select c.*, s.shard, t.kind as procedure_kind, t.compensation, o.outcome as outcome_code, a.id as agency_key, a.name_zh as agency_zh,
         b.id as co_key, b.code as co_code, b.name_zh as co_zh, m.shell_id as met_id,
         coalesce(m.shell_id, pg_temp.import_id('case', c.case_id, c.line)) as shell_id,
         pg_temp.import_id('response', c.case_id, c.line) as response_id,
         pg_temp.import_id('co', c.case_id, c.line) as co_response_id,
         coalesce(c.root_case_id, c.case_id) as root_id,
         coalesce((select u.code from cause u where u.code = c.cause_code), '01') as cause_key
    from stage_cases c cross join import_scope s
    join map_type t on t.type = c.number_type
    join agency a on a.shard = s.shard and a.external_id = c.agency_id
    left join agency b on b.shard = s.shard and b.external_id = c.co_agency_id and b.external_id <> c.agency_id
    left join map_outcome o on o.kind = t.kind and o.word = c.outcome
    left join met_shell m on m.case_id = c.case_id
   where not exists (select 1 from known_case k where k.case_id = c.case_id);
create index on fresh (case_id);
analyze fresh;

-- A dispute is that of its root case: landed before, or landing now.
create temp table fresh_dispute on commit drop as
  select f.root_id, coalesce(min(h.dispute_id::text)::uuid, pg_temp.import_id('dispute', f.root_id, min(f.line))) as dispute_id,
         min(f.filed_date) as opened_on, count(h.id) > 0 as known
    from fresh f cross join import_scope s
    left join known_case k on k.case_id = f.root_id
    left join case_shell h on h.shard = s.shard and h.id = k.shell_id
   group by f.root_id;
create index on fresh_dispute (root_id);
analyze fresh_dispute;

insert into dispute (shard, id, opened_on)
  select s.shard, d.dispute_id, d.opened_on from fresh_dispute d cross join import_scope s where not d.known order by d.dispute_id;

insert into case_shell (shard, id, dispute_id, procedure_kind, compensation, procedure_form, court_code, number_year, number_special,
    number_type, number_serial, number_text, number_as_written, challenged_act_number, cause_code, filed_on, closed_on, status,
    outcome, outcome_as_written, first_hearing_on, created_at)
  select f.shard, f.shell_id, d.dispute_id, f.procedure_kind, f.compensation,
         case f.procedure when '简易' then 'SIMPLIFIED' else 'ORDINARY' end, f.number_court, f.number_year,
         coalesce(f.number_special, ''), f.number_type, f.number_serial, f.case_no, f.number_read, f.act_doc_no, f.cause_key,
         f.filed_date, f.closed_date, case when f.closed_date is null then 'OPEN' else 'CLOSED' end,
         f.outcome_code, case when f.outcome_code is null then f.outcome end, f.first_hearing_date, s.now
    from fresh f join fresh_dispute d on d.root_id = f.root_id cross join import_scope s
   where f.met_id is null order by f.line;

-- Who lost is what the last judgment of the case says of its agency.
create temp table verdict on commit drop as
  select distinct on (j.case_id) j.case_id, j.agency_lost as lost
    from stage_judgments j where j.agency_lost is not null order by j.case_id, j.doc_date desc, j.line desc;
create index on verdict (case_id);
analyze verdict;

insert into response (shard, id, case_id, agency_id, code, origin_code, ordinal, role, received_on, answer_due_on, answered_on,
    outcome, lost, registered_at, filed_on, closed_on, status, procedure_kind, cause_code, court_code)
  select r.shard, r.id, r.case_id, r.agency_id, r.code, r.code, r.ordinal,
         case r.ordinal when 0 then 'RESPONDENT' else 'CO_RESPONDENT' end, r.received_on, r.due_on, r.replied_on,
         r.outcome, r.lost, s.now, r.filed_on, r.closed_on, r.status, r.procedure_kind, r.cause_key, r.court
    from (
      select f.shard, f.response_id as id, f.shell_id as case_id, f.agency_key as agency_id, f.code,
             coalesce((select max(o.ordinal) + 1 from response o where o.shard = f.shard and o.case_id = f.met_id), 0) as ordinal,
             f.received_date as received_on, f.reply_due as due_on, f.reply_date as replied_on, f.outcome_code as outcome,
             v.lost, f.filed_date as filed_on, f.closed_date as closed_on,
             case when f.closed_date is null then 'OPEN' else 'CLOSED' end as status, f.procedure_kind, f.cause_key,
             f.number_court as court
        from fresh f left join verdict v on v.case_id = f.case_id
      union all
      select f.shard, f.co_response_id, f.shell_id, f.co_key, f.co_code,
             coalesce((select max(o.ordinal) + 2 from response o where o.shard = f.shard and o.case_id = f.met_id), 1),
             null, null, null, null, null, f.filed_date, f.closed_date,
             case when f.closed_date is null then 'OPEN' else 'CLOSED' end, f.procedure_kind, f.cause_key, f.number_court
        from fresh f
       where f.co_key is not null and not exists (
         select 1 from response o where o.shard = f.shard and o.case_id = f.met_id and o.agency_id = f.co_key)
    ) r cross join import_scope s order by r.id;

insert into party (shard, id, case_id, side, kind, ordinal, name, people, agency_id)
  select p.* from (
    select f.shard, pg_temp.import_id('plaintiff', f.case_id, f.line) as id, f.shell_id, 'CLAIMANT', coalesce(k.kind, 'NATURAL_PERSON'),
           0, f.plaintiff, greatest(1, coalesce(substring(f.plaintiff from '等([0-9]{1,5})人$')::integer, 1)), null::uuid
      from fresh f left join map_party k on k.word = f.plaintiff_type where f.met_id is null
    union all
    select f.shard, pg_temp.import_id('respondent', f.case_id, f.line), f.shell_id, 'RESPONDENT', 'AGENCY', 0, f.agency_zh, 1, f.agency_key
      from fresh f
    union all
    select f.shard, pg_temp.import_id('corespondent', f.case_id, f.line), f.shell_id, 'RESPONDENT', 'AGENCY', 1, f.co_zh, 1, f.co_key
      from fresh f where f.co_key is not null
  ) p order by p.id;

-- Every case that rows of this run may hang on: landed now or before.
create temp table target on commit drop as
  select f.case_id, f.shell_id, f.response_id, f.agency_key as agency_id, f.code, f.filed_date as filed_on
    from fresh f
  union all
  select k.case_id, k.shell_id, r.id, r.agency_id, r.code, r.filed_on
    from known_case k cross join import_scope s
    left join stage_cases c on c.case_id = k.case_id
    join lateral (
      select r.* from response r join agency a on a.shard = r.shard and a.id = r.agency_id
       where r.shard = s.shard and r.case_id = k.shell_id order by (a.external_id = c.agency_id) desc nulls last, r.ordinal limit 1
    ) r on true;
create index on target (case_id);
analyze target;

insert into case_link (shard, id, from_case_id, to_case_id, kind)
  select s.shard, pg_temp.import_id('link', f.case_id, f.line), p.shell_id, f.shell_id, l.link
    from fresh f cross join import_scope s join target p on p.case_id = f.prev_case_id
    join case_shell h on h.shard = s.shard and h.id = p.shell_id
    join map_link l on l.previous = h.procedure_kind and l.following = f.procedure_kind and l.outcome = coalesce(h.outcome, '')
   where f.met_id is null and p.shell_id <> f.shell_id
  on conflict do nothing;

insert into period (shard, id, code, agency_id, case_id, response_id, kind, starts_on, due_on, earliest_due_on, provisional, status,
    met_on, calculation_id)
  select f.shard, pg_temp.import_id('period', f.case_id, f.line), f.code, f.agency_key, f.shell_id, f.response_id, 'DEFENCE',
         f.received_date, coalesce(f.reply_due, p.due_on), coalesce(f.reply_due, p.earliest_due_on),
         p.provisional and (f.reply_due is null or f.reply_due = p.due_on),
         case when f.reply_date is not null then 'MET' when f.closed_date is not null then 'VOID' else 'OPEN' end,
         f.reply_date, case when f.reply_due is null or f.reply_due = p.due_on then p.calculation_id end
    from fresh f join defence_period p on p.starts_on = f.received_date order by f.line;

create temp table fresh_hearing on commit drop as
  select h.*, s.shard, t.shell_id, t.response_id, t.agency_id, t.code, pg_temp.import_id('hearing', h.hearing_id, h.line) as id
    from stage_hearings h join target t on t.case_id = h.case_id cross join import_scope s
   where not exists (select 1 from known_row k where k.kind = 'hearing' and k.external_id = h.hearing_id)
     and not exists (select 1 from hearing o where o.shard = s.shard and o.case_id = t.shell_id and o.sequence = h.seq);
analyze fresh_hearing;

insert into hearing (shard, id, case_id, sequence, held_on, starts_at, mode, head_required, status)
  select h.shard, h.id, h.shell_id, h.seq, h.date, h.start_time, case h.mode when '线上' then 'ONLINE' else 'ON_SITE' end,
         h.head_required, case when h.date <= s.today then 'HELD' else 'SCHEDULED' end
    from fresh_hearing h cross join import_scope s order by h.line;

insert into appearance (shard, id, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on, head_attended, head_name,
    head_title, absence_reason, agents)
  select h.shard, case when r.id = h.response_id then pg_temp.import_id('appearance', h.hearing_id, h.line) else uuid7() end,
         r.code, r.agency_id, r.case_id, r.id, h.id, r.ordinal, h.date,
         case when r.id = h.response_id then h.head_attended end, case when r.id = h.response_id then h.head_name end,
         case when r.id = h.response_id then h.head_title end, case when r.id = h.response_id then h.absence_reason end,
         case when r.id = h.response_id then h.agents end
    from fresh_hearing h join response r on r.shard = h.shard and r.case_id = h.shell_id order by h.line, r.ordinal;

create temp table fresh_judgment on commit drop as
  select j.*, s.shard, t.shell_id, t.response_id, t.agency_id, t.code, o.outcome as outcome_code,
         pg_temp.import_id('judgment', j.judgment_id, j.line) as id
    from stage_judgments j join target t on t.case_id = j.case_id cross join import_scope s
    join case_shell c on c.shard = s.shard and c.id = t.shell_id
    left join map_outcome o on o.kind = c.procedure_kind and o.word = j.outcome
   where not exists (select 1 from known_row k where k.kind = 'judgment' and k.external_id = j.judgment_id);
analyze fresh_judgment;

insert into judgment (shard, id, case_id, kind, number_text, decided_on, served_on, outcome, outcome_as_written, appeal_until,
    effective_on)
  select j.shard, j.id, j.shell_id, m.code, j.doc_no, j.doc_date, j.served_date, j.outcome_code,
         case when j.outcome_code is null then j.outcome end, j.appeal_deadline, j.effective_date
    from fresh_judgment j join map_document m on m.word = j.kind order by j.line;

insert into holding (shard, id, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on, outcome, lost, loss_reason,
    amount_yuan)
  select j.shard, case when r.id = j.response_id then pg_temp.import_id('holding', j.judgment_id, j.line) else uuid7() end,
         r.code, r.agency_id, r.case_id, r.id, j.id, r.ordinal, j.doc_date,
         case when r.id = j.response_id then j.outcome_code end, case when r.id = j.response_id then j.agency_lost end,
         case when r.id = j.response_id then j.lost_reason end, case when r.id = j.response_id then j.amount_yuan end
    from fresh_judgment j join response r on r.shard = j.shard and r.case_id = j.shell_id order by j.line, r.ordinal;

create temp table fresh_document on commit drop as
  select d.*, s.shard, t.shell_id, t.response_id, t.agency_id, t.code as tenant, t.filed_on,
         pg_temp.import_id('document', d.doc_id, d.line) as id
    from stage_documents d join target t on t.case_id = d.case_id cross join import_scope s
   where not exists (select 1 from known_row k where k.kind = 'document' and k.external_id = d.doc_id);

insert into document (shard, id, code, agency_id, case_id, response_id, doc_type, title, number_text, direction, dated_on,
    received_on, registered_at, pages, file_name, internal)
  select d.shard, d.id, d.tenant, d.agency_id, d.shell_id, d.response_id, coalesce(m.code, 'OTHER'), d.doc_type, d.doc_no,
         case d.direction when '发' then 'SENT' else 'RECEIVED' end, d.doc_date,
         coalesce(d.received_date, d.doc_date, d.filed_on), s.now, d.pages, d.file_name,
         coalesce(m.code, '') in ('PERF_PLAN', 'LOSS_REPORT')
    from fresh_document d left join map_document m on m.word = d.doc_type cross join import_scope s order by d.line;

insert into import_key (shard, code, source, kind, external_id, row_id)
  select s.shard, s.code, s.source, k.kind, k.external_id, k.row_id from (
    select 'case' as kind, case_id as external_id, shell_id as row_id, line from fresh
    union all select 'document', doc_id, id, line from fresh_document
    union all select 'hearing', hearing_id, id, line from fresh_hearing
    union all select 'judgment', judgment_id, id, line from fresh_judgment
  ) k cross join import_scope s order by k.kind, k.external_id;
