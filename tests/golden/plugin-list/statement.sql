select (
  select json_build_object(
    'totalCount', (
      select count(*)
      from case_label t3
      where t3.shard = $1::integer
    ), 'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 2), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 2 then json_build_object(
      'text', t1.text, 'case', (
        select json_build_object('number', t4.number_text)
        from case_shell t4
        where t4.shard = t1.shard
        and t4.id = t1.case_id
        limit 1
      )
    ) end as c1
    from (
      select t5.*, row_number() over (order by t5.created_at desc, t5.id desc) as place
      from case_label t5
      where t5.shard = $1::integer
      order by t5.created_at desc, t5.id desc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = 4401
