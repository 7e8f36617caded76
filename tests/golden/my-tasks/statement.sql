select json_build_object(
  'nodes', (
    select coalesce(json_agg(t3.*), '[]'::json)
    from (
      select t1.due_on as "dueOn", t1.state as "state"
      from reminders_obligation t1
      where t1.shard = $1::integer
      and t1.closed_at is null
      and (
        t1.state in (
          'RECEIVED', 'TRACKING', 'ACTED', 'FEEDBACK_OVERDUE', 'RETURNED', 'MISSED', 'REMEDY_OPEN',
          'ESCALATED'
        ) or exists (
          select 1
          from reminders_remedy p
          where p.shard = t1.shard
          and p.obligation_id = t1.id
          and p.state = 'FILED'
        ) or (t1.feedback_filed_at is not null and t1.verified_at is null) or t1.state = 'REMEDIED'
        or not t1.due_verified
        and t1.state = 'RECEIVED' or exists (
          select 1
          from reminders_remedy p
          where p.shard = t1.shard
          and p.obligation_id = t1.id
          and p.state in ('SIGNED', 'DONE')
        )
      )
      order by t1.due_on asc, t1.id asc
      limit 5
    ) t3
  )
)::text
-- $1 = 4401

select json_build_object(
  'nodes', (
    select coalesce(json_agg(t3.*), '[]'::json)
    from (
      select t1.due_on as "dueOn", t1.state as "state"
      from reminders_report t1
      where t1.shard = $1::integer
      and t1.state <> 'ACCEPTED'
      and (
        t1.state in ('RECEIVED', 'REPORT_OVERDUE', 'RETURNED')
        and not t1.info_only or t1.state in ('REPORTED', 'REPORTED_LATE')
      )
      order by t1.due_on asc, t1.id asc
      limit 5
    ) t3
  )
)::text
-- $1 = 4401

select json_build_object(
  'nodes', (
    select coalesce(json_agg(t5.*), '[]'::json)
    from (
      select t1.due_on as "dueOn", t1.phone_task as "phoneTask", (
        select row_to_json(t4.*)
        from (
          select t3.state as "state"
          from reminders_obligation t3
          where t3.shard = t1.shard
          and t3.id = t1.obligation_id
        ) t4
      ) as "obligation"
      from reminders_reminder t1
      where t1.shard = $1::integer
      and t1.phone_task = 'OPEN'
      order by t1.sent_at desc, t1.id desc
      limit 5
    ) t5
  )
)::text
-- $1 = 4401
