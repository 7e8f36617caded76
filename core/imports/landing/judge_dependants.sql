-- Judges one file of rows that hang on cases; {table}, {file} and {id} are filled in by the caller.

with ranked as (
  select line, min(line) over (partition by {id}) as first_line from {table}
), refused as (
  delete from {table} d using ranked r where r.line = d.line and r.line > r.first_line returning d.line, d.{id} as text, r.first_line
)
insert into stage_finding select '{file}', line, '{id}', 'DUPLICATE_ID', text, null, '{file}', first_line, 3 from refused;

with refused as (
  delete from {table} d
   where not exists (select 1 from stage_cases c where c.case_id = d.case_id)
     and not exists (select 1 from known_case k where k.case_id = d.case_id)
  returning d.line, d.case_id
)
insert into stage_finding
  select '{file}', f.line, 'case_id', case when r.line is null then 'UNKNOWN_CASE' else 'PARENT_REJECTED' end, f.case_id, null,
         case when r.line is not null then 'cases' end, r.line, 3
    from refused f left join lateral (select min(line) as line from rejected_case r where r.case_id = f.case_id) r on true;
