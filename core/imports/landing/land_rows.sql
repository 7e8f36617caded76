-- Lands what hangs on the cases of this run or of former ones: periods, hearings, judgments, documents, and the keys of all rows.
-- Staged rows lie in the order of their lines; the many documents and keys are not sorted again.

insert into period (shard, id, code, agency_id, case_id, response_id, kind, starts_on, due_on, earliest_due_on, provisional, status,
    met_on, calculation_id)
  select f.shard, pg_temp.import_id('period', f.case_id, f.line), f.code, f.agency_key, f.shell_id, f.response_id, p.period_kind,
         f.received_date, coalesce(f.reply_due, p.due_on), coalesce(f.reply_due, p.earliest_due_on),
         p.provisional and (f.reply_due is null or f.reply_due = p.due_on),
         case when f.reply_date is not null then 'MET' when f.closed_date is not null then 'VOID' else 'OPEN' end,
         f.reply_date, case when f.reply_due is null or f.reply_due = p.due_on then p.calculation_id end
    from fresh f
    join answer_period p on p.starts_on = f.received_date and p.procedure_kind = f.procedure_kind and p.form = f.form
   where coalesce(f.reply_due, p.due_on) is not null order by f.line;

-- What the file does not say of the last day of the answer is reckoned.
update response r set answer_due_on = p.due_on
  from period p, fresh f
 where f.reply_due is null and p.shard = f.shard and p.response_id = f.response_id and r.shard = f.shard and r.id = f.response_id;

-- Two respondents of one case may tell of one hearing or judgment in one run: the first telling makes it, the others have met it.
create temp table fresh_hearing on commit drop as
  select h.*, s.shard, t.shell_id, t.response_id,
         o.id is not null or row_number() over telling > 1 as met,
         coalesce(o.id, first_value(pg_temp.import_id('hearing', h.hearing_id, h.line)) over telling) as id
    from stage_hearings h join target t on t.case_id = h.case_id cross join import_scope s
    left join hearing o on o.shard = s.shard and o.case_id = t.shell_id and o.sequence = h.seq
   where not exists (select 1 from known_row k where k.kind = 'hearing' and k.external_id = h.hearing_id)
  window telling as (partition by t.shell_id, h.seq order by h.line);
analyze fresh_hearing;

insert into hearing (shard, id, case_id, sequence, held_on, starts_at, mode, head_required, status)
  select h.shard, h.id, h.shell_id, h.seq, h.date, h.start_time, case h.mode when '线上' then 'ONLINE' else 'ON_SITE' end,
         h.head_required, case when h.date <= s.today then 'HELD' else 'SCHEDULED' end
    from fresh_hearing h cross join import_scope s where not h.met order by h.line;

insert into appearance (shard, id, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on, head_attended, head_name,
    head_title, absence_reason, agents)
  select h.shard, case when r.id = h.response_id then pg_temp.import_id('appearance', h.hearing_id, h.line) else uuid7() end,
         r.code, r.agency_id, r.case_id, r.id, h.id, r.ordinal, h.date,
         case when r.id = h.response_id then h.head_attended end, case when r.id = h.response_id then h.head_name end,
         case when r.id = h.response_id then h.head_title end, case when r.id = h.response_id then h.absence_reason end,
         case when r.id = h.response_id then h.agents end
    from fresh_hearing h join response r on r.shard = h.shard and r.case_id = h.shell_id
   where not h.met order by h.line, r.ordinal;

update appearance a
   set head_attended = h.head_attended, head_name = h.head_name, head_title = h.head_title, absence_reason = h.absence_reason,
       agents = h.agents, version = a.version + 1
  from fresh_hearing h where h.met and a.shard = h.shard and a.hearing_id = h.id and a.response_id = h.response_id;

update case_shell c set first_hearing_on = f.held_on
  from (select h.shard, h.case_id, min(h.held_on) filter (where h.status <> 'CANCELLED') as held_on
          from hearing h join (select distinct shard, shell_id from fresh_hearing where not met) n
            on n.shard = h.shard and n.shell_id = h.case_id
         group by h.shard, h.case_id) f
 where c.shard = f.shard and c.id = f.case_id and c.first_hearing_on is distinct from f.held_on;

