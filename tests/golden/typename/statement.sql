select (
  select json_build_object(
    '__typename', 'CaseConnection'::text, 'edges', coalesce(
      json_agg(t2.c1) filter (where t2.place <= 1), '[]'::json
    ), 'pageInfo', json_build_object('__typename', 'PageInfo'::text)
  )
  from (
    select t1.place, case when t1.place <= 1 then json_build_object(
      '__typename', 'CaseEdge'::text, 'node', coalesce(
        (
          select row_to_json(t6.*)
          from (
            select 'Case'::text as "__typename", (
              select row_to_json(t5.*)
              from (
                select 'Court'::text as "__typename"
                from court t4
                where t4.code = t3.court_code
              ) t5
            ) as "court"
            from case_shell t3
            where t3.shard = t1.shard
            and t3.id = t1.case_id
          ) t6
        ), '["\u0000",-1]'::json
      )
    ) end as c1
    from (
      select t7.*, row_number() over (order by t7.filed_on desc, t7.id desc) as place
      from response t7
      where t7.shard = $1::integer
      and (
        t7.ordinal = 0 or not exists (
          select 1
          from response t8
          where t8.shard = t7.shard
          and t8.case_id = t7.case_id
          and t8.ordinal < t7.ordinal
          and t8.shard = $1::integer
        )
      )
      order by t7.filed_on desc, t7.id desc
      limit 2
    ) t1
  ) t2
)::text
-- $1 = 4401
