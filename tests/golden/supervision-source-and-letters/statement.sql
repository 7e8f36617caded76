select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 1), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 1 then json_build_object(
      'violationDate', t1.violation_date, 'remedyDueOn', t1.remedy_due_on, 'hearing', (
        select json_build_object('heldOn', t3.held_on)
        from hearing t3
        where t3.shard = t1.shard
        and t3.id = t1.source_id
        and t1.source_type = 'Hearing'
        limit 1
      ), 'period', (
        select json_build_object('dueOn', t4.due_on)
        from period t4
        where t4.shard = t1.shard
        and t4.id = t1.source_id
        and t1.source_type = 'Period'
        limit 1
      ), 'judgment', (
        select json_build_object(
          'id', encode(
            $1::bytea || uuid_send(t5.id) || substr(sha256($2::bytea || uuid_send(t5.id)), 1, 6),
            'hex'
          )
        )
        from judgment t5
        where t5.shard = t1.shard
        and t5.id = t1.source_id
        and t1.source_type = 'Judgment'
        limit 1
      ), 'escalations', (
        select coalesce(json_agg(t7.item), '[]'::json)
        from (
          select json_build_object('level', t6.level, 'letterNumber', t6.letter_number) as item
          from reminders_escalation t6
          where t6.shard = t1.shard
          and t6.obligation_id = t1.id
          order by t6.escalated_at, t6.id
          limit 100
        ) t7
      ), 'reminders', (
        select coalesce(json_agg(t9.item), '[]'::json)
        from (
          select json_build_object('offsetDays', t8.offset_days, 'phoneTask', t8.phone_task) as item
          from reminders_reminder t8
          where t8.shard = t1.shard
          and t8.obligation_id = t1.id
          order by t8.sent_at, t8.offset_days desc, t8.id
          limit 100
        ) t9
      ), 'agency', (
        select json_build_object('name', t10.name_zh)
        from agency t10
        where t10.shard = t1.shard
        and t10.id = t1.agency_id
        limit 1
      ), 'tenant', (
        select json_build_object('name', t11.name_zh)
        from tenant t11
        where t11.code = t1.code
        limit 1
      )
    ) end as c1
    from (
      select t12.*, row_number() over (order by t12.due_on asc, t12.id asc) as place
      from reminders_obligation t12
      where t12.shard = $3::integer
      and t12.state = $4::text
      order by t12.due_on asc, t12.id asc
      limit 2
    ) t1
  ) t2
)::text
-- $1 = 01cdc800001131
-- $2 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701cdc800001131
-- $3 = 4401
-- $4 = MISSED
