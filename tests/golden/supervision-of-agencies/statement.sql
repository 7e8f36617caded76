select json_build_object(
  'nodes', (
    select coalesce(json_agg(t14.*), '[]'::json)
    from (
      select t1.name_zh as "name", (
        select json_build_object(
          'totalCount', (
            select count(*)
            from reminders_obligation t5
            where t5.shard = t1.shard
            and t5.agency_id = t1.id
            and t5.state = any($2::text[])
          ), 'nodes', coalesce(json_agg(t4.c1) filter (where t4.place <= 1), '[]'::json), 'pageInfo'
          , json_build_object('hasNextPage', coalesce(max(t4.c2) > 1, false))
        )
        from (
          select t3.place, case when t3.place <= 1 then json_build_object(
            'dueOn', t3.due_on, 'case', (
              select row_to_json(t7.*)
              from (
                select t6.number_text as "number"
                from case_shell t6
                where t6.shard = t3.shard
                and t6.id = t3.case_id
              ) t7
            )
          ) end as c1, t3.place as c2
          from (
            select t8.*, row_number() over (order by t8.due_on asc, t8.id asc) as place
            from reminders_obligation t8
            where t8.shard = t1.shard
            and t8.agency_id = t1.id
            and t8.state = any($2::text[])
            order by t8.due_on asc, t8.id asc
            limit 2
          ) t3
        ) t4
      ) as "supervisedObligations", json_build_object(
        'nodes', (
          select coalesce(json_agg(t11.*), '[]'::json)
          from (
            select t9.due_on as "dueOn"
            from reminders_report t9
            where t9.shard = t1.shard
            and t9.agency_id = t1.id
            order by t9.due_on asc, t9.id asc
            limit 1
          ) t11
        )
      ) as "reports", (
        select case when count(*) <= 1000 then coalesce(
          json_agg(
            json_build_object(
              'standing', t13.by_standing, 'total', t13.of_total, 'wasMissed', t13.of_was_missed
            )
            order by t13.by_standing
          ), '[]'::json
        ) else '["\u0000",0]'::json end
        from (
          select case when t12.state = 'VOID' then 'VOID' when t12.acted_on > t12.due_on then 'LATE'
          when t12.acted_on is not null then 'ON_TIME' when t12.state in (
            'RECEIVED', 'TRACKING', 'SUSPENDED'
          ) then 'OPEN' else 'MISSED' end as by_standing, count(*)::integer as of_total, (
            count(*) filter (where t12.missed_at is not null)
          )::integer as of_was_missed
          from reminders_obligation t12
          where t12.shard = $1::integer
          and t12.agency_id = t1.id
          group by 1
          having count(*)::integer <> 0
          limit 1001
        ) t13
      ) as "supervisionTally"
      from agency t1
      where t1.shard = $1::integer
      order by t1.sort_key asc, t1.id asc
      limit 2
    ) t14
  )
)::text
-- $1 = 4401
-- $2 = [<ObligationState.TRACKING: 'TRACKING'>, <ObligationState.MISSED: 'MISSED'>]
