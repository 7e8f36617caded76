select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 1), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 1 then coalesce(
      (
        select json_build_object('number', t3.number_text)
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) end as c1
    from (
      select t4.*, row_number() over (order by t4.filed_on asc, t4.id asc) as place
      from response t4
      where t4.shard = $1::integer
      and t4.status = $2::text
      and (
        t4.ordinal = 0 or not exists (
          select 1
          from response t5
          where t5.shard = t4.shard
          and t5.case_id = t4.case_id
          and t5.ordinal < t4.ordinal
          and t5.shard = $1::integer
          and t5.status = $2::text
        )
      )
      order by t4.filed_on asc, t4.id asc
      limit 2
    ) t1
  ) t2
)::text
-- $1 = 4401
-- $2 = OPEN
