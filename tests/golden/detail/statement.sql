select (
  select json_build_object(
    'number', t1.number_text, 'court', (
      select json_build_object(
        'name', t2.name_zh, 'level', coalesce(to_json(upper(t2.level)), '["\u0000",-1]'::json)
      )
      from court t2
      where t2.code = t1.court_code
      limit 1
    ), 'cause', (
      select json_build_object(
        'name', t3.name_zh, 'parent', (
          select json_build_object('name', t4.name_zh)
          from cause t4
          where t4.code = t3.parent_code
          limit 1
        )
      )
      from cause t3
      where t3.code = t1.cause_code
      limit 1
    ), 'dispute', (
      select json_build_object('title', t5.title)
      from dispute t5
      where t5.shard = t1.shard
      and t5.id = t1.dispute_id
      limit 1
    ), 'responses', (
      select coalesce(json_agg(t9.item), '[]'::json)
      from (
        select json_build_object(
          'role', t6.role, 'agency', (
            select json_build_object(
              'name', t7.name_zh, 'aliases', t7.aliases, 'tenant', (
                select json_build_object('name', t8.name_zh)
                from tenant t8
                where t8.code = t7.code
                limit 1
              )
            )
            from agency t7
            where t7.shard = t6.shard
            and t7.id = t6.agency_id
            limit 1
          )
        ) as item
        from response t6
        where t6.shard = t1.shard
        and t6.case_id = t1.id
        order by t6.ordinal
        limit 100
      ) t9
    )
  )
  from case_shell t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8001-000000000003
