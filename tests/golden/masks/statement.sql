select (
  select json_build_object(
    'parties', json_build_object(
      'nodes', (
        select coalesce(json_agg(t4.item), '[]'::json)
        from (
          select json_build_object(
            'name', t2.name, 'identityNumber', (
              CASE WHEN char_length(t2.identity_number) >= 15 THEN substr(t2.identity_number, 1, 3)
              || repeat('*', char_length(t2.identity_number) - 7) || substr(
                t2.identity_number, char_length(t2.identity_number) - 3
              ) WHEN char_length(t2.identity_number) >= 8 THEN substr(t2.identity_number, 1, 1) ||
              repeat('*', char_length(t2.identity_number) - 3) || substr(
                t2.identity_number, char_length(t2.identity_number) - 1
              ) ELSE repeat('*', char_length(t2.identity_number)) END
            ), 'telephone', (
              CASE WHEN char_length(t2.telephone) >= 11 THEN substr(t2.telephone, 1, 3) || repeat(
                '*', char_length(t2.telephone) - 7
              ) || substr(t2.telephone, char_length(t2.telephone) - 3) WHEN char_length(t2.telephone)
              >= 7 THEN substr(t2.telephone, 1, 1) || repeat('*', char_length(t2.telephone) - 3) ||
              substr(t2.telephone, char_length(t2.telephone) - 1) ELSE repeat(
                '*', char_length(t2.telephone)
              ) END
            )
          ) as item
          from party t2
          where t2.shard = t1.shard
          and t2.case_id = t1.id
          order by t2.ordinal asc, t2.id asc
          limit 20
        ) t4
      )
    )
  )
  from case_shell t1
  where t1.shard = $1::integer
  and t1.id = $2::uuid
)::text
-- $1 = 4401
-- $2 = 00000000-0000-7000-8001-000000000001
