select json_build_object(
  '__typename', 'CaseConnection'::text, 'pageInfo', json_build_object(
    '__typename', 'PageInfo'::text, 'hasPreviousPage', false
  )
)::text
