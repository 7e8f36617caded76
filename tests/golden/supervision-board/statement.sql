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
    and t1.state <> all($2::text[])
    group by 1, 2
    having count(*)::integer <> 0
    limit 1001
  ) t2
)::text
-- $1 = 4401
-- $2 = [<ObligationState.CLOSED: 'CLOSED'>, <ObligationState.CLOSED_LATE: 'CLOSED_LATE'>, <ObligationState.VOID: 'VOID'>]

select (
  select json_build_object(
    'totalCount', (
      select count(*)
      from reminders_obligation t3
      where t3.shard = $1::integer
      and t3.state = $2::text
    ), 'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 1), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 1 then json_build_object('dueOn', t1.due_on) end as c1
    from (
      select t4.*, row_number() over (order by t4.due_on asc, t4.id asc) as place
      from reminders_obligation t4
      where t4.shard = $1::integer
      and t4.state = $2::text
      order by t4.due_on asc, t4.id asc
      limit 2
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = RECEIVED
