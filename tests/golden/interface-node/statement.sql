select (
  select json_build_object(
    '__typename', 'Agency'::text, 'id', encode(
      $3::bytea || uuid_send(t1.id) || substr(sha256($4::bytea || uuid_send(t1.id)), 1, 6), 'hex'
    ), 'name', t1.name_zh
  )
  from agency t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8000-000000000002
-- $3 = 01c3d000001131
-- $4 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701c3d000001131
