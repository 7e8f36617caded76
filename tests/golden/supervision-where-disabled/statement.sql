select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t6.*)
        from (
          select t3.number_text as "number", case when exists (
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
          ) end as "nextDueOn", case when exists (
            select 1
            from response r
            where r.shard = t3.shard
            and r.case_id = t3.id
            and not (r.code >= $1::bigint and r.code < $2::bigint)
          ) then (
            select coalesce(json_agg(t5.*), '[]'::json)
            from (
              select t4.due_on as "dueOn"
              from reminders_obligation t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              and (not (t4.code >= $1::bigint and t4.code < $2::bigint))
              order by t4.due_on, t4.id
              limit 100
            ) t5
          ) end as "supervisedObligations"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t6
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $3::integer
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t7
        where t7.shard = t1.shard
        and t7.case_id = t1.case_id
        and t7.ordinal < t1.ordinal
        and t7.shard = $3::integer
      )
    )
    order by t1.filed_on asc, t1.id asc
    limit 2
  ) t2
)::text
-- $1 = 440112000
-- $2 = 440113000
-- $3 = 4401

select json_build_object(
  'nodes', (
    select coalesce(json_agg(t5.*), '[]'::json)
    from (
      select t1.due_on as "dueOn", (
        select row_to_json(t4.*)
        from (
          select t3.name_zh as "name"
          from agency t3
          where t3.shard = t1.shard
          and t3.id = t1.agency_id
        ) t4
      ) as "agency"
      from reminders_obligation t1
      where t1.shard = $1::integer
      and t1.closed_at is null
      and t1.state in ('RECEIVED', 'TRACKING')
      and (not (t1.code >= $2::bigint and t1.code < $3::bigint))
      order by t1.due_on asc, t1.id asc
      limit 5
    ) t5
  )
)::text
-- $1 = 4401
-- $2 = 440112000
-- $3 = 440113000
