select json_build_object(
  'nodes', (
    select coalesce(json_agg(t21.*), '[]'::json)
    from (
      select t1.number_text as "number", t1.month as "month", t1.published_on as "publishedOn", (
        select case when count(*) <= 1000 then coalesce(
          json_agg(
            json_build_object(
              'district', (
                select row_to_json(t6.*)
                from (
                  select t5.name_zh as "name"
                  from tenant t5
                  where t5.code = t4.by_district
                  limit 1
                ) t6
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
      ) as "figures", json_build_object(
        'totalCount', (
          select count(*)
          from reminders_circular_line t9
          where t9.shard = t1.shard
          and t9.circular_id = t1.id
        ), 'nodes', (
          select coalesce(json_agg(t12.*), '[]'::json)
          from (
            select t7.agency_name as "agencyName", (
              select row_to_json(t11.*)
              from (
                select t10.name_zh as "name"
                from agency t10
                where t10.shard = t7.shard
                and t10.id = t7.agency_id
              ) t11
            ) as "agency", t7.missed as "missed"
            from reminders_circular_line t7
            where t7.shard = t1.shard
            and t7.circular_id = t1.id
            order by t7.missed desc, t7.id desc
            limit 2
          ) t12
        )
      ) as "lines", json_build_object(
        'nodes', (
          select coalesce(json_agg(t15.*), '[]'::json)
          from (
            select t13.agency_name as "agencyName", t13.days_late as "daysLate"
            from reminders_circular_miss t13
            where t13.shard = t1.shard
            and t13.circular_id = t1.id
            order by t13.district_code asc, t13.id asc
            limit 2
          ) t15
        )
      ) as "misses", json_build_object(
        'nodes', (
          select coalesce(json_agg(t18.*), '[]'::json)
          from (
            select t16.month as "month", t16.measure as "measure", t16.before as "before", t16.after
            as "after"
            from reminders_circular_correction t16
            where t16.shard = t1.shard
            and t16.circular_id = t1.id
            order by t16.month asc, t16.id asc
            limit 2
          ) t18
        )
      ) as "corrections", (
        select coalesce(json_agg(t20.*), '[]'::json)
        from (
          select t19.format as "format", t19.name as "name", coalesce(
            to_json(t19.size::text), '["\u0000",-1]'::json
          ) as "size"
          from reminders_circular_file t19
          where t19.shard = t1.shard
          and t19.circular_id = t1.id
          order by t19.format
          limit 100
        ) t20
      ) as "files"
      from reminders_circular t1
      where t1.shard = $1::integer
      order by t1.month desc, t1.id desc
      limit 2
    ) t21
  )
)::text
-- $1 = 4401
