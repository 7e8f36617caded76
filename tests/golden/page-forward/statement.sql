select (
  select json_build_object(
    'edges', coalesce(json_agg(t2.c1) filter (where t2.place <= 1), '[]'::json), 'pageInfo',
    json_build_object(
      'hasNextPage', coalesce(max(t2.c2) > 1, false), 'hasPreviousPage', true, 'startCursor', max(
        t2.c3
      ) filter (where t2.place = 1 and t2.place <= 1), 'endCursor', max(t2.c3) filter (
        where t2.place = t2.c4
        and t2.place <= 1
      )
    )
  )
  from (
    select t1.place, case when t1.place <= 1 then json_build_object(
      'cursor', translate(
        encode(
          convert_to(json_build_array('FILED_ON_DESC', t1.filed_on, t1.id)::text, 'UTF8'), 'base64'
        ), E'+/\n=', '-_'
      ), 'node', coalesce(
        (
          select row_to_json(t4.*)
          from (
            select t3.number_text as "number"
            from case_shell t3
            where t3.shard = t1.shard
            and t3.id = t1.case_id
          ) t4
        ), '["\u0000",-1]'::json
      )
    ) end as c1, t1.place as c2, translate(
      encode(
        convert_to(json_build_array('FILED_ON_DESC', t1.filed_on, t1.id)::text, 'UTF8'), 'base64'
      ), E'+/\n=', '-_'
    ) as c3, least(1, count(*) over ()) as c4
    from (
      select t5.*, row_number() over (order by t5.filed_on desc, t5.id desc) as place
      from response t5
      where t5.shard = $3::integer
      and (t5.filed_on, t5.id) < ($2::date, $1::uuid)
      and (
        t5.ordinal = 0 or not exists (
          select 1
          from response t6
          where t6.shard = t5.shard
          and t6.case_id = t5.case_id
          and t6.ordinal < t5.ordinal
          and t6.shard = $3::integer
        )
      )
      order by t5.filed_on desc, t5.id desc
      limit 2
    ) t1
  ) t2
)::text
-- $1 = 00000000-0000-7000-8004-000000000003
-- $2 = 2026-03-03
-- $3 = 4401