create temp table fresh_judgment on commit drop as
  select j.*, s.shard, t.shell_id, t.response_id, m.code as kind_code, o.outcome as outcome_code,
         e.id is not null or row_number() over telling > 1 as met,
         coalesce(e.id, first_value(pg_temp.import_id('judgment', j.judgment_id, j.line)) over telling) as id
    from (select *, row_number() over (partition by case_id, kind, doc_date, doc_no order by line) as nth from stage_judgments) j
    join target t on t.case_id = j.case_id cross join import_scope s
    join map_document m on m.word = j.kind
    join case_shell c on c.shard = s.shard and c.id = t.shell_id
    left join map_outcome o on o.kind = c.procedure_kind and o.word = j.outcome
    left join lateral (
      select e.id from judgment e
       where e.shard = s.shard and e.case_id = t.shell_id and e.decided_on = j.doc_date and e.kind = m.code
         and e.number_text is not distinct from j.doc_no order by e.id limit 1
    ) e on true
   where not exists (select 1 from known_row k where k.kind = 'judgment' and k.external_id = j.judgment_id)
  window telling as (partition by t.shell_id, m.code, j.doc_date, j.doc_no, j.nth order by j.line);
analyze fresh_judgment;

insert into judgment (shard, id, case_id, kind, number_text, decided_on, served_on, outcome, outcome_as_written, appeal_until,
    effective_on)
  select j.shard, j.id, j.shell_id, j.kind_code, j.doc_no, j.doc_date, j.served_date, j.outcome_code,
         case when j.outcome_code is null then j.outcome end, j.appeal_deadline, j.effective_date
    from fresh_judgment j where not j.met order by j.line;

insert into holding (shard, id, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on, outcome, lost, loss_reason,
    amount_yuan)
  select j.shard, case when r.id = j.response_id then pg_temp.import_id('holding', j.judgment_id, j.line) else uuid7() end,
         r.code, r.agency_id, r.case_id, r.id, j.id, r.ordinal, j.doc_date,
         case when r.id = j.response_id then j.outcome_code end, case when r.id = j.response_id then j.agency_lost end,
         case when r.id = j.response_id then j.lost_reason end, case when r.id = j.response_id then j.amount_yuan end
    from fresh_judgment j join response r on r.shard = j.shard and r.case_id = j.shell_id
   where not j.met order by j.line, r.ordinal;

update holding h
   set outcome = j.outcome_code, lost = j.agency_lost, loss_reason = j.lost_reason, amount_yuan = j.amount_yuan,
       version = h.version + 1
  from fresh_judgment j where j.met and h.shard = j.shard and h.judgment_id = j.id and h.response_id = j.response_id;

-- A judgment that comes after its case tells how the case ended for the agency, unless a later one has told it.
update response r set outcome = coalesce(v.outcome, r.outcome), lost = v.lost, version = r.version + 1
  from (
    select distinct on (j.response_id) j.shard, j.response_id, j.outcome_code as outcome, j.agency_lost as lost, j.doc_date
      from fresh_judgment j
     where j.agency_lost is not null and not exists (select 1 from fresh f where f.case_id = j.case_id)
     order by j.response_id, j.doc_date desc, j.line desc
  ) v
 where r.shard = v.shard and r.id = v.response_id and (r.outcome, r.lost) is distinct from (coalesce(v.outcome, r.outcome), v.lost)
   and not exists (select 1 from holding h where h.shard = v.shard and h.response_id = v.response_id and h.lost is not null
                     and h.decided_on > v.doc_date);

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
    from fresh_document d left join map_document m on m.word = d.doc_type cross join import_scope s;

insert into import_key (shard, code, source, kind, external_id, row_id)
  select s.shard, s.code, s.source, k.kind, k.external_id, k.row_id from (
    select 'case' as kind, case_id as external_id, shell_id as row_id from fresh
    union all select 'document', doc_id, id from fresh_document
    union all select 'hearing', hearing_id, id from fresh_hearing
    union all select 'judgment', judgment_id, id from fresh_judgment
    union all select 'response', file_id, id from fresh_response where own and met
  ) k cross join import_scope s;

drop function pg_temp.import_id(text, text, integer);
