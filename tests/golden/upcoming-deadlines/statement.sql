select (
  select json_build_object(
    'totalCount', (
      select count(*)
      from reminders_obligation t3
      where t3.shard = $1::integer
      and t3.district = $2::bigint
      and t3.closed_at is null
      and t3.state in ('RECEIVED', 'TRACKING')
    ), 'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json), 'pageInfo',
    json_build_object(
      'hasNextPage', coalesce(max(t2.c2) > 5, false), 'endCursor', max(t2.c3) filter (
        where t2.place = t2.c4
        and t2.place <= 5
      )
    )
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object(
      'dueOn', t1.due_on, 'kind', t1.kind, 'state', t1.state, 'case', (
        select row_to_json(t5.*)
        from (
          select t4.number_text as "number"
          from case_shell t4
          where t4.shard = t1.shard
          and t4.id = t1.case_id
        ) t5
      )
    ) end as c1, t1.place as c2, translate(
      encode(convert_to(json_build_array('DUE_ON_ASC', t1.due_on, t1.id)::text, 'UTF8'), 'base64'),
      E'+/\n=', '-_'
    ) as c3, least(5, count(*) over ()) as c4
    from (
      select t6.*, row_number() over (order by t6.due_on asc, t6.id asc) as place
      from reminders_obligation t6
      where t6.shard = $1::integer
      and t6.district = $2::bigint
      and t6.closed_at is null
      and t6.state in ('RECEIVED', 'TRACKING')
      order by t6.due_on asc, t6.id asc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = 440112000
