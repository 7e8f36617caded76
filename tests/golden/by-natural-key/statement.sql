select (
  select json_build_object(
    'id', encode(
      $7::bytea || uuid_send(t1.id) || substr(sha256($8::bytea || uuid_send(t1.id)), 1, 6), 'hex'
    ), 'number', t1.number_text, 'closedOn', t1.closed_on
  )
  from case_shell t1
  where t1.shard = $1::integer
  and t1.court_code = $2::text
  and t1.number_year = $3::integer
  and t1.number_special = $4::text
  and t1.number_type = $5::text
  and t1.number_serial = $6::integer
)::text
-- $1 = 4401
-- $2 = 粤7101
-- $3 = 2026
-- $4 = 
-- $5 = 行初
-- $6 = 2
-- $7 = 01363a00001131
-- $8 = 6120736563726574206f66207468697274792d74776f206279746573206c6f6e6701363a00001131

select (
  select json_build_object('name', t1.name_zh)
  from court t1
  where t1.code = $1::text
)::text
-- $1 = 粤7101
