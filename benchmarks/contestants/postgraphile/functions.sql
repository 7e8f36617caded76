-- What a PostGraphile team would add: a view for the list that drives from responses, the act as a function.
create schema if not exists bench;
grant usage on schema bench to yingsu_app;

-- Each case at its first response in the scope; which responses those are, the policies say.
create or replace view bench.listed_case with (security_invoker = true) as
  select r.shard, r.id, r.case_id, r.district, r.filed_on from response r
   where r.ordinal = 0 or not exists (
     select 1 from response o where o.shard = r.shard and o.case_id = r.case_id and o.ordinal < r.ordinal);
grant select on bench.listed_case to yingsu_app;

create or replace function bench.write_note(in_shard integer, in_response uuid, in_body text, in_writer text)
returns public.note language plpgsql volatile as $$
declare
  r response%rowtype;
  n note%rowtype;
begin
  select * into strict r from response where shard = in_shard and id = in_response;
  insert into note (shard, code, agency_id, case_id, response_id, body, written_by, written_at)
    values (r.shard, r.code, r.agency_id, r.case_id, r.id, in_body, in_writer, now()) returning * into n;
  insert into audit_entry (shard, code, agency_id, at, act, actor, subject_type, subject_id, after)
    values (r.shard, r.code, r.agency_id, now(), 'noteWrite', 'benchmark', 'Note', n.id,
      jsonb_build_object('response_id', r.id, 'characters', length(in_body)));
  insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)
    values (r.shard, r.code, r.agency_id, 'NoteWritten', 'Note', n.id,
      jsonb_build_object('caseId', r.case_id, 'responseId', r.id), now());
  return n;
end $$;

drop function if exists bench.tally_years, bench.tally_kinds, bench.tally_statuses;
drop type if exists bench.tally_year, bench.tally_kind, bench.tally_status, bench.rate cascade;
create type bench.rate as (percent text, numerator integer, denominator integer);
create type bench.tally_year as (year integer, filed integer, open integer, closed integer, lost_first_instance integer, loss_rate bench.rate);
create type bench.tally_kind as (procedure_kind text, filed integer, open integer, closed integer);
create type bench.tally_status as (status text, filed integer, closed integer);
create function bench.tally_years(in_shard integer, in_level text, in_tenant bigint) returns setof bench.tally_year
language sql stable as $$
  select year, filed, open, closed, lost_first_instance, row(percent, lost_first_instance, judged)::bench.rate from ({years}) y order by year
$$;
create function bench.tally_kinds(in_shard integer, in_level text, in_tenant bigint) returns setof bench.tally_kind
language sql stable as $$ {kinds} $$;
create function bench.tally_statuses(in_shard integer, in_level text, in_tenant bigint) returns setof bench.tally_status
language sql stable as $$ {statuses} $$;
