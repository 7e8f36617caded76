select (
  select json_build_object(
    'number', t1.number_text, 'court', (
      select json_build_object(
        'name', t2.name_zh, 'level', coalesce(to_json(upper(t2.level)), '["\u0000",-1]'::json)
      )
      from court t2
      where t2.code = t1.court_code
    ), 'cause', (
      select json_build_object(
        'name', t4.name_zh, 'parent', (
          select json_build_object('name', t5.name_zh)
          from cause t5
          where t5.code = t4.parent_code
        )
      )
      from cause t4
      where t4.code = t1.cause_code
    ), 'dispute', (
      select json_build_object('title', t8.title)
      from dispute t8
      where t8.shard = t1.shard
      and t8.id = t1.dispute_id
    ), 'responses', (
      select coalesce(json_agg(t15.item), '[]'::json)
      from (
        select json_build_object(
          'role', t10.role, 'agency', (
            select json_build_object(
              'name', t11.name_zh, 'aliases', t11.aliases, 'tenant', (
                select json_build_object('name', t12.name_zh)
                from tenant t12
                where t12.code = t11.code
              )
            )
            from agency t11
            where t11.shard = t10.shard
            and t11.id = t10.agency_id
          )
        ) as item
        from response t10
        where t10.shard = t1.shard
        and t10.case_id = t1.id
        order by t10.ordinal
        limit 100
      ) t15
    )
  )
  from case_shell t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8001-000000000003
