select (
  select case when count(*) <= 1000 then coalesce(
    json_agg(
      json_build_object('status', t2.by_status, 'filed', t2.of_filed, 'open', t2.of_open)
      order by t2.by_status
    ), '[]'::json
  ) else '["\u0000",0]'::json end
  from (
    select t1.status as by_status, coalesce(sum(t1.responses) filter (where t1.series = 'FILED'), 0)
    ::integer as of_filed, coalesce(
      sum(t1.responses) filter (where t1.series = 'FILED' and t1.status = 'OPEN'), 0
    )::integer as of_open
    from case_tally t1
    where t1.shard = $2::integer
    and t1.level = 'CITY_YEAR'
    and t1.agency_id is null
    and t1.tenant_code = $1::bigint
    and t1.procedure_kind = $3::text
    group by 1
    having coalesce(sum(t1.responses) filter (where t1.series = 'FILED'), 0)::integer <> 0 or
    coalesce(sum(t1.responses) filter (where t1.series = 'CLOSED'), 0)::integer <> 0
    limit 1001
  ) t2
)::text
-- $1 = 440100000
-- $2 = 4401
-- $3 = FIRST

select (
  select case when count(*) <= 1000 then coalesce(
    json_agg(json_build_object('filed', t2.of_filed)), '[]'::json
  ) else '["\u0000",0]'::json end
  from (
    select coalesce(sum(t1.responses) filter (where t1.series = 'FILED'), 0)::integer as of_filed
    from case_tally t1
    where t1.shard = $2::integer
    and t1.level = 'CITY_YEAR'
    and t1.agency_id is null
    and t1.tenant_code = $1::bigint
  ) t2
)::text
-- $1 = 440100000
-- $2 = 4401
