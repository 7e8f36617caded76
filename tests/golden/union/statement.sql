select json_build_object(
  'nodes', (
    select coalesce(json_agg(t13.*), '[]'::json)
    from (
      select t1.kind as "kind", case t1.source_type when 'Period' then (
        select row_to_json(t4.*)
        from (
          select 'Period'::text as "kind", encode(
            $2::bytea || uuid_send(t3.id) || substr(sha256($3::bytea || uuid_send(t3.id)), 1, 6),
            'hex'
          ) as "id", t3.due_on as "dueOn"
          from period t3
          where t3.shard = t1.shard
          and t3.id = t1.source_id
        ) t4
      ) when 'Hearing' then (
        select row_to_json(t8.*)
        from (
          select 'Hearing'::text as "kind", encode(
            $4::bytea || uuid_send(t5.id) || substr(sha256($5::bytea || uuid_send(t5.id)), 1, 6),
            'hex'
          ) as "id", t5.held_on as "heldOn", (
            select row_to_json(t7.*)
            from (
              select t6.number_text as "number"
              from case_shell t6
              where t6.shard = t5.shard
              and t6.id = t5.case_id
            ) t7
          ) as "case"
          from hearing t5
          where t5.shard = t1.shard
          and t5.id = t1.source_id
        ) t8
      ) when 'Suggestion' then (
        select row_to_json(t10.*)
        from (
          select 'Suggestion'::text as "kind", encode(
            $6::bytea || uuid_send(t9.id) || substr(sha256($7::bytea || uuid_send(t9.id)), 1, 6),
            'hex'
          ) as "id", t9.reply_due_on as "replyDueOn"
          from suggestion t9
          where t9.shard = t1.shard
          and t9.id = t1.source_id
        ) t10
      ) when 'Judgment' then (
        select row_to_json(t12.*)
        from (
          select 'Judgment'::text as "kind", encode(
            $8::bytea || uuid_send(t11.id) || substr(sha256($9::bytea || uuid_send(t11.id)), 1, 6),
            'hex'
          ) as "id"
          from judgment t11
          where t11.shard = t1.shard
          and t11.id = t1.source_id
        ) t12
      ) end as "source"
      from reminders_obligation t1
      where t1.shard = $1::integer
      order by t1.due_on asc, t1.id asc
      limit 20
    ) t13
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
