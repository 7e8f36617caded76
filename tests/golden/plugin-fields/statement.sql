select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 2), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 2 then coalesce(
      (
        select json_build_object(
          'number', t3.number_text, 'labelCount', (
            select count(*)::integer
            from case_label l
            where l.shard = t3.shard
            and l.case_id = t3.id
          ), 'labels', (
            select coalesce(json_agg(t5.item), '[]'::json)
            from (
              select json_build_object('text', t4.text, 'colour', t4.colour) as item
              from case_label t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              order by t4.created_at, t4.id
              limit 100
            ) t5
          )
        )
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) end as c1
    from (
      select t6.*, row_number() over (order by t6.filed_on desc, t6.id desc) as place
      from response t6
      where t6.shard = $1::integer
      and (
        t6.ordinal = 0 or not exists (
          select 1
          from response t7
          where t7.shard = t6.shard
          and t7.case_id = t6.case_id
          and t7.ordinal < t6.ordinal
          and t7.shard = $1::integer
        )
      )
      order by t6.filed_on desc, t6.id desc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = 4401
