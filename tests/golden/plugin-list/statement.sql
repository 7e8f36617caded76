select (
  select json_build_object(
    'totalCount', (
      select count(*)
      from case_label t3
      where t3.shard = $1::integer
    ), 'nodes', coalesce(json_agg(t2.c1), '[]'::json)
  )
  from (
    select json_build_object(
      'text', t1.text, 'case', (
        select json_build_object('number', t4.number_text)
        from case_shell t4
        where t4.shard = t1.shard
        and t4.id = t1.case_id
        limit 1
      )
    ) as c1
    from case_label t1
    where t1.shard = $1::integer
    order by t1.created_at desc, t1.id desc
    limit 2
  ) t2
)::text
-- $1 = 4401
