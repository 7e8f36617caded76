-- Lists drive from response-level rows, which repeat the sort columns of the case level. These triggers keep the copies true,
-- also for a co-respondent whom the writer cannot see; hence they run as yingsu_definer. They work on whole statements, so that
-- an import of 100,000 rows fires each of them once. An import writes the dependent rows itself, whole, and says so by app.bulk.

create or replace function case_shell_spread() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  update response r set filed_on = c.filed_on, closed_on = c.closed_on, status = c.status, procedure_kind = c.procedure_kind,
      cause_code = coalesce(c.closing_cause_code, c.cause_code), court_code = c.court_code
    from changed c
   where r.shard = c.shard and r.case_id = c.id
     and (r.filed_on, r.closed_on, r.status, r.procedure_kind, r.cause_code, r.court_code) is distinct from
         (c.filed_on, c.closed_on, c.status, c.procedure_kind, coalesce(c.closing_cause_code, c.cause_code), c.court_code);
  return null;
end $$;
drop trigger if exists case_shell_spread on case_shell;
create trigger case_shell_spread after update on case_shell
  referencing new table as changed for each statement execute function case_shell_spread();

create or replace function response_spread() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if current_setting('app.bulk', true) = 'on' then return null; end if;
  insert into party (shard, case_id, side, kind, ordinal, name, agency_id)
    select n.shard, n.case_id, 'RESPONDENT', 'AGENCY', n.ordinal, a.name_zh, a.id
      from changed n join agency a on a.shard = n.shard and a.id = n.agency_id;
  insert into appearance (shard, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on)
    select n.shard, n.code, n.agency_id, n.case_id, n.id, h.id, n.ordinal, h.held_on
      from changed n join hearing h on h.shard = n.shard and h.case_id = n.case_id;
  insert into holding (shard, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on)
    select n.shard, n.code, n.agency_id, n.case_id, n.id, j.id, n.ordinal, j.decided_on
      from changed n join judgment j on j.shard = n.shard and j.case_id = n.case_id;
  return null;
end $$;
drop trigger if exists response_spread on response;
create trigger response_spread after insert on response
  referencing new table as changed for each statement execute function response_spread();

create or replace function hearing_spread() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if current_setting('app.bulk', true) = 'on' then return null; end if;
  if tg_op = 'INSERT' then
    insert into appearance (shard, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on)
      select r.shard, r.code, r.agency_id, r.case_id, r.id, n.id, r.ordinal, n.held_on
        from changed n join response r on r.shard = n.shard and r.case_id = n.case_id;
  else
    update appearance a set held_on = n.held_on from changed n
     where a.shard = n.shard and a.hearing_id = n.id and a.held_on <> n.held_on;
  end if;
  update case_shell c set first_hearing_on = f.held_on
    from (select h.shard, h.case_id, min(h.held_on) filter (where h.status <> 'CANCELLED') as held_on from hearing h
           where (h.shard, h.case_id) in (select n.shard, n.case_id from changed n) group by h.shard, h.case_id) f
   where c.shard = f.shard and c.id = f.case_id and c.first_hearing_on is distinct from f.held_on;
  return null;
end $$;
drop trigger if exists hearing_spread_insert on hearing;
create trigger hearing_spread_insert after insert on hearing
  referencing new table as changed for each statement execute function hearing_spread();
drop trigger if exists hearing_spread_update on hearing;
create trigger hearing_spread_update after update on hearing
  referencing new table as changed for each statement execute function hearing_spread();

create or replace function judgment_spread() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if current_setting('app.bulk', true) = 'on' then return null; end if;
  if tg_op = 'INSERT' then
    insert into holding (shard, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on)
      select r.shard, r.code, r.agency_id, r.case_id, r.id, n.id, r.ordinal, n.decided_on
        from changed n join response r on r.shard = n.shard and r.case_id = n.case_id;
  else
    update holding h set decided_on = n.decided_on from changed n
     where h.shard = n.shard and h.judgment_id = n.id and h.decided_on <> n.decided_on;
  end if;
  return null;
end $$;
drop trigger if exists judgment_spread_insert on judgment;
create trigger judgment_spread_insert after insert on judgment
  referencing new table as changed for each statement execute function judgment_spread();
drop trigger if exists judgment_spread_update on judgment;
create trigger judgment_spread_update after update on judgment
  referencing new table as changed for each statement execute function judgment_spread();
