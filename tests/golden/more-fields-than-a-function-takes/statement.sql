select (
  select json_build_object('nodes', coalesce(json_agg(t2.c1), '[]'::json))
  from (
    select (
      '{' || substr(
        left(
          json_build_object(
            'a0', t1.code, 'a1', t1.code, 'a2', t1.code, 'a3', t1.code, 'a4', t1.code, 'a5',
            t1.code, 'a6', t1.code, 'a7', t1.code, 'a8', t1.code, 'a9', t1.code, 'a10', t1.code,
            'a11', t1.code, 'a12', t1.code, 'a13', t1.code, 'a14', t1.code, 'a15', t1.code, 'a16',
            t1.code, 'a17', t1.code, 'a18', t1.code, 'a19', t1.code, 'a20', t1.code, 'a21', t1.code,
            'a22', t1.code, 'a23', t1.code, 'a24', t1.code, 'a25', t1.code, 'a26', t1.code, 'a27',
            t1.code, 'a28', t1.code, 'a29', t1.code, 'a30', t1.code, 'a31', t1.code, 'a32', t1.code,
            'a33', t1.code, 'a34', t1.code, 'a35', t1.code, 'a36', t1.code, 'a37', t1.code, 'a38',
            t1.code, 'a39', t1.code, 'a40', t1.code, 'a41', t1.code, 'a42', t1.code, 'a43', t1.code,
            'a44', t1.code, 'a45', t1.code, 'a46', t1.code, 'a47', t1.code, 'a48', t1.code
          )::text, -1
        ), 2
      ) || ',' || substr(
        left(
          json_build_object(
            'a49', t1.code, 'a50', t1.code, 'a51', t1.code, 'a52', t1.code, 'a53', t1.code, 'a54',
            t1.code, 'a55', t1.code, 'a56', t1.code, 'a57', t1.code, 'a58', t1.code, 'a59', t1.code
          )::text, -1
        ), 2
      ) || '}'
    )::json as c1
    from court t1
    order by t1.code asc
    limit 20
  ) t2
)::text
