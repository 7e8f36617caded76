-- The snapshot of a month as ONE statement, in the city's own scope: the lines, who missed what, and what is corrected of
-- earlier issues, all counted from the same rows at the same instant. The rules are those of figures.py and corrections.py,
-- which the tests hold against this.
--
-- :shard, :code       the city
-- :circular           the draft that the rows are added to
-- :first, :last       the month
-- :over_at            24:00 of its last day; what the platform marked by itself later does not count yet
-- :known_at           the instant of the snapshot; what was entered later is not known
-- :lows, :highs      where the plugin is enabled: others cannot enter what they did, so nobody counts it as missed
-- :own                what the city's own agencies are called as a district (市直单位)
with published as (
  select c.id, c.month from reminders_circular c
   where c.shard = :shard and c.code = :code and c.state = 'PUBLISHED'
), framed as (
  select month from published union select cast(:first as date)
), enabled as (
  select low, high from unnest(cast(:lows as bigint[]), cast(:highs as bigint[])) r (low, high)
), since as (
  select min(month) as first from framed
), duty as (
  select o.id, o.agency_id, o.district, o.kind, o.due_on, o.violation_date as violation_on,
         case when o.acted_on <= :last and o.acted_at <= :known_at then o.acted_on end as acted_on,
         o.missed_at < :over_at and o.missed_at <= :known_at as marked,
         o.state = 'VOID' and o.closed_at < :over_at and o.closed_at <= :known_at as void,
         o.state = 'SUSPENDED' and e.suspended_at < :over_at and e.suspended_at <= :known_at as suspended,
         e.remedied_at < :over_at and e.remedied_at <= :known_at as remedied
    from reminders_obligation o
    left join lateral (
         select max(r.at) filter (where r.to_state = 'SUSPENDED') as suspended_at,
                min(r.at) filter (where r.to_state in ('REMEDIED', 'CLOSED_LATE')) as remedied_at
           from reminders_event r
          where r.shard = o.shard and r.obligation_id = o.id and (o.missed_at is not null or o.state = 'SUSPENDED')
         ) e on true
   where o.shard = :shard and o.due_on >= (select first - 1 from since) and o.due_on <= :last and o.registered_at <= :known_at
     and exists (select 1 from enabled r where o.code >= r.low and o.code < r.high)
  union all
  select p.id, p.agency_id, p.district, 'REPORT', p.due_on, null,
         case when p.submitted_at < :over_at and p.submitted_at <= :known_at
              then cast(p.submitted_at at time zone 'Asia/Shanghai' as date) end,
         p.overdue_at < :over_at and p.overdue_at <= :known_at, false, false, false
    from reminders_report p
   where p.shard = :shard and not p.info_only
     and p.due_on >= (select first - 1 from since) and p.due_on <= :last and p.registered_at <= :known_at
     and exists (select 1 from enabled r where p.code >= r.low and p.code < r.high)
), placed as (
  select d.*, cast(date_trunc('month', d.due_on) as date) as month,
         case when d.void then 'VOID'
              when d.acted_on <= d.due_on then 'ON_TIME'
              when d.acted_on is not null then 'LATE'
              when d.suspended is true or d.due_on = :last then 'OPEN'
              else 'MISSED' end as standing
    from duty d
), told as (
  select p.*, coalesce(p.marked, false) or p.standing in ('LATE', 'MISSED') as was_missed,
         coalesce(p.remedied and p.marked, false) and not p.void and p.suspended is not true as is_remedied,
         coalesce(p.violation_on, p.due_on + 1) as violated_on
    from placed p
), counted as (
  select t.month, t.agency_id, t.district, t.kind,
         cast(count(*) as integer) as due,
         cast(count(*) filter (where t.standing = 'VOID') as integer) as void,
         cast(count(*) filter (where t.standing = 'ON_TIME') as integer) as on_time,
         cast(count(*) filter (where t.standing = 'LATE') as integer) as late,
         cast(count(*) filter (where t.standing = 'MISSED') as integer) as missed,
         cast(count(*) filter (where t.standing = 'OPEN') as integer) as open,
         cast(count(*) filter (where t.was_missed) as integer) as was_missed,
         cast(count(*) filter (where t.is_remedied) as integer) as remedied
    from told t
   where t.month in (select month from framed)
   group by t.month, t.agency_id, t.district, t.kind
), named as (
  select a.id as agency_id, a.name_zh as agency_name from agency a where a.shard = :shard
), district as (
  select n.code, case when n.code = :code then :own else n.name_zh end as name from tenant n where n.shard = :shard
), listed as materialized (
  -- Read once and hashed: asked for each miss anew, row-level security was asked a million times.
  select m.subject_id from reminders_circular_miss m
   where m.shard = :shard and m.circular_id in (select id from published)
), lines as (
  insert into reminders_circular_line
         (shard, circular_id, agency_id, agency_name, district_code, district_name, kind,
          due, void, on_time, late, missed, open, was_missed, remedied)
  select :shard, :circular, c.agency_id, n.agency_name, c.district, coalesce(x.name, cast(c.district as text)), c.kind,
         c.due, c.void, c.on_time, c.late, c.missed, c.open, c.was_missed, c.remedied
    from counted c join named n using (agency_id) left join district x on x.code = c.district
   where c.month = :first
  returning 1
), misses as (
  insert into reminders_circular_miss
         (shard, circular_id, agency_id, agency_name, district_code, district_name, kind,
          subject_id, due_on, violation_on, acted_on, days_late, remedied)
  select :shard, :circular, t.agency_id, n.agency_name, t.district, coalesce(x.name, cast(t.district as text)), t.kind,
         t.id, t.due_on, t.violated_on, t.acted_on, greatest(coalesce(t.acted_on, :last) - t.due_on, 0), t.is_remedied
    from told t join named n using (agency_id) left join district x on x.code = t.district
   where t.was_missed and t.standing <> 'VOID'
     and t.violated_on >= (select first from since) and t.violated_on <= :last
     and t.id not in (select subject_id from listed)
  returning 1
), said as (
  select distinct on (s.month, s.agency_id, s.district, s.kind, s.measure) s.*
    from (
      select c.month, l.agency_id, l.district_code as district, l.kind, v.measure, v.value, c.month as issue
        from published c
        join reminders_circular_line l on l.shard = :shard and l.circular_id = c.id
        cross join lateral (values ('DUE', l.due), ('VOID', l.void), ('ON_TIME', l.on_time), ('LATE', l.late),
                                   ('MISSED', l.missed), ('OPEN', l.open), ('WAS_MISSED', l.was_missed),
                                   ('REMEDIED', l.remedied)) v (measure, value)
      union all
      select x.month, x.agency_id, x.district_code, x.kind, x.measure, x.after, c.month
        from published c
        join reminders_circular_correction x on x.shard = :shard and x.circular_id = c.id
    ) s
   order by s.month, s.agency_id, s.district, s.kind, s.measure, s.issue desc
), so as (
  select c.month, c.agency_id, c.district, c.kind, v.measure, v.value
    from counted c
    cross join lateral (values ('DUE', c.due), ('VOID', c.void), ('ON_TIME', c.on_time), ('LATE', c.late),
                               ('MISSED', c.missed), ('OPEN', c.open), ('WAS_MISSED', c.was_missed),
                               ('REMEDIED', c.remedied)) v (measure, value)
   where c.month <> :first
), corrections as (
  insert into reminders_circular_correction
         (shard, circular_id, month, agency_id, agency_name, district_code, district_name, kind, measure, before, after)
  select :shard, :circular, month, agency_id, n.agency_name, district, coalesce(x.name, cast(district as text)), kind, measure,
         coalesce(said.value, 0), coalesce(so.value, 0)
    from said full join so using (month, agency_id, district, kind, measure)
    join named n using (agency_id) left join district x on x.code = district
   where coalesce(said.value, 0) <> coalesce(so.value, 0)
  returning 1
)
select (select count(*) from lines) as lines, (select count(*) from misses) as misses,
       (select count(*) from corrections) as corrections
