select json_build_object(
  'nodes', (
    select coalesce(json_agg(t13.*), '[]'::json)
    from (
      select case t1.source_type when 'Period' then (
        select json_build_object()
        from period t3
        where t3.shard = t1.shard
        and t3.id = t1.source_id
      ) when 'Hearing' then (
        select row_to_json(t6.*)
        from (
          select t5.held_on as "heldOn"
          from hearing t5
          where t5.shard = t1.shard
          and t5.id = t1.source_id
        ) t6
      ) when 'Suggestion' then (
        select json_build_object()
        from suggestion t7
        where t7.shard = t1.shard
        and t7.id = t1.source_id
      ) when 'Judgment' then (
        select json_build_object()
        from judgment t9
        where t9.shard = t1.shard
        and t9.id = t1.source_id
      ) end as "source", (
        select row_to_json(t12.*)
        from (
          select t11.number_text as "number", 12 / (t11.number_serial - 3) as "quotient"
          from case_shell t11
          where t11.shard = t1.shard
          and t11.id = t1.case_id
        ) t12
      ) as "case"
      from reminders_obligation t1
      where t1.shard = $1::integer
      order by t1.due_on asc, t1.id asc
      limit 1
    ) t13
  )
)::text
-- $1 = 4401

select json_build_object(
  'nodes', (
    select coalesce(json_agg(t13.*), '[]'::json)
    from (
      select case t1.source_type when 'Period' then json_build_array(
        '"\u0000"'::json, 0, (
          select json_build_object()
          from period t3
          where t3.shard = t1.shard
          and t3.id = t1.source_id
        )
      ) when 'Hearing' then json_build_array(
        '"\u0000"'::json, 1, (
          select row_to_json(t6.*)
          from (
            select t5.held_on as "heldOn"
            from hearing t5
            where t5.shard = t1.shard
            and t5.id = t1.source_id
          ) t6
        )
      ) when 'Suggestion' then json_build_array(
        '"\u0000"'::json, 2, (
          select json_build_object()
          from suggestion t7
          where t7.shard = t1.shard
          and t7.id = t1.source_id
        )
      ) when 'Judgment' then json_build_array(
        '"\u0000"'::json, 3, (
          select json_build_object()
          from judgment t9
          where t9.shard = t1.shard
          and t9.id = t1.source_id
        )
      ) end as "source", (
        select row_to_json(t12.*)
        from (
          select t11.number_text as "number", '["\u0000",4]'::json as "quotient"
          from case_shell t11
          where t11.shard = t1.shard
          and t11.id = t1.case_id
        ) t12
      ) as "case"
      from reminders_obligation t1
      where t1.shard = $1::integer
      order by t1.due_on asc, t1.id asc
      limit 1
    ) t13
  )
)::text
-- $1 = 4401
