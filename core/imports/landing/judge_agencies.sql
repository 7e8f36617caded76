-- Agencies of the file that are known already. One that lies outside the importing tenant is not its to name: the id is taken.
create temp table known_agency on commit drop as
  select f.line, f.agency_id, f.name, f.tenant_code, f.code as code_read, a.code, a.name_zh,
         a.code >= s.low and a.code < s.high as ours
    from stage_agencies f cross join import_scope s join agency a on a.shard = s.shard and a.external_id = f.agency_id;

create temp table foreign_agency on commit drop as select agency_id, line from known_agency where not ours;
delete from stage_agencies f using foreign_agency k where k.line = f.line;
insert into stage_finding
  select 'agencies', line, 'agency_id', 'DUPLICATE_ID', agency_id, null, null, null, 3 from foreign_agency;

-- What is registered stands (it is corrected by acts), and the report says where the file differs.
insert into stage_finding
  select 'agencies', line, 'name', 'AGENCY_ALIAS', name, name_zh, null, null, 1 from known_agency where ours and name <> name_zh;
insert into stage_finding
  select 'agencies', line, 'tenant_code', 'TENANT_DIFFERS', tenant_code, code::text, null, null, 2
    from known_agency where ours and code <> code_read;
