select coalesce(json_agg(t8.item), '[]'::json)::text
from (
  select case t1.kind when 0 then (
    select row_to_json(t5.*)
    from (
      select 'Response'::text as "__typename", encode(
        $5::bytea || uuid_send(t2.id) || substr(sha256($6::bytea || uuid_send(t2.id)), 1, 6), 'hex'
      ) as "id", t2.role as "role", (
        select row_to_json(t4.*)
        from (
          select t3.number_text as "number"
          from case_shell t3
          where t3.shard = t2.shard
          and t3.id = t2.case_id
        ) t4
      ) as "case"
      from response t2
      where t2.shard = t1.shard
      and t2.id = t1.key
    ) t5
  ) when 1 then (
    select row_to_json(t7.*)
    from (
      select 'Case'::text as "__typename", encode(
        $7::bytea || uuid_send(t6.id) || substr(sha256($8::bytea || uuid_send(t6.id)), 1, 6), 'hex'
      ) as "id", t6.number_text as "number"
      from case_shell t6
      where t6.shard = t1.shard
      and t6.id = t1.key
    ) t7
  ) end as item
  from unnest($1::integer[], $2::integer[], $3::uuid[], $4::text[]) with ordinality t1(
    kind, shard, key, code, place
  )
  order by t1.place
) t8
-- $1 = [0, 1, 1, 1]
-- $2 = [4401, 4401, 4401, 4401]
-- $3 = [UUID('00000000-0000-7000-8005-000000000003'), UUID('00000000-0000-7000-8001-000000000001'), UUID('00000000-0000-7000-8001-000000000099'), UUID('00000000-0000-7000-8001-000000000002')]
-- $4 = [None, None, None, None]
-- $5 = 0169ad00001131
-- $6 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e670169ad00001131
-- $7 = 01363a00001131
-- $8 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701363a00001131
