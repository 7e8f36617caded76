select (
  select json_build_object(
    'nodes', coalesce(
      json_agg(t2.c1 order by t2.place desc) filter (where t2.place <= 2), '[]'::json
    ), 'pageInfo', json_build_object(
      'hasNextPage', true, 'hasPreviousPage', coalesce(max(t2.c2) > 2, false), 'startCursor', max(
        t2.c3
      ) filter (where t2.place = t2.c4 and t2.place <= 2), 'endCursor', max(t2.c3) filter (
        where t2.place = 1
        and t2.place <= 2
      )
    )
  )
  from (
    select t1.place, case when t1.place <= 2 then coalesce(
      (
        select json_build_object('number', t3.number_text)
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) end as c1, t1.place as c2, translate(
      encode(
        convert_to(json_build_array('FILED_ON_DESC', t1.filed_on, t1.id)::text, 'UTF8'), 'base64'
      ), E'+/\n=', '-_'
    ) as c3, least(2, count(*) over ()) as c4
    from (
      select t4.*, row_number() over (order by t4.filed_on asc, t4.id asc) as place
      from response t4
      where t4.shard = $3::integer
      and (t4.filed_on, t4.id) > ($2::date, $1::uuid)
      and (
        t4.ordinal = 0 or not exists (
          select 1
          from response t5
          where t5.shard = t4.shard
          and t5.case_id = t4.case_id
          and t5.ordinal < t4.ordinal
          and t5.shard = $3::integer
        )
      )
      order by t4.filed_on asc, t4.id asc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = 00000000-0000-7000-8004-000000000001
-- $2 = 2026-03-01
-- $3 = 4401
