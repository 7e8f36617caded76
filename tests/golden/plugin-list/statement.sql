select json_build_object(
  'totalCount', (
    select count(*)
    from case_label t3
    where t3.shard = $1::integer
  ), 'nodes', (
    select coalesce(json_agg(t6.*), '[]'::json)
    from (
      select t1.text as "text", (
        select row_to_json(t5.*)
        from (
          select t4.number_text as "number"
          from case_shell t4
          where t4.shard = t1.shard
          and t4.id = t1.case_id
        ) t5
      ) as "case"
      from case_label t1
      where t1.shard = $1::integer
      order by t1.created_at desc, t1.id desc
      limit 2
    ) t6
  )
)::text
-- $1 = 4401
