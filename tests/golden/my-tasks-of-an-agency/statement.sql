select (
  select json_build_object(
    'totalCount', (
      select count(*)
      from reminders_obligation t3
      where t3.shard = $1::integer
      and t3.agency_id = $2::uuid
      and t3.closed_at is null
      and (
        t3.state in (
          'RECEIVED', 'TRACKING', 'ACTED', 'FEEDBACK_OVERDUE', 'RETURNED', 'MISSED', 'REMEDY_OPEN',
          'ESCALATED'
        )
      )
    ), 'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object(
      'dueOn', t1.due_on, 'state', t1.state
    ) end as c1
    from (
      select t4.*, row_number() over (order by t4.due_on asc, t4.id asc) as place
      from reminders_obligation t4
      where t4.shard = $1::integer
      and t4.agency_id = $2::uuid
      and t4.closed_at is null
      and (
        t4.state in (
          'RECEIVED', 'TRACKING', 'ACTED', 'FEEDBACK_OVERDUE', 'RETURNED', 'MISSED', 'REMEDY_OPEN',
          'ESCALATED'
        )
      )
      order by t4.due_on asc, t4.id asc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8000-000000000003

select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object('state', t1.state) end as c1
    from (
      select t3.*, row_number() over (order by t3.due_on asc, t3.id asc) as place
      from reminders_report t3
      where t3.shard = $1::integer
      and t3.agency_id = $2::uuid
      and t3.state <> 'ACCEPTED'
      and (t3.state in ('RECEIVED', 'REPORT_OVERDUE', 'RETURNED'))
      order by t3.due_on asc, t3.id asc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8000-000000000003
