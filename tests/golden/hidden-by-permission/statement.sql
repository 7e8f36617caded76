select (
  select json_build_object(
    'number', t1.number_text, 'parties', null::json, 'hearings', (
      select json_build_object('nodes', coalesce(json_agg(t3.c1), '[]'::json))
      from (
        select coalesce(
          (
            select json_build_object('heldOn', t4.held_on, 'appearances', null::json)
            from hearing t4
            where t4.shard = t2.shard
            and t4.id = t2.hearing_id
          ), '["\u0000",-1]'::json
        ) as c1
        from appearance t2
        where t2.shard = t1.shard
        and t2.case_id = t1.id
        and (
          t2.ordinal = 0 or not exists (
            select 1
            from appearance t6
            where t6.shard = t2.shard
            and t6.hearing_id = t2.hearing_id
            and t6.ordinal < t2.ordinal
            and t6.shard = t1.shard
            and t6.case_id = t1.id
          )
        )
        order by t2.held_on desc, t2.id desc
        limit 20
      ) t3
    )
  )
  from case_shell t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8001-000000000001
