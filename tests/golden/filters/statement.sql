select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select coalesce(
      (
        select row_to_json(t4.*)
        from (
          select t3.number_text as "number"
          from case_shell t3
          where t3.shard = t1.shard
          and t3.id = t1.case_id
        ) t4
      ), '["\u0000",-1]'::json
    ) as c1
    from response t1
    where t1.shard = $1::integer
    and t1.status = any($2::text[])
    and t1.agency_id = $3::uuid
    and t1.filed_on >= $4::date
    and t1.filed_on < $5::date
    and t1.closed_on is null
    and (
      t1.ordinal = 0 or not exists (
        select 1
        from response t5
        where t5.shard = t1.shard
        and t5.case_id = t1.case_id
        and t5.ordinal < t1.ordinal
        and t5.shard = $1::integer
        and t5.status = any($2::text[])
        and t5.agency_id = $3::uuid
        and t5.filed_on >= $4::date
        and t5.filed_on < $5::date
        and t5.closed_on is null
      )
    )
    order by t1.filed_on desc, t1.id desc
    limit 20
  ) t2
)::text
-- $1 = 4401
-- $2 = [<CaseStatus.OPEN: 'OPEN'>]
-- $3 = 00000000-0000-7000-8000-000000000003
-- $4 = 2026-03-02
-- $5 = 2026-04-01
