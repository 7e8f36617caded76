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
  ), 'nodes', (
    select coalesce(json_agg(t4.*), '[]'::json)
    from (
      select t1.due_on as "dueOn", t1.state as "state"
      from reminders_obligation t1
      where t1.shard = $1::integer
      and t1.agency_id = $2::uuid
      and t1.closed_at is null
      and (
        t1.state in (
          'RECEIVED', 'TRACKING', 'ACTED', 'FEEDBACK_OVERDUE', 'RETURNED', 'MISSED', 'REMEDY_OPEN',
          'ESCALATED'
        )
      )
      order by t1.due_on asc, t1.id asc
      limit 5
    ) t4
  )
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8000-000000000003

select json_build_object(
  'nodes', (
    select coalesce(json_agg(t3.*), '[]'::json)
    from (
      select t1.state as "state"
      from reminders_report t1
      where t1.shard = $1::integer
      and t1.agency_id = $2::uuid
      and t1.state <> 'ACCEPTED'
      and (t1.state in ('RECEIVED', 'REPORT_OVERDUE', 'RETURNED') and not t1.info_only)
      order by t1.due_on asc, t1.id asc
      limit 5
    ) t3
  )
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8000-000000000003
