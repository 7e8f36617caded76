select (
  select json_build_object(
    'name', t1.name_zh, 'supervisionTally', case when t1.low >= $3::bigint and t1.high <= $4::bigint
    then (
      select case when count(*) <= 1000 then coalesce(
        json_agg(
          json_build_object(
            'kind', t3.by_kind, 'district', (
              select json_build_object('name', t4.name_zh)
              from tenant t4
              where t4.code = t3.by_district
              limit 1
            ), 'total', t3.of_total, 'onTime', t3.of_on_time, 'missed', t3.of_missed, 'running',
            t3.of_running, 'onTimeRate', json_build_object(
              'percent', round(
                100.0 * t3.of_on_time_rate_numerator / nullif(t3.of_on_time_rate_denominator, 0), 2
              )::text, 'numerator', t3.of_on_time_rate_numerator, 'denominator',
              t3.of_on_time_rate_denominator
            )
          )
          order by t3.by_kind, t3.by_district
        ), '[]'::json
      ) else '["\u0000",0]'::json end
      from (
        select t2.kind as by_kind, t2.district as by_district, count(*)::integer as of_total, (
          count(*) filter (
            where case when t2.state = 'VOID' then 'VOID' when t2.acted_on > t2.due_on then 'LATE'
            when t2.acted_on is not null then 'ON_TIME' when t2.state in (
              'RECEIVED', 'TRACKING', 'SUSPENDED'
            ) then 'OPEN' else 'MISSED' end = 'ON_TIME'
          )
        )::integer as of_on_time, (
          count(*) filter (
            where case when t2.state = 'VOID' then 'VOID' when t2.acted_on > t2.due_on then 'LATE'
            when t2.acted_on is not null then 'ON_TIME' when t2.state in (
              'RECEIVED', 'TRACKING', 'SUSPENDED'
            ) then 'OPEN' else 'MISSED' end = 'MISSED'
          )
        )::integer as of_missed, (
          count(*) filter (
            where case when t2.state = 'VOID' then 'VOID' when t2.acted_on > t2.due_on then 'LATE'
            when t2.acted_on is not null then 'ON_TIME' when t2.state in (
              'RECEIVED', 'TRACKING', 'SUSPENDED'
            ) then 'OPEN' else 'MISSED' end = 'OPEN'
          )
        )::integer as of_running, count(*) filter (
          where case when t2.state = 'VOID' then 'VOID' when t2.acted_on > t2.due_on then 'LATE'
          when t2.acted_on is not null then 'ON_TIME' when t2.state in (
            'RECEIVED', 'TRACKING', 'SUSPENDED'
          ) then 'OPEN' else 'MISSED' end = 'ON_TIME'
        ) as of_on_time_rate_numerator, count(*) filter (
          where case when t2.state = 'VOID' then 'VOID' when t2.acted_on > t2.due_on then 'LATE'
          when t2.acted_on is not null then 'ON_TIME' when t2.state in (
            'RECEIVED', 'TRACKING', 'SUSPENDED'
          ) then 'OPEN' else 'MISSED' end not in ('VOID', 'OPEN')
        ) as of_on_time_rate_denominator
        from reminders_obligation t2
        where t2.shard = $2::integer
        and t2.code >= t1.low
        and t2.code < t1.high
        group by 1, 2
        having count(*)::integer <> 0
        limit 1001
      ) t3
    ) end
  )
  from tenant t1
  where t1.code = $1::bigint
)::text
-- $1 = 440112000
-- $2 = 4401
-- $3 = 440100000
-- $4 = 440200000
