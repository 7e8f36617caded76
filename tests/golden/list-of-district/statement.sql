select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 20), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 20 then coalesce(
      (
        select json_build_object(
          'number', t3.number_text, 'responses', (
            select coalesce(json_agg(t6.item), '[]'::json)
            from (
              select json_build_object(
                'agency', (
                  select json_build_object('name', t5.name_zh)
                  from agency t5
                  where t5.shard = t4.shard
                  and t5.id = t4.agency_id
                  limit 1
                )
              ) as item
              from response t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              order by t4.ordinal
              limit 100
            ) t6
          )
        )
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) end as c1
    from (
      select t7.*, row_number() over (order by t7.filed_on desc, t7.id desc) as place
      from response t7
      where t7.shard = $1::integer
      and t7.district = $2::bigint
      and (
        t7.ordinal = 0 or not exists (
          select 1
          from response t8
          where t8.shard = t7.shard
          and t8.case_id = t7.case_id
          and t8.ordinal < t7.ordinal
          and t8.shard = $1::integer
          and t8.district = $2::bigint
        )
      )
      order by t7.filed_on desc, t7.id desc
      limit 21
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = 440112000
