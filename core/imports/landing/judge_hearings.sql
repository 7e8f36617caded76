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

-- On a swapped working weekend a court may well sit; but a day moved there by mistake is told by nothing else. So it is taken as
-- meant where the case's own day or a summons three working days before confirms it, and asked about otherwise.
insert into stage_finding
  select 'hearings', h.line, 'date', 'SWAPPED_WORKDAY', h.date::text, h.date::text, null, null, 2
    from stage_hearings h join swapped_day w on w.day = h.date
   where not exists (select 1 from stage_cases c where c.case_id = h.case_id and c.first_hearing_date = h.date)
     and not exists (select 1 from stage_documents d
                      where d.case_id = h.case_id and d.doc_type = '传票' and w.notice_day in (d.received_date, d.doc_date));
