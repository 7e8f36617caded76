select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 2), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 2 then json_build_object(
      'number', t1.number_text, 'month', t1.month, 'publishedOn', t1.published_on, 'figures', (
        select case when count(*) <= 1000 then coalesce(
          json_agg(
            json_build_object(
              'district', (
                select json_build_object('name', t5.name_zh)
                from tenant t5
                where t5.code = t4.by_district
                limit 1
              ), 'due', t4.of_due, 'onTime', t4.of_on_time, 'missed', t4.of_missed, 'onTimeRate',
              json_build_object(
                'percent', round(
                  100.0 * t4.of_on_time_rate_numerator / nullif(t4.of_on_time_rate_denominator, 0),
                  2
                )::text
              )
            )
            order by t4.by_district
          ), '[]'::json
        ) else '["\u0000",0]'::json end
        from (
          select t3.district_code as by_district, coalesce(sum(t3.due), 0)::integer as of_due,
          coalesce(sum(t3.on_time), 0)::integer as of_on_time, coalesce(sum(t3.missed), 0)::integer
          as of_missed, coalesce(sum(t3.on_time), 0)::integer as of_on_time_rate_numerator, coalesce(
            sum(t3.due - t3.void), 0
          )::integer as of_on_time_rate_denominator
          from reminders_circular_line t3
          where t3.shard = t1.shard
          and t3.circular_id = t1.id
          group by 1
          having coalesce(sum(t3.due), 0)::integer <> 0
          limit 1001
        ) t4
      ), 'lines', (
        select json_build_object(
          'totalCount', (
            select count(*)
            from reminders_circular_line t8
            where t8.shard = t1.shard
            and t8.circular_id = t1.id
          ), 'nodes', coalesce(json_agg(t7.c1) filter (where t7.place <= 2), '[]'::json)
        )
        from (
          select t6.place, case when t6.place <= 2 then json_build_object(
            'agencyName', t6.agency_name, 'agency', (
              select json_build_object('name', t9.name_zh)
              from agency t9
              where t9.shard = t6.shard
              and t9.id = t6.agency_id
              limit 1
            ), 'missed', t6.missed
          ) end as c1
          from (
            select t10.*, row_number() over (order by t10.missed desc, t10.id desc) as place
            from reminders_circular_line t10
            where t10.shard = t1.shard
            and t10.circular_id = t1.id
            order by t10.missed desc, t10.id desc
            limit 3
          ) t6
        ) t7
      ), 'misses', (
        select json_build_object(
          'nodes', coalesce(json_agg(t12.c1) filter (where t12.place <= 2), '[]'::json)
        )
        from (
          select t11.place, case when t11.place <= 2 then json_build_object(
            'agencyName', t11.agency_name, 'daysLate', t11.days_late
          ) end as c1
          from (
            select t13.*, row_number() over (order by t13.district_code asc, t13.id asc) as place
            from reminders_circular_miss t13
            where t13.shard = t1.shard
            and t13.circular_id = t1.id
            order by t13.district_code asc, t13.id asc
            limit 3
          ) t11
        ) t12
      ), 'corrections', (
        select json_build_object(
          'nodes', coalesce(json_agg(t15.c1) filter (where t15.place <= 2), '[]'::json)
        )
        from (
          select t14.place, case when t14.place <= 2 then json_build_object(
            'month', t14.month, 'measure', t14.measure, 'before', t14.before, 'after', t14.after
          ) end as c1
          from (
            select t16.*, row_number() over (order by t16.month asc, t16.id asc) as place
            from reminders_circular_correction t16
            where t16.shard = t1.shard
            and t16.circular_id = t1.id
            order by t16.month asc, t16.id asc
            limit 3
          ) t14
        ) t15
      ), 'files', (
        select coalesce(json_agg(t18.item), '[]'::json)
        from (
          select json_build_object(
            'format', t17.format, 'name', t17.name, 'size', coalesce(
              to_json(t17.size::text), '["\u0000",-1]'::json
            )
          ) as item
          from reminders_circular_file t17
          where t17.shard = t1.shard
          and t17.circular_id = t1.id
          order by t17.format
          limit 100
        ) t18
      )
    ) end as c1
    from (
      select t19.*, row_number() over (order by t19.month desc, t19.id desc) as place
      from reminders_circular t19
      where t19.shard = $1::integer
      order by t19.month desc, t19.id desc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = 4401
