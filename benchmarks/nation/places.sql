-- Who answers and who hears: a court for each root tenant, agencies for each city, district and town; and how many of the
-- nation's cases each root gets. Runs once, on an installation that has its reference data and nothing else.

insert into court (code, name_zh, level, division_code, administrative_role, verified)
  select p.letter || case length(t.shard::text) when 2 then '01' when 4 then right(t.shard::text, 2) else right(t.shard::text, 4) end,
         t.name_zh || '中级人民法院', 'intermediate', t.division_code, null, 'benchmark'
    from tenant t
    join (values (11, '京'), (12, '津'), (13, '冀'), (14, '晋'), (15, '内'), (21, '辽'), (22, '吉'), (23, '黑'), (31, '沪'), (32, '苏'),
      (33, '浙'), (34, '皖'), (35, '闽'), (36, '赣'), (37, '鲁'), (41, '豫'), (42, '鄂'), (43, '湘'), (44, '粤'), (45, '桂'), (46, '琼'),
      (50, '渝'), (51, '川'), (52, '黔'), (53, '云'), (54, '藏'), (61, '陕'), (62, '甘'), (63, '青'), (64, '宁'), (65, '新'))
      as p (province, letter) on p.province = left(t.shard::text, 2)::integer
   where t.level = 'CITY'
  on conflict do nothing;

insert into agency (shard, id, code, external_id, name_zh, sort_key, level, category)
  select t.shard, uuidv7(), t.code, t.code || '-' || c.category, t.name_zh || c.name, t.sort_key || c.category, t.level, c.category
    from tenant t
    join (values ('GOVERNMENT', '人民政府'), ('POLICE', '公安局'), ('LABOUR', '人力资源和社会保障局'), ('PLANNING_LAND', '规划和自然资源局'),
      ('HOUSING', '住房和城乡建设局'), ('MARKET', '市场监督管理局'), ('URBAN_MANAGEMENT', '城市管理和综合执法局')) as c (category, name)
      on t.level in ('CITY', 'DISTRICT') or c.category = 'GOVERNMENT'
   order by t.code, c.category;

-- A city's agencies answer six times as many cases as a town's, a district's twice as many. Neighbours differ.
create table bench_place as
  select a.shard, row_number() over (partition by a.shard order by n, a.code, a.id) - 1 as ordinal, a.id as agency_id, a.code, a.name_zh
    from agency a join generate_series(1, 6) n on n <= case a.level when 'CITY' then 6 when 'DISTRICT' then 2 else 1 end;
create unique index on bench_place (shard, ordinal);

-- Guangzhou has its share of 4.5 in a hundred; the other roots share by the number of their places.
create table bench_share as
  select p.shard, p.places, p.shard %% 2 as half,
         greatest(40, (%(cases)s * case p.shard when 4401 then 0.045 else 0.955 * p.places / sum(p.places) filter (where p.shard <> 4401) over () end
         )::bigint / 4 * 4) as cases,
         (select c.code from court c join tenant t on t.division_code = c.division_code
           where t.shard = p.shard and t.level = 'CITY' order by c.level = 'intermediate' desc, c.code limit 1) as court
    from (select shard, count(*) as places from bench_place group by shard) p;
analyze bench_place, bench_share;
