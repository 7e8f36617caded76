select (
  select json_build_object(
    'number', t1.number_text, 'parties', null::json, 'hearings', (
      select json_build_object(
        'nodes', coalesce(json_agg(t3.c1) filter (where t3.place <= 20), '[]'::json)
      )
      from (
        select t2.place, case when t2.place <= 20 then coalesce(
          (
            select json_build_object('heldOn', t4.held_on, 'appearances', null::json)
            from hearing t4
            where t4.shard = t2.shard
            and t4.id = t2.hearing_id
          ), '["\u0000",-1]'::json
        ) end as c1
        from (
          select t5.*, row_number() over (order by t5.held_on desc, t5.id desc) as place
          from appearance t5
          where t5.shard = t1.shard
          and t5.case_id = t1.id
          and (
            t5.ordinal = 0 or not exists (
              select 1
              from appearance t6
              where t6.shard = t5.shard
              and t6.hearing_id = t5.hearing_id
              and t6.ordinal < t5.ordinal
              and t6.shard = t1.shard
              and t6.case_id = t1.id
            )
          )
          order by t5.held_on desc, t5.id desc
          limit 21
        ) t2
      ) t3
    )
  )
  from case_shell t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8001-000000000001
