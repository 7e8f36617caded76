-- 案件统计: `case_tally` holds how many responses of each kind a city, district, town and agency has, by month; and, for all but
-- agencies, by year, so that figures of many years need few cells. Triggers on `response` keep it
-- in the writer's own transaction, statement by statement, whoever writes: an act, an import, a re-coding of tenants.
--
-- Writers that work at once do not wait for each other: each adds to a slot that it alone holds until it commits, and a reader sums
-- the slots. The first free slot is taken, so that there are as many slots in use as there ever were writers at one moment.

create or replace function case_tally_slot(p_shard integer) returns integer language plpgsql volatile as $$
declare
  v_held text := current_setting('app.tally_slot', true);
begin
  if split_part(v_held, '/', 1) = p_shard::text then return split_part(v_held, '/', 2)::integer; end if;
  for v_slot in 0..15 loop
    if pg_try_advisory_xact_lock(hashtextextended(concat_ws('/', 'case_tally', p_shard, v_slot), 0)) then
      perform set_config('app.tally_slot', concat_ws('/', p_shard, v_slot), true);
      return v_slot;
    end if;
  end loop;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'case_tally', p_shard, pg_backend_pid() % 16), 0));
  perform set_config('app.tally_slot', concat_ws('/', p_shard, pg_backend_pid() % 16), true);
  return pg_backend_pid() % 16;
end $$;

-- The cells that rows of `response` fill, each row counted `sign` times: written once, for the triggers and for a recount.
do $make$
declare
  v_cells constant text := $cells$
    with finest as (
      select c.shard, c.district, c.code, c.agency_id, m.month, m.series, c.procedure_kind, c.status, m.outcome, m.lost,
             sum(c.sign) as responses
        from (%s) c cross join lateral (values
          ('FILED', c.filed_on - extract(day from c.filed_on)::integer + 1, null, null),
          ('CLOSED', c.closed_on - extract(day from c.closed_on)::integer + 1, c.outcome, c.lost)
        ) m (series, month, outcome, lost)
       where m.month is not null
       group by c.shard, c.district, c.code, c.agency_id, m.month, m.series, c.procedure_kind, c.status, m.outcome, m.lost
      having sum(c.sign) <> 0
    )
    select f.shard, l.level, l.tenant_code, l.agency_id, l.month, f.series, f.procedure_kind, f.status, f.outcome, f.lost,
           sum(f.responses)::integer as responses
      from finest f
      cross join lateral (values (rpad(f.shard::text, 9, '0')::bigint, f.month - extract(doy from f.month)::integer + 1)) y (city, year)
      cross join lateral (values
        ('CITY', y.city, null, f.month),
        ('CITY_YEAR', y.city, null, y.year),
        ('DISTRICT', f.district, null, f.month),
        ('DISTRICT_YEAR', f.district, null, y.year),
        ('TOWN', f.code, null, f.month),
        ('TOWN_YEAR', f.code, null, y.year),
        ('AGENCY', f.code, f.agency_id, f.month)
      ) l (level, tenant_code, agency_id, month)
     group by f.shard, l.level, l.tenant_code, l.agency_id, l.month, f.series, f.procedure_kind, f.status, f.outcome, f.lost
    having sum(f.responses) <> 0
  $cells$;
  v_columns constant text := 'shard, district, code, agency_id, filed_on, closed_on, procedure_kind, status, outcome, lost';
  v_keeper constant text := $keeper$
    create or replace function case_tally_%s() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $body$
    begin
      with cells as (%s),
      slots as materialized (
        select s.shard, case_tally_slot(s.shard) as slot from (select distinct shard from cells order by shard) s
      )
      -- In the order of the index, so that the rows which a dashboard reads lie side by side. The id is one that is quickly
      -- made: every proposed row needs one, and nobody asks for tallies in their order.
      insert into case_tally as t (shard, id, level, tenant_code, agency_id, month, series, procedure_kind, status, outcome, lost, slot,
          responses)
        select c.shard, gen_random_uuid(), c.level, c.tenant_code, c.agency_id, c.month, c.series, c.procedure_kind, c.status,
               c.outcome, c.lost, s.slot, c.responses
          from cells c join slots s on s.shard = c.shard
         order by c.shard, c.level, c.tenant_code, c.agency_id, c.month
      on conflict (shard, level, tenant_code, agency_id, month, series, procedure_kind, status, outcome, lost, slot)
        do update set responses = t.responses + excluded.responses;
      return null;
    end $body$
  $keeper$;
  v_added constant text := format('select %s, 1 as sign from added', v_columns);
  v_removed constant text := format('select %s, -1 as sign from removed', v_columns);
begin
  execute format(v_keeper, 'add', format(v_cells, v_added));
  execute format(v_keeper, 'remove', format(v_cells, v_removed));
  execute format(v_keeper, 'change', format(v_cells, v_added || ' union all ' || v_removed));
  execute format($counted$
    create or replace function case_tally_counted(p_shard integer)
    returns table (shard integer, level text, tenant_code bigint, agency_id uuid, month date, series text, procedure_kind text,
                   status text, outcome text, lost boolean, responses integer)
    language sql stable as $body$ %s $body$
  $counted$, format(v_cells, format('select %s, 1 as sign from response where response.shard = p_shard', v_columns)));
end $make$;

drop trigger if exists case_tally_add on response;
create trigger case_tally_add after insert on response
  referencing new table as added for each statement execute function case_tally_add();
drop trigger if exists case_tally_change on response;
create trigger case_tally_change after update on response
  referencing old table as removed new table as added for each statement execute function case_tally_change();
drop trigger if exists case_tally_remove on response;
create trigger case_tally_remove after delete on response
  referencing old table as removed for each statement execute function case_tally_remove();

-- Counts a city anew; for the system role. It takes every slot, so that whoever has counted has committed, and whoever counts later
-- adds to what is written here.
create or replace function case_tally_rebuild(p_shard integer) returns bigint language plpgsql as $$
declare
  v_cells bigint;
begin
  for v_slot in 0..15 loop
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'case_tally', p_shard, v_slot), 0));
  end loop;
  delete from case_tally where shard = p_shard;
  insert into case_tally (shard, level, tenant_code, agency_id, month, series, procedure_kind, status, outcome, lost, slot, responses)
    select c.shard, c.level, c.tenant_code, c.agency_id, c.month, c.series, c.procedure_kind, c.status, c.outcome, c.lost, 0,
           c.responses
      from case_tally_counted(p_shard) c
     order by c.shard, c.level, c.tenant_code, c.agency_id, c.month;
  get diagnostics v_cells = row_count;
  return v_cells;
end $$;
