select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object(
      'dueOn', t1.due_on, 'state', t1.state
    ) end as c1
    from (
      select t3.*, row_number() over (order by t3.due_on asc, t3.id asc) as place
      from reminders_obligation t3
      where t3.shard = $1::integer
      and t3.closed_at is null
      and (
        t3.state in (
          'RECEIVED', 'TRACKING', 'ACTED', 'FEEDBACK_OVERDUE', 'RETURNED', 'MISSED', 'REMEDY_OPEN',
          'ESCALATED'
        ) or exists (
          select 1
          from reminders_remedy p
          where p.shard = t3.shard
          and p.obligation_id = t3.id
          and p.state = 'FILED'
        ) or (t3.feedback_filed_at is not null and t3.verified_at is null) or t3.state = 'REMEDIED'
        or not t3.due_verified
        and t3.state = 'RECEIVED' or exists (
          select 1
          from reminders_remedy p
          where p.shard = t3.shard
          and p.obligation_id = t3.id
          and p.state in ('SIGNED', 'DONE')
        )
      )
      order by t3.due_on asc, t3.id asc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401

select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object(
      'dueOn', t1.due_on, 'state', t1.state
    ) end as c1
    from (
      select t3.*, row_number() over (order by t3.due_on asc, t3.id asc) as place
      from reminders_report t3
      where t3.shard = $1::integer
      and t3.state <> 'ACCEPTED'
      and (
        t3.state in ('RECEIVED', 'REPORT_OVERDUE', 'RETURNED') or t3.state in (
          'REPORTED', 'REPORTED_LATE'
        )
      )
      order by t3.due_on asc, t3.id asc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401

select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 5), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 5 then json_build_object(
      'dueOn', t1.due_on, 'phoneTask', t1.phone_task, 'obligation', (
        select json_build_object('state', t3.state)
        from reminders_obligation t3
        where t3.shard = t1.shard
        and t3.id = t1.obligation_id
        limit 1
      )
    ) end as c1
    from (
      select t4.*, row_number() over (order by t4.sent_at desc, t4.id desc) as place
      from reminders_reminder t4
      where t4.shard = $1::integer
      and t4.phone_task = 'OPEN'
      order by t4.sent_at desc, t4.id desc
      limit 6
    ) t1
  ) t2
)::text
-- $1 = 4401
