select (
  select json_build_object(
    'body', t1.body, 'writtenBy', t1.written_by, 'response', (
      select json_build_object(
        'agency', (
          select json_build_object('name', t3.name_zh)
          from agency t3
          where t3.shard = t2.shard
          and t3.id = t2.agency_id
        ), 'case', (
          select json_build_object(
            'number', t5.number_text, 'waitingDays', json_build_array(
              '"\u0000"'::json, 0, t5.filed_on
            )
          )
          from case_shell t5
          where t5.shard = t2.shard
          and t5.id = t2.case_id
        )
      )
      from response t2
      where t2.shard = t1.shard
      and t2.id = t1.response_id
    )
  )
  from note t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = (made by the act)

select (
  select json_build_object('body', t1.body)
  from note t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = (made by the act)
