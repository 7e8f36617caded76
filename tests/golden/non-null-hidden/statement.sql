select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t10.*)
        from (
          select t3.number_text as "number", (
            select coalesce(json_agg(t9.*), '[]'::json)
            from (
              select t4.kind as "kind", coalesce(
                (
                  select row_to_json(t6.*)
                  from (
                    select t5.number_text as "number"
                    from case_shell t5
                    where t5.shard = t4.shard
                    and t5.id = t4.from_case_id
                  ) t6
                ), '["\u0000",-1]'::json
              ) as "earlier", coalesce(
                (
                  select row_to_json(t8.*)
                  from (
                    select t7.number_text as "number"
                    from case_shell t7
                    where t7.shard = t4.shard
                    and t7.id = t4.to_case_id
                  ) t8
                ), '["\u0000",-1]'::json
              ) as "later"
              from case_link t4
              where t4.shard = t3.shard
              and t4.to_case_id = t3.id
              order by t4.id
              limit 100
            ) t9
          ) as "strictLinks"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t10
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and t1.district = $2::bigint
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t11
        where t11.shard = t1.shard
        and t11.case_id = t1.case_id
        and t11.ordinal < t1.ordinal
        and t11.shard = $1::integer
        and t11.district = $2::bigint
      )
    )
    order by t1.filed_on asc, t1.id asc
    limit 20
  ) t2
)::text
-- $1 = 4401
-- $2 = 440112000
