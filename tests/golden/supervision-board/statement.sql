select (
  select case when count(*) <= 1000 then coalesce(
    json_agg(
      json_build_object(
        'state', t2.by_state, 'month', t2.by_month, 'total', t2.of_total, 'notOver', t2.of_not_over
      )
      order by t2.by_state, t2.by_month
    ), '[]'::json
  ) else '["\u0000",0]'::json end
  from (
    select t1.state as by_state, date_trunc('month', t1.due_on)::date as by_month, count(*)::integer
    as of_total, (count(*) filter (where t1.closed_at is null))::integer as of_not_over
    from reminders_obligation t1
    where t1.shard = $1::integer
    and t1.closed_at is null
    group by 1, 2
    having count(*)::integer <> 0
    limit 1001
  ) t2
)::text
-- $1 = 4401

select json_build_object(
  'totalCount', (
    select count(*)
    from reminders_obligation t3
    where t3.shard = $1::integer
    and t3.state = $2::text
  ), 'nodes', (
    select coalesce(json_agg(t4.*), '[]'::json)
    from (
      select t1.due_on as "dueOn"
      from reminders_obligation t1
      where t1.shard = $1::integer
      and t1.state = $2::text
      order by t1.due_on asc, t1.id asc
      limit 1
    ) t4
  )
)::text
-- $1 = 4401
-- $2 = RECEIVED
