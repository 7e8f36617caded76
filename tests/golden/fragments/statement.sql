select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t6.*)
        from (
          select t3.number_text as "number", t3.filed_on as "filedOn", t3.closed_on as "closedOn", (
            select row_to_json(t5.*)
            from (
              select t4.code as "code", t4.name_zh as "name"
              from court t4
              where t4.code = t3.court_code
            ) t5
          ) as "court"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t6
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t7
        where t7.shard = t1.shard
        and t7.case_id = t1.case_id
        and t7.ordinal < t1.ordinal
        and t7.shard = $1::integer
      )
    )
    order by t1.filed_on desc, t1.id desc
    limit 2
  ) t2
)::text
-- $1 = 4401
