-- Agencies that the file brings: new ones land, known ones keep what they are (they are corrected by acts).
insert into agency (shard, code, external_id, name_zh, sort_key, level, category)
  select s.shard, a.code, a.agency_id, a.name, coalesce(k.sort_key, a.name), upper(a.level),
         case when c.category is not null then c.category else 'OTHER' end
    from stage_agencies a cross join import_scope s
    left join agency_sort_key k on k.name = a.name
    left join map_category c on c.category = upper(a.category)
   order by a.line
  on conflict (shard, external_id) do nothing;
