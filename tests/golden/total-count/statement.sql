select json_build_object(
  'totalCount', (
    select count(*)
    from response t3
    where t3.shard = $1::integer
    and t3.status = $2::text
    and (
      t3.ordinal = 0 or not exists (
        select 1
        from response t4
        where t4.shard = t3.shard
        and t4.case_id = t3.case_id
        and t4.ordinal < t3.ordinal
        and t4.shard = $1::integer
        and t4.status = $2::text
      )
    )
  )
)::text
-- $1 = 4401
-- $2 = CLOSED
