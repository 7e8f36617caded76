select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 2), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 2 then coalesce(
      (
        select json_build_object(
          'number', t3.number_text, 'nextDueOn', case when exists (
            select 1
            from response r
            where r.shard = t3.shard
            and r.case_id = t3.id
            and not (r.code >= $1::bigint and r.code < $2::bigint)
          ) then (
            select min(o.due_on)
            from reminders_obligation o
            where o.shard = t3.shard
            and o.case_id = t3.id
            and o.state in ('RECEIVED', 'TRACKING')
          ) end, 'supervisedObligations', case when exists (
            select 1
            from response r
            where r.shard = t3.shard
            and r.case_id = t3.id
            and not (r.code >= $1::bigint and r.code < $2::bigint)
          ) then (
            select coalesce(json_agg(t5.item), '[]'::json)
            from (
              select json_build_object('dueOn', t4.due_on) as item
              from reminders_obligation t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              and (not (t4.code >= $1::bigint and t4.code < $2::bigint))
              order by t4.due_on, t4.id
              limit 100
            ) t5
          ) end
        )
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) end as c1
    from (
      select t6.*, row_number() over (order by t6.filed_on asc, t6.id asc) as place
      from response t6
      where t6.shard = $3::integer
      and (
        t6.ordinal = 0 or not exists (
          select 1
          from response t7
          where t7.shard = t6.shard
          and t7.case_id = t6.case_id
          and t7.ordinal < t6.ordinal
          and t7.shard = $3::integer
        )
      )
      order by t6.filed_on asc, t6.id asc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = 440112000
-- $2 = 440113000
-- $3 = 4401

select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object(
      'dueOn', t1.due_on, 'agency', (
        select json_build_object('name', t3.name_zh)
        from agency t3
        where t3.shard = t1.shard
        and t3.id = t1.agency_id
        limit 1
      )
    ) end as c1
    from (
      select t4.*, row_number() over (order by t4.due_on asc, t4.id asc) as place
      from reminders_obligation t4
      where t4.shard = $1::integer
      and t4.closed_at is null
      and t4.state in ('RECEIVED', 'TRACKING')
      and (not (t4.code >= $2::bigint and t4.code < $3::bigint))
      order by t4.due_on asc, t4.id asc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = 440112000
-- $3 = 440113000
