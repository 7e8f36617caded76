-- Agencies that the file brings and nobody has.
create temp table fresh_agency on commit drop as
  select f.* from stage_agencies f where not exists (select 1 from known_agency k where k.line = f.line);

insert into agency (shard, code, external_id, name_zh, sort_key, level, category)
  select s.shard, a.code, a.agency_id, a.name, coalesce(k.sort_key, a.name), upper(a.level), coalesce(c.category, 'OTHER')
    from fresh_agency a cross join import_scope s
    left join agency_sort_key k on k.name = a.name
    left join map_category c on c.category = upper(a.category)
   order by a.line;
