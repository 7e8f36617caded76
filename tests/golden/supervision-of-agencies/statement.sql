select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 2), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 2 then json_build_object(
      'name', t1.name_zh, 'supervisedObligations', (
        select json_build_object(
          'totalCount', (
            select count(*)
            from reminders_obligation t5
            where t5.shard = t1.shard
            and t5.agency_id = t1.id
            and t5.state = any($1::text[])
          ), 'nodes', coalesce(json_agg(t4.c1) filter (where t4.place <= 1), '[]'::json), 'pageInfo'
          , json_build_object('hasNextPage', coalesce(max(t4.c2) > 1, false))
        )
        from (
          select t3.place, case when t3.place <= 1 then json_build_object(
            'dueOn', t3.due_on, 'case', (
              select json_build_object('number', t6.number_text)
              from case_shell t6
              where t6.shard = t3.shard
              and t6.id = t3.case_id
              limit 1
            )
          ) end as c1, t3.place as c2
          from (
            select t7.*, row_number() over (order by t7.due_on asc, t7.id asc) as place
            from reminders_obligation t7
            where t7.shard = t1.shard
            and t7.agency_id = t1.id
            and t7.state = any($1::text[])
            order by t7.due_on asc, t7.id asc
            limit 2
          ) t3
        ) t4
      ), 'reports', (
        select json_build_object(
          'nodes', coalesce(json_agg(t9.c1) filter (where t9.place <= 1), '[]'::json)
        )
        from (
          select t8.place, case when t8.place <= 1 then json_build_object('dueOn', t8.due_on) end as
          c1
          from (
            select t10.*, row_number() over (order by t10.due_on asc, t10.id asc) as place
            from reminders_report t10
            where t10.shard = t1.shard
            and t10.agency_id = t1.id
            order by t10.due_on asc, t10.id asc
            limit 2
          ) t8
        ) t9
      ), 'supervisionTally', (
        select case when count(*) <= 1000 then coalesce(
          json_agg(
            json_build_object(
              'standing', t12.by_standing, 'total', t12.of_total, 'wasMissed', t12.of_was_missed
            )
            order by t12.by_standing
          ), '[]'::json
        ) else '["\u0000",0]'::json end
        from (
          select case when t11.state = 'VOID' then 'VOID' when t11.acted_on > t11.due_on then 'LATE'
          when t11.acted_on is not null then 'ON_TIME' when t11.state in (
            'RECEIVED', 'TRACKING', 'SUSPENDED'
          ) then 'OPEN' else 'MISSED' end as by_standing, count(*)::integer as of_total, (
            count(*) filter (where t11.missed_at is not null)
          )::integer as of_was_missed
          from reminders_obligation t11
          where t11.shard = $2::integer
          and t11.agency_id = t1.id
          group by 1
          having count(*)::integer <> 0
          limit 1001
        ) t12
      )
    ) end as c1
    from (
      select t13.*, row_number() over (order by t13.sort_key asc, t13.id asc) as place
      from agency t13
      where t13.shard = $2::integer
      order by t13.sort_key asc, t13.id asc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = [<ObligationState.TRACKING: 'TRACKING'>, <ObligationState.MISSED: 'MISSED'>]
-- $2 = 4401
