select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t4.*)
        from (
          select t3.number_text as "number"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t4
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and t1.court_code = $2::text
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t5
        where t5.shard = t1.shard
        and t5.case_id = t1.case_id
        and t5.ordinal < t1.ordinal
        and t5.shard = $1::integer
        and t5.court_code = $2::text
      )
    )
    order by t1.filed_on desc, t1.id desc
    limit 20
  ) t2
)::text
-- $1 = 4401
-- $2 = 粤7101
