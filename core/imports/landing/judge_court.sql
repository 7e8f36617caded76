-- Judges hearings and judgments by what the case has already.

-- Two hearings of one case cannot have one number; and the first must be on the day that the case itself gives.
with ranked as (
  select line, min(line) over (partition by case_id, seq) as first_line from stage_hearings
), refused as (
  delete from stage_hearings d using ranked r where r.line = d.line and r.line > r.first_line
  returning d.line, d.seq::text as text, r.first_line
)
insert into stage_finding select 'hearings', line, 'seq', 'DUPLICATE_ID', text, null, 'hearings', first_line, 3 from refused;

insert into stage_finding
  select 'hearings', h.line, 'date', 'HEARING_DATE_DIFFERS', h.date::text, h.date::text, 'cases', c.line, 2
    from stage_hearings h join stage_cases c on c.case_id = h.case_id
   where h.seq = 1 and c.first_hearing_date is not null and h.date <> c.first_hearing_date;

-- A hearing or judgment that the case has already may be another tenant's or a hand's, and then gets our agency's part in it; but
-- where that part is stated, the row is a second telling of one event.
with refused as (
  delete from stage_hearings d using known_case k, import_scope s, hearing h, appearance a
   where k.case_id = d.case_id and h.shard = s.shard and h.case_id = k.shell_id and h.sequence = d.seq
     and a.shard = s.shard and a.hearing_id = h.id and a.response_id = k.response_id
     and num_nonnulls(a.head_attended, a.head_name, a.head_title, a.absence_reason, a.agents) > 0
     and not exists (select 1 from known_row w where w.kind = 'hearing' and w.external_id = d.hearing_id)
  returning d.line, d.seq::text as text
)
insert into stage_finding select 'hearings', line, 'seq', 'DUPLICATE_ID', text, null, null, null, 3 from refused;

with refused as (
  delete from stage_judgments d using known_case k, import_scope s, map_document m, judgment j, holding h
   where k.case_id = d.case_id and m.word = d.kind and j.shard = s.shard and j.case_id = k.shell_id and j.kind = m.code
     and j.decided_on = d.doc_date and j.number_text is not distinct from d.doc_no
     and h.shard = s.shard and h.judgment_id = j.id and h.response_id = k.response_id
     and num_nonnulls(h.outcome, h.lost, h.loss_reason, h.amount_yuan) > 0
     and not exists (select 1 from known_row w where w.kind = 'judgment' and w.external_id = d.judgment_id)
  returning d.line, d.doc_no as text
)
insert into stage_finding select 'judgments', line, 'doc_no', 'DUPLICATE_ID', coalesce(text, ''), null, null, null, 3 from refused;

-- On a swapped working weekend a court may well sit; but a day moved there by mistake is told by nothing else. So it is taken as
-- meant where the case's own day (in the file, else as landed before) or a summons three working days before confirms it, and asked
-- about otherwise.
insert into stage_finding
  select 'hearings', h.line, 'date', 'SWAPPED_WORKDAY', h.date::text, h.date::text, null, null, 2
    from stage_hearings h join swapped_day w on w.day = h.date
   where not exists (select 1 from stage_cases c where c.case_id = h.case_id and c.first_hearing_date = h.date)
     and not exists (select 1 from known_case k join import_scope s on true join case_shell c on c.shard = s.shard and c.id = k.shell_id
                      where k.case_id = h.case_id and c.first_hearing_on = h.date
                        and not exists (select 1 from stage_cases f where f.case_id = h.case_id))
     and not exists (select 1 from stage_documents d
                      where d.case_id = h.case_id and d.doc_type = '传票' and w.notice_day in (d.received_date, d.doc_date));
