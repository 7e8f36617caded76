select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t8.*)
        from (
          select t3.number_text as "number", (
            select coalesce(json_agg(t7.*), '[]'::json)
            from (
              select (
                select row_to_json(t6.*)
                from (
                  select t5.name_zh as "name"
                  from agency t5
                  where t5.shard = t4.shard
                  and t5.id = t4.agency_id
                ) t6
              ) as "agency"
              from response t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              order by t4.ordinal
              limit 100
            ) t7
          ) as "responses"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t8
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and t1.district = $2::bigint
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t9
        where t9.shard = t1.shard
        and t9.case_id = t1.case_id
        and t9.ordinal < t1.ordinal
        and t9.shard = $1::integer
        and t9.district = $2::bigint
      )
    )
    order by t1.filed_on desc, t1.id desc
    limit 20
  ) t2
)::text
-- $1 = 4401
-- $2 = 440112000
