select json_build_object(
  'nodes', (
    select coalesce(json_agg(t17.*), '[]'::json)
    from (
      select t1.violation_date as "violationDate", t1.remedy_due_on as "remedyDueOn", (
        select row_to_json(t4.*)
        from (
          select t3.held_on as "heldOn"
          from hearing t3
          where t3.shard = t1.shard
          and t3.id = t1.source_id
          and t1.source_type = 'Hearing'
          limit 1
        ) t4
      ) as "hearing", (
        select row_to_json(t6.*)
        from (
          select t5.due_on as "dueOn"
          from period t5
          where t5.shard = t1.shard
          and t5.id = t1.source_id
          and t1.source_type = 'Period'
          limit 1
        ) t6
      ) as "period", (
        select row_to_json(t8.*)
        from (
          select encode(
            $2::bytea || uuid_send(t7.id) || substr(sha256($3::bytea || uuid_send(t7.id)), 1, 6),
            'hex'
          ) as "id"
          from judgment t7
          where t7.shard = t1.shard
          and t7.id = t1.source_id
          and t1.source_type = 'Judgment'
          limit 1
        ) t8
      ) as "judgment", (
        select coalesce(json_agg(t10.*), '[]'::json)
        from (
          select t9.level as "level", t9.letter_number as "letterNumber"
          from reminders_escalation t9
          where t9.shard = t1.shard
          and t9.obligation_id = t1.id
          order by t9.escalated_at, t9.id
          limit 100
        ) t10
      ) as "escalations", (
        select coalesce(json_agg(t12.*), '[]'::json)
        from (
          select t11.offset_days as "offsetDays", t11.phone_task as "phoneTask"
          from reminders_reminder t11
          where t11.shard = t1.shard
          and t11.obligation_id = t1.id
          order by t11.sent_at, t11.offset_days desc, t11.id
          limit 100
        ) t12
      ) as "reminders", (
        select row_to_json(t14.*)
        from (
          select t13.name_zh as "name"
          from agency t13
          where t13.shard = t1.shard
          and t13.id = t1.agency_id
        ) t14
      ) as "agency", (
        select row_to_json(t16.*)
        from (
          select t15.name_zh as "name"
          from tenant t15
          where t15.code = t1.code
        ) t16
      ) as "tenant"
      from reminders_obligation t1
      where t1.shard = $1::integer
      and t1.missed_at is not null
      order by t1.due_on asc, t1.id asc
      limit 1
    ) t17
  )
)::text
-- $1 = 4401
-- $2 = 01cdc800001131
-- $3 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701cdc800001131
