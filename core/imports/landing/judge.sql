-- Judges the staged rows by what needs other rows: ids and case numbers used twice, unknown cases, rejected parents.
-- A row is rejected by an entry in stage_finding with severity 3; `rejected_case` collects cases that did not land.

analyze stage_cases; analyze stage_hearings; analyze stage_judgments; analyze stage_documents; analyze stage_claim;

create temp table rejected_case (case_id text, line integer) on commit drop;
insert into rejected_case select case_id, line from stage_claim where case_id is not null;

-- Ids: the first row that bears one keeps it, also where that row was itself rejected.
with borne as (
  select case_id, line, true as staged from stage_cases union all select case_id, line, false from stage_claim where case_id is not null
), ranked as (
  select case_id, line, staged, min(line) over (partition by case_id) as first_line from borne
), refused as (
  delete from stage_cases c using ranked r where r.staged and r.line = c.line and r.line > r.first_line
  returning c.case_id, c.line, r.first_line
)
insert into stage_finding
  select 'cases', line, 'case_id', 'DUPLICATE_ID', case_id, null, 'cases', first_line, 3 from refused;

-- Case numbers: of two rows with one number the later is rejected. A rejected row claims its number too, unless the number
-- contradicted its own row (then it is most likely another case's).
with claims as (
  select number_year, number_court, coalesce(number_special, '') as special, number_type, number_serial, line, true as staged from stage_cases
  union all
  select number_year, number_court, coalesce(number_special, ''), number_type, number_serial, line, false
    from stage_claim where binding and number_serial is not null
), ranked as (
  select line, staged, min(line) over (partition by number_year, number_court, special, number_type, number_serial) as first_line
    from claims
), refused as (
  delete from stage_cases c using ranked r where r.staged and r.line = c.line and r.line > r.first_line
  returning c.case_id, c.line, coalesce(c.number_read, c.case_no) as text, r.first_line
), told as (
  insert into stage_finding
    select 'cases', line, 'case_no', 'DUPLICATE_CASE_NUMBER', text, null, 'cases', first_line, 3 from refused returning line
)
insert into rejected_case select case_id, line from refused;

-- A number that the court documents of another case of this import bear, and those of this case do not, is that other case's.
with ours as (
  select case_id from stage_cases union select case_id from rejected_case
), said as (
  select doc_no, case_id from stage_judgments where doc_no is not null
  union select doc_no, case_id from stage_documents where doc_no is not null and doc_type in ('应诉通知书', '传票', '判决书', '裁定书')
), written as (
  select said.* from said join ours on ours.case_id = said.case_id
), refused as (
  delete from stage_cases c
   where exists (select 1 from written w where w.doc_no = c.case_no and w.case_id <> c.case_id)
     and not exists (select 1 from written w where w.doc_no = c.case_no and w.case_id = c.case_id)
  returning c.case_id, c.line, coalesce(c.number_read, c.case_no) as text
), told as (
  insert into stage_finding select 'cases', line, 'case_no', 'CASE_NUMBER_ELSEWHERE', text, null, null, null, 3 from refused
  returning line
)
insert into rejected_case select case_id, line from refused;

-- What this source has landed before, where the tenant still has its part in it; and numbers that the city has already.
-- The part is the response that the import itself made: noted where it joined a case of others, else the first.
create temp table known_case on commit drop as
  select k.external_id as case_id, k.row_id as shell_id, r.id as response_id, r.agency_id, r.code, r.filed_on
    from import_key k
    join import_scope s on k.shard = s.shard and k.code = s.code and k.source = s.source
    left join import_key own on own.shard = k.shard and own.code = k.code and own.source = k.source and own.kind = 'response'
     and own.external_id = k.external_id
    join response r on r.shard = k.shard and r.case_id = k.row_id and r.code >= s.low and r.code < s.high
     and case when own.row_id is null then r.ordinal = 0 else r.id = own.row_id end
   where k.kind = 'case';
create index on known_case (case_id);
analyze known_case;

create temp table met_shell on commit drop as
  select c.case_id, h.id as shell_id,
         exists (select 1 from response r join agency a on a.shard = r.shard and a.id = r.agency_id
                  where r.shard = h.shard and r.case_id = h.id and a.external_id = c.agency_id) as answered
    from stage_cases c cross join import_scope s
    join case_shell h on h.shard = s.shard and h.court_code = c.number_court and h.number_year = c.number_year
     and h.number_special = coalesce(c.number_special, '') and h.number_type = c.number_type and h.number_serial = c.number_serial
   where not exists (select 1 from known_case k where k.case_id = c.case_id);

with refused as (
  delete from stage_cases c using met_shell m where m.case_id = c.case_id and m.answered
  returning c.case_id, c.line, coalesce(c.number_read, c.case_no) as text
), told as (
  insert into stage_finding select 'cases', line, 'case_no', 'DUPLICATE_CASE_NUMBER', text, null, null, null, 3 from refused
  returning line
)
insert into rejected_case select case_id, line from refused;

-- Parents: a case hangs on its previous case and on the root of its dispute.
create temp table hangs_on on commit drop as
  select case_id, line, 'prev_case_id' as column_name, prev_case_id as parent from stage_cases
   where prev_case_id is not null and prev_case_id <> case_id
  union all
  select case_id, line, 'root_case_id', root_case_id from stage_cases
   where root_case_id is not null and root_case_id <> case_id and root_case_id is distinct from prev_case_id;
create index on hangs_on (parent);
analyze hangs_on; analyze rejected_case;

create temp table orphan on commit drop as
  select distinct on (h.line) h.case_id, h.line, h.column_name, h.parent from hangs_on h
   where not exists (select 1 from stage_cases c where c.case_id = h.parent)
     and not exists (select 1 from rejected_case r where r.case_id = h.parent)
     and not exists (select 1 from known_case k where k.case_id = h.parent)
   order by h.line, h.column_name;
insert into stage_finding select 'cases', line, column_name, 'UNKNOWN_CASE', parent, null, null, null, 3 from orphan;
delete from stage_cases c using orphan o where o.line = c.line;
insert into rejected_case select case_id, line from orphan;

create temp table fallen on commit drop as
  with recursive fall (case_id, line, column_name, parent, parent_line) as (
    select h.case_id, h.line, h.column_name, h.parent, r.line
      from hangs_on h join rejected_case r on r.case_id = h.parent
     where not exists (select 1 from known_case k where k.case_id = h.parent)
    union
    select h.case_id, h.line, h.column_name, h.parent, f.line from fall f join hangs_on h on h.parent = f.case_id
  )
  select distinct on (line) * from fall order by line, column_name, parent_line;
insert into stage_finding
  select 'cases', f.line, f.column_name, 'PARENT_REJECTED', f.parent, null, 'cases', f.parent_line, 3
    from fallen f join stage_cases c on c.line = f.line;
insert into rejected_case select f.case_id, f.line from fallen f join stage_cases c on c.line = f.line;
delete from stage_cases c using fallen f where f.line = c.line;

create temp table known_row on commit drop as
  select k.kind, k.external_id from import_key k, import_scope s
   where k.shard = s.shard and k.code = s.code and k.source = s.source and k.kind not in ('case', 'response');
create index on known_row (kind, external_id);
create index on rejected_case (case_id);
analyze known_row; analyze rejected_case; analyze stage_cases;
