select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t18.*)
        from (
          select t3.number_text as "number", (
            select json_build_object(
              'totalCount', (
                select count(*)
                from appearance t6
                where t6.shard = t3.shard
                and t6.case_id = t3.id
                and t6.held_on >= $1::date
                and (
                  t6.ordinal = 0 or not exists (
                    select 1
                    from appearance t7
                    where t7.shard = t6.shard
                    and t7.hearing_id = t6.hearing_id
                    and t7.ordinal < t6.ordinal
                    and t7.shard = t3.shard
                    and t7.case_id = t3.id
                    and t7.held_on >= $1::date
                  )
                )
              ), 'nodes', coalesce(json_agg(t5.c1) filter (where t5.place <= 1), '[]'::json),
              'pageInfo', json_build_object(
                'hasNextPage', coalesce(max(t5.c2) > 1, false), 'endCursor', max(t5.c3) filter (
                  where t5.place = t5.c4
                  and t5.place <= 1
                )
              )
            )
            from (
              select t4.place, case when t4.place <= 1 then coalesce(
                (
                  select row_to_json(t13.*)
                  from (
                    select t8.held_on as "heldOn", to_char(t8.starts_at, 'HH24:MI') as "startsAt", (
                      select coalesce(json_agg(t12.*), '[]'::json)
                      from (
                        select (
                          select row_to_json(t11.*)
                          from (
                            select t10.name_zh as "name"
                            from agency t10
                            where t10.shard = t9.shard
                            and t10.id = t9.agency_id
                          ) t11
                        ) as "agency"
                        from appearance t9
                        where t9.shard = t8.shard
                        and t9.hearing_id = t8.id
                        order by t9.ordinal, t9.id
                        limit 100
                      ) t12
                    ) as "appearances"
                    from hearing t8
                    where t8.shard = t4.shard
                    and t8.id = t4.hearing_id
                  ) t13
                ), '["\u0000",-1]'::json
              ) end as c1, t4.place as c2, translate(
                encode(
                  convert_to(json_build_array('HELD_ON_ASC', t4.held_on, t4.id)::text, 'UTF8'),
                  'base64'
                ), E'+/\n=', '-_'
              ) as c3, least(1, count(*) over ()) as c4
              from (
                select t14.*, row_number() over (order by t14.held_on asc, t14.id asc) as place
                from appearance t14
                where t14.shard = t3.shard
                and t14.case_id = t3.id
                and t14.held_on >= $1::date
                and (
                  t14.ordinal = 0 or not exists (
                    select 1
                    from appearance t15
                    where t15.shard = t14.shard
                    and t15.hearing_id = t14.hearing_id
                    and t15.ordinal < t14.ordinal
                    and t15.shard = t3.shard
                    and t15.case_id = t3.id
                    and t15.held_on >= $1::date
                  )
                )
                order by t14.held_on asc, t14.id asc
                limit 2
              ) t4
            ) t5
          ) as "hearings", (
            select json_build_object('edges', coalesce(json_agg(t17.c1), '[]'::json))
            from (
              select json_build_object(
                'cursor', translate(
                  encode(
                    convert_to(
                      json_build_array('RECEIVED_ON_DESC', t16.received_on, t16.id)::text, 'UTF8'
                    ), 'base64'
                  ), E'+/\n=', '-_'
                ), 'node', json_build_object('title', t16.title)
              ) as c1
              from document t16
              where t16.shard = t3.shard
              and t16.case_id = t3.id
              order by t16.received_on desc, t16.id desc
              limit 3
            ) t17
          ) as "documents"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t18
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $2::integer
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t19
        where t19.shard = t1.shard
        and t19.case_id = t1.case_id
        and t19.ordinal < t1.ordinal
        and t19.shard = $2::integer
      )
    )
    order by t1.filed_on desc, t1.id desc
    limit 2
  ) t2
)::text
-- $1 = 2026-03-01
-- $2 = 4401
