select (
  select json_build_object(
    'nodes', coalesce(json_agg(t2.c1) filter (where t2.place <= 2), '[]'::json)
  )
  from (
    select t1.place, case when t1.place <= 2 then coalesce(
      (
        select json_build_object(
          'number', t3.number_text, 'nextDueOn', (
            select min(o.due_on)
            from reminders_obligation o
            where o.shard = t3.shard
            and o.case_id = t3.id
            and o.state in ('RECEIVED', 'TRACKING')
          ), 'supervisedObligations', (
            select coalesce(json_agg(t9.item), '[]'::json)
            from (
              select json_build_object(
                'kind', t4.kind, 'state', t4.state, 'standing', case when t4.state = 'VOID' then
                'VOID' when t4.acted_on > t4.due_on then 'LATE' when t4.acted_on is not null then
                'ON_TIME' when t4.state in ('RECEIVED', 'TRACKING', 'SUSPENDED') then 'OPEN' else
                'MISSED' end, 'dueOn', t4.due_on, 'wasMissed', (t4.missed_at is not null), 'history'
                , (
                  select coalesce(json_agg(t6.item), '[]'::json)
                  from (
                    select json_build_object(
                      'ordinal', t5.ordinal, 'transition', case when t5.obligation_id is not null
                      then t5.transition end, 'toState', case when t5.obligation_id is not null then
                      t5.to_state end, 'reportState', case when t5.report_id is not null then
                      t5.to_state end
                    ) as item
                    from reminders_event t5
                    where t5.shard = t4.shard
                    and t5.obligation_id = t4.id
                    order by t5.ordinal, t5.id
                    limit 100
                  ) t6
                ), 'remedies', (
                  select coalesce(json_agg(t8.item), '[]'::json)
                  from (
                    select json_build_object('state', t7.state, 'plan', t7.plan) as item
                    from reminders_remedy t7
                    where t7.shard = t4.shard
                    and t7.obligation_id = t4.id
                    order by t7.ordinal
                    limit 100
                  ) t8
                )
              ) as item
              from reminders_obligation t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              order by t4.due_on, t4.id
              limit 100
            ) t9
          ), 'reports', (
            select coalesce(json_agg(t12.item), '[]'::json)
            from (
              select json_build_object(
                'docType', t10.doc_type, 'state', t10.state, 'dueOn', t10.due_on, 'document', (
                  select json_build_object('title', t11.title)
                  from document t11
                  where t11.shard = t10.shard
                  and t11.id = t10.document_id
                  limit 1
                )
              ) as item
              from reminders_report t10
              where t10.shard = t3.shard
              and t10.case_id = t3.id
              order by t10.due_on, t10.id
              limit 100
            ) t12
          )
        )
        from case_shell t3
        where t3.shard = t1.shard
        and t3.id = t1.case_id
      ), '["\u0000",-1]'::json
    ) end as c1
    from (
      select t13.*, row_number() over (order by t13.filed_on asc, t13.id asc) as place
      from response t13
      where t13.shard = $1::integer
      and (
        t13.ordinal = 0 or not exists (
          select 1
          from response t14
          where t14.shard = t13.shard
          and t14.case_id = t13.case_id
          and t14.ordinal < t13.ordinal
          and t14.shard = $1::integer
        )
      )
      order by t13.filed_on asc, t13.id asc
      limit 3
    ) t1
  ) t2
)::text
-- $1 = 4401
