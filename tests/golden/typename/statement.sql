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
          select json_build_object(
            '__typename', 'Case'::text, 'court', (
              select json_build_object('__typename', 'Court'::text)
              from court t4
              where t4.code = t3.court_code
              limit 1
            )
          )
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ), '["\u0000",-1]'::json
      )
    ) end as c1
    from (
      select t5.*, row_number() over (order by t5.filed_on desc, t5.id desc) as place
      from response t5
      where t5.shard = $1::integer
      and (
        t5.ordinal = 0 or not exists (
          select 1
          from response t6
          where t6.shard = t5.shard
          and t6.case_id = t5.case_id
          and t6.ordinal < t5.ordinal
          and t6.shard = $1::integer
        )
      )
      order by t5.filed_on desc, t5.id desc
      limit 2
    ) t1
  ) t2
)::text
-- $1 = 4401
