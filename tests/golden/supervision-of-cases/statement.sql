select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t14.*)
        from (
          select t3.number_text as "number", (
            select min(o.due_on)
            from reminders_obligation o
            where o.shard = t3.shard
            and o.case_id = t3.id
            and o.state in ('RECEIVED', 'TRACKING')
          ) as "nextDueOn", (
            select coalesce(json_agg(t9.*), '[]'::json)
            from (
              select t4.kind as "kind", t4.state as "state", case when t4.state = 'VOID' then 'VOID'
              when t4.acted_on > t4.due_on then 'LATE' when t4.acted_on is not null then 'ON_TIME'
              when t4.state in ('RECEIVED', 'TRACKING', 'SUSPENDED') then 'OPEN' else 'MISSED' end
              as "standing", t4.due_on as "dueOn", (t4.missed_at is not null) as "wasMissed", (
                select coalesce(json_agg(t6.*), '[]'::json)
                from (
                  select t5.ordinal as "ordinal", case when t5.obligation_id is not null then
                  t5.transition end as "transition", case when t5.obligation_id is not null then
                  t5.to_state end as "toState", case when t5.report_id is not null then t5.to_state
                  end as "reportState"
                  from reminders_event t5
                  where t5.shard = t4.shard
                  and t5.obligation_id = t4.id
                  order by t5.ordinal, t5.id
                  limit 100
                ) t6
              ) as "history", (
                select coalesce(json_agg(t8.*), '[]'::json)
                from (
                  select t7.state as "state", t7.plan as "plan"
                  from reminders_remedy t7
                  where t7.shard = t4.shard
                  and t7.obligation_id = t4.id
                  order by t7.ordinal
                  limit 100
                ) t8
              ) as "remedies"
              from reminders_obligation t4
              where t4.shard = t3.shard
              and t4.case_id = t3.id
              order by t4.due_on, t4.id
              limit 100
            ) t9
          ) as "supervisedObligations", (
            select coalesce(json_agg(t13.*), '[]'::json)
            from (
              select t10.doc_type as "docType", t10.state as "state", t10.due_on as "dueOn", (
                select row_to_json(t12.*)
                from (
                  select t11.title as "title"
                  from document t11
                  where t11.shard = t10.shard
                  and t11.id = t10.document_id
                ) t12
              ) as "document"
              from reminders_report t10
              where t10.shard = t3.shard
              and t10.case_id = t3.id
              order by t10.due_on, t10.id
              limit 100
            ) t13
          ) as "reports"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t14
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t15
        where t15.shard = t1.shard
        and t15.case_id = t1.case_id
        and t15.ordinal < t1.ordinal
        and t15.shard = $1::integer
      )
    )
    order by t1.filed_on asc, t1.id asc
    limit 2
  ) t2
)::text
-- $1 = 4401
