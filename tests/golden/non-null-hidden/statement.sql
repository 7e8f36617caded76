select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select json_build_object(
          'number', t3.number_text, 'strictLinks', (
            select coalesce(json_agg(t7.item), '[]'::json)
            from (
              select json_build_object(
                'kind', t4.kind, 'earlier', coalesce(
                  (
                    select json_build_object('number', t5.number_text)
                    from case_shell t5
                    where t5.shard = t4.shard
                    and t5.id = t4.from_case_id
                    limit 1
                  ), '["\u0000",-1]'::json
                ), 'later', coalesce(
                  (
                    select json_build_object('number', t6.number_text)
                    from case_shell t6
                    where t6.shard = t4.shard
                    and t6.id = t4.to_case_id
                    limit 1
                  ), '["\u0000",-1]'::json
                )
              ) as item
              from case_link t4
              where t4.shard = t3.shard
              and t4.to_case_id = t3.id
              order by t4.id
              limit 100
            ) t7
          )
        )
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and t1.district = $2::bigint
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t8
        where t8.shard = t1.shard
        and t8.case_id = t1.case_id
        and t8.ordinal < t1.ordinal
        and t8.shard = $1::integer
        and t8.district = $2::bigint
      )
    )
    order by t1.filed_on asc, t1.id asc
    limit 20
  ) t2
)::text
-- $1 = 4401
-- $2 = 440112000
