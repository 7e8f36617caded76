select json_build_object(
  'nodes', (
    select coalesce(json_agg(t3.*), '[]'::json)
    from (
      select t1.code as "a0", t1.code as "a1", t1.code as "a2", t1.code as "a3", t1.code as "a4",
      t1.code as "a5", t1.code as "a6", t1.code as "a7", t1.code as "a8", t1.code as "a9", t1.code
      as "a10", t1.code as "a11", t1.code as "a12", t1.code as "a13", t1.code as "a14", t1.code as
      "a15", t1.code as "a16", t1.code as "a17", t1.code as "a18", t1.code as "a19", t1.code as
      "a20", t1.code as "a21", t1.code as "a22", t1.code as "a23", t1.code as "a24", t1.code as
      "a25", t1.code as "a26", t1.code as "a27", t1.code as "a28", t1.code as "a29", t1.code as
      "a30", t1.code as "a31", t1.code as "a32", t1.code as "a33", t1.code as "a34", t1.code as
      "a35", t1.code as "a36", t1.code as "a37", t1.code as "a38", t1.code as "a39", t1.code as
      "a40", t1.code as "a41", t1.code as "a42", t1.code as "a43", t1.code as "a44", t1.code as
      "a45", t1.code as "a46", t1.code as "a47", t1.code as "a48", t1.code as "a49", t1.code as
      "a50", t1.code as "a51", t1.code as "a52", t1.code as "a53", t1.code as "a54", t1.code as
      "a55", t1.code as "a56", t1.code as "a57", t1.code as "a58", t1.code as "a59"
      from court t1
      order by t1.code asc
      limit 20
    ) t3
  )
)::text
