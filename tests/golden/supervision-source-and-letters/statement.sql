select json_build_object(
  'nodes', (
    select coalesce(json_agg(t19.*), '[]'::json)
    from (
      select t1.violation_date as "violationDate", t1.remedy_due_on as "remedyDueOn", case
      t1.source_type when 'Period' then (
        select row_to_json(t4.*)
        from (
          select 'Period'::text as "__typename", encode(
            $2::bytea || uuid_send(t3.id) || substr(sha256($3::bytea || uuid_send(t3.id)), 1, 6),
            'hex'
          ) as "id", t3.due_on as "dueOn"
          from period t3
          where t3.shard = t1.shard
          and t3.id = t1.source_id
        ) t4
      ) when 'Hearing' then (
        select row_to_json(t6.*)
        from (
          select 'Hearing'::text as "__typename", encode(
            $4::bytea || uuid_send(t5.id) || substr(sha256($5::bytea || uuid_send(t5.id)), 1, 6),
            'hex'
          ) as "id", t5.held_on as "heldOn"
          from hearing t5
          where t5.shard = t1.shard
          and t5.id = t1.source_id
        ) t6
      ) when 'Suggestion' then (
        select row_to_json(t8.*)
        from (
          select 'Suggestion'::text as "__typename", encode(
            $6::bytea || uuid_send(t7.id) || substr(sha256($7::bytea || uuid_send(t7.id)), 1, 6),
            'hex'
          ) as "id"
          from suggestion t7
          where t7.shard = t1.shard
          and t7.id = t1.source_id
        ) t8
      ) when 'Judgment' then (
        select row_to_json(t10.*)
        from (
          select 'Judgment'::text as "__typename", encode(
            $8::bytea || uuid_send(t9.id) || substr(sha256($9::bytea || uuid_send(t9.id)), 1, 6),
            'hex'
          ) as "id"
          from judgment t9
          where t9.shard = t1.shard
          and t9.id = t1.source_id
        ) t10
      ) end as "source", (
        select coalesce(json_agg(t12.*), '[]'::json)
        from (
          select t11.level as "level", t11.letter_number as "letterNumber"
          from reminders_escalation t11
          where t11.shard = t1.shard
          and t11.obligation_id = t1.id
          order by t11.escalated_at, t11.id
          limit 100
        ) t12
      ) as "escalations", (
        select coalesce(json_agg(t14.*), '[]'::json)
        from (
          select t13.offset_days as "offsetDays", t13.phone_task as "phoneTask"
          from reminders_reminder t13
          where t13.shard = t1.shard
          and t13.obligation_id = t1.id
          order by t13.sent_at, t13.offset_days desc, t13.id
          limit 100
        ) t14
      ) as "reminders", (
        select row_to_json(t16.*)
        from (
          select t15.name_zh as "name"
          from agency t15
          where t15.shard = t1.shard
          and t15.id = t1.agency_id
        ) t16
      ) as "agency", (
        select row_to_json(t18.*)
        from (
          select t17.name_zh as "name"
          from tenant t17
          where t17.code = t1.code
        ) t18
      ) as "tenant"
      from reminders_obligation t1
      where t1.shard = $1::integer
      and t1.missed_at is not null
      order by t1.due_on asc, t1.id asc
      limit 1
    ) t19
  )
)::text
-- $1 = 4401
-- $2 = 011bf800001131
-- $3 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e67011bf800001131
-- $4 = 010e1e00001131
-- $5 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e67010e1e00001131
-- $6 = 01f0cb00001131
-- $7 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701f0cb00001131
-- $8 = 01cdc800001131
-- $9 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701cdc800001131
