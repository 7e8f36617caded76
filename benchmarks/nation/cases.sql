-- One half of the nation's cases, root by root, ten years long. A quarter are second instances of the case before them, a tenth
-- have a co-respondent. Ids are UUIDv7-shaped and rise with the day of filing, so that every unique index grows at its end.

create or replace function pg_temp.bench_id(tag text, shard integer, i bigint, day date) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from day) * 1000)::bigint + i), 12, '0') || '7' || tag || 'a' || lpad(to_hex(shard), 5, '0')
          || lpad(to_hex(i), 10, '0'))::uuid
$$;
create or replace function pg_temp.bench_day(i bigint, cases bigint) returns date language sql immutable as $$
  select date '2016-11-01' + (i * 3650 / cases)::integer
$$;

create temp table spread as
  select d.shard, d.i, d.second, d.filed_on, d.closed_on, d.kind, d.court, d.cause,
         pg_temp.bench_id('100', d.shard, d.i, d.filed_on) as case_id,
         pg_temp.bench_id('100', d.shard, d.first_i, d.first_day) as dispute_id,
         pg_temp.bench_id('200', d.shard, d.i, d.filed_on) as response_id,
         pg_temp.bench_id('210', d.shard, d.i, d.filed_on) as co_id,
         pg_temp.bench_id('300', d.shard, d.i, d.filed_on) as hearing_id,
         pg_temp.bench_id('400', d.shard, d.i, d.filed_on) as judgment_id,
         d.outcome, d.outcome in ('REVOKED', 'DECLARED_UNLAWFUL') as lost, d.filed_on + 40 + (d.i %% 30)::integer as held_on,
         p.agency_id, p.code, p.name_zh as agency_name, q.agency_id as co_agency_id, q.code as co_code, q.name_zh as co_name
    from (
      select s.shard, i, s.places, i %% 4 = 0 as second, pg_temp.bench_day(i, s.cases) as filed_on,
             case when i %% 4 = 0 then i - 1 else i end as first_i,
             pg_temp.bench_day(case when i %% 4 = 0 then i - 1 else i end, s.cases) as first_day,
             case when pg_temp.bench_day(i, s.cases) < date '2026-05-01' and i %% 40 <> 1
                  then pg_temp.bench_day(i, s.cases) + 90 + (i %% 80)::integer end as closed_on,
             case when i %% 4 = 0 then 'SECOND' else 'FIRST' end as kind, s.court,
             (array['010113', '010103', '0121', '0113', '010704', '010606', '010707', '011603', '010115', '010308'])[1 + i %% 10] as cause,
             case when pg_temp.bench_day(i, s.cases) >= date '2026-05-01' or i %% 40 = 1 then null
                  when i %% 4 = 0 then (array['AFFIRMED', 'AFFIRMED', 'AFFIRMED', 'APPEAL_WITHDRAWN'])[1 + i / 4 %% 4]
                  else (array['CLAIMS_DISMISSED', 'SUIT_DISMISSED', 'CLAIMS_DISMISSED', 'WITHDRAWN', 'REVOKED', 'CLAIMS_DISMISSED',
                    'DECLARED_UNLAWFUL', 'SUIT_DISMISSED'])[1 + i / 4 %% 8] end as outcome
        from bench_share s cross join lateral generate_series(1, s.cases) i where s.half = %(half)s
    ) d
    join bench_place p on p.shard = d.shard and p.ordinal = d.first_i * 7919 %% d.places
    left join bench_place q on d.i %% 10 = 7 and q.shard = d.shard and q.ordinal = (d.first_i * 7919 + 1) %% d.places
   order by d.shard, d.i;
analyze spread;
-- Who answers each case: the agency, and its co-respondent.
create temp view answering as
  select shard, i, response_id as id, case_id, agency_id, code, agency_name, 0 as ordinal from spread
  union all select shard, i, co_id, case_id, co_agency_id, co_code, co_name, 1 from spread where co_agency_id is not null;

insert into dispute (shard, id, opened_on) select shard, dispute_id, filed_on from spread where not second;
insert into case_shell (shard, id, dispute_id, procedure_kind, compensation, procedure_form, court_code, number_year, number_type,
    number_serial, number_text, cause_code, filed_on, closed_on, status, outcome, first_hearing_on, created_at)
  select shard, case_id, dispute_id, kind, 'NONE', case when i %% 5 = 2 then 'SIMPLIFIED' else 'ORDINARY' end, court,
         extract(year from filed_on), case when second then '行终' else '行初' end, i,
         '（' || extract(year from filed_on) || '）' || court || case when second then '行终' else '行初' end || i || '号',
         cause, filed_on, closed_on, case when closed_on is null then 'OPEN' else 'CLOSED' end, outcome,
         case when i %% 10 < 7 then held_on end, filed_on
    from spread;
insert into response (shard, id, case_id, agency_id, code, origin_code, ordinal, role, received_on, answer_due_on, answered_on, outcome,
    lost, registered_at, filed_on, closed_on, status, procedure_kind, cause_code, court_code)
  select a.shard, a.id, a.case_id, a.agency_id, a.code, a.code, a.ordinal, case a.ordinal when 0 then 'RESPONDENT' else 'CO_RESPONDENT' end,
         s.filed_on + 4, s.filed_on + 19, case when s.closed_on is not null then s.filed_on + 17 end, s.outcome,
         case when s.outcome is not null then s.lost end, s.filed_on + 4, s.filed_on, s.closed_on,
         case when s.closed_on is null then 'OPEN' else 'CLOSED' end, s.kind, s.cause, s.court
    from answering a join spread s on s.shard = a.shard and s.i = a.i order by a.shard, a.i;
insert into party (shard, id, case_id, side, kind, ordinal, name)
  select shard, uuidv7(), case_id, 'CLAIMANT', 'NATURAL_PERSON', 0,
         substr('王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁', 1 + (i %% 20)::integer, 1) || '某' || substr('甲乙丙丁戊己庚辛壬癸', 1 + (i / 20 %% 10)::integer, 1)
    from spread;
insert into party (shard, id, case_id, side, kind, ordinal, name, agency_id)
  select shard, uuidv7(), case_id, 'RESPONDENT', 'AGENCY', ordinal, agency_name, agency_id from answering;
insert into hearing (shard, id, case_id, sequence, held_on, mode, head_required, status)
  select shard, hearing_id, case_id, 1, held_on, case when i %% 6 = 0 then 'ONLINE' else 'ON_SITE' end, i %% 3 = 0,
         case when held_on < date '2026-11-01' then 'HELD' else 'SCHEDULED' end
    from spread where i %% 10 < 7;
insert into appearance (shard, id, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on, head_attended, head_name, head_kind,
    absence_reason, agents)
  select a.shard, uuidv7(), a.code, a.agency_id, a.case_id, a.id, s.hearing_id, a.ordinal, s.held_on,
         case when s.held_on < date '2026-11-01' then s.i %% 9 < 8 end, case when s.i %% 9 < 8 then '李某乙' end,
         case when s.i %% 9 < 8 then 'DEPUTY' end, case when s.i %% 9 = 8 then '参加重要会议' end, 1 + (s.i %% 2)::integer
    from answering a join spread s on s.shard = a.shard and s.i = a.i where a.i %% 10 < 7;
insert into judgment (shard, id, case_id, kind, number_text, decided_on, served_on, outcome, appeal_until)
  select shard, judgment_id, case_id, case when outcome in ('SUIT_DISMISSED', 'WITHDRAWN', 'APPEAL_WITHDRAWN') then 'RULING' else 'JUDGMENT' end,
         '（' || extract(year from filed_on) || '）' || court || '判' || i || '号', closed_on, closed_on + 5, outcome,
         case when not second then closed_on + 20 end
    from spread where closed_on is not null;
insert into holding (shard, id, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on, outcome, lost, loss_reason)
  select a.shard, uuidv7(), a.code, a.agency_id, a.case_id, a.id, s.judgment_id, a.ordinal, s.closed_on, s.outcome, s.lost,
         case when s.lost then '主要证据不足' end
    from answering a join spread s on s.shard = a.shard and s.i = a.i where s.closed_on is not null;
insert into document (shard, id, code, agency_id, case_id, response_id, doc_type, title, direction, dated_on, received_on, registered_at, pages)
  select shard, uuidv7(), code, agency_id, case_id, response_id, 'RESPONSE_NOTICE', '应诉通知书', 'RECEIVED', filed_on, filed_on + 4, filed_on + 4, 2
    from spread
  union all
  select shard, uuidv7(), code, agency_id, case_id, response_id, 'JUDGMENT', '判决书', 'RECEIVED', closed_on, closed_on + 5, closed_on + 5, 9
    from spread where closed_on is not null;
insert into period (shard, id, code, agency_id, case_id, response_id, kind, starts_on, due_on, earliest_due_on, provisional, status, met_on)
  select shard, uuidv7(), code, agency_id, case_id, response_id, 'DEFENCE', filed_on + 4, filed_on + 19, filed_on + 19, false,
         case when closed_on is null then 'OPEN' else 'MET' end, case when closed_on is not null then filed_on + 17 end
    from spread
  union all
  select shard, uuidv7(), code, agency_id, case_id, response_id, 'APPEAL', closed_on + 5, closed_on + 20, closed_on + 20, false,
         case when i %% 7 = 0 then 'OPEN' else 'VOID' end, null
    from spread where closed_on is not null and not second;
insert into obligation (shard, id, code, agency_id, case_id, response_id, kind, content, due_on, status, fulfilled_on, judgment_id)
  select shard, uuidv7(), code, agency_id, case_id, response_id, 'PERFORMANCE', '履行生效裁判', closed_on + 60, 'FULFILLED', closed_on + 50, judgment_id
    from spread where lost and i %% 3 = 0;
insert into suggestion (shard, id, code, agency_id, case_id, response_id, kind, issued_by, subject, received_on, reply_due_on, status)
  select shard, uuidv7(), code, agency_id, case_id, response_id, 'JUDICIAL', '人民法院', '规范执法程序', filed_on + 60, filed_on + 120, 'OPEN'
    from spread where i %% 50 = 3;
insert into note (shard, id, code, agency_id, case_id, response_id, body, written_by, written_at)
  select shard, uuidv7(), code, agency_id, case_id, response_id, '与承办法官沟通，建议协调化解。', '演示·经办人', filed_on + 10
    from spread where i %% 8 = 2;
insert into case_link (shard, id, from_case_id, to_case_id, kind)
  select shard, uuidv7(), dispute_id, case_id, 'APPEALED' from spread where second;
insert into audit_entry (shard, id, code, agency_id, at, act, actor, subject_type, subject_id)
  select shard, uuidv7(), code, agency_id, filed_on + 4, 'caseRegister', 'benchmark', 'Case', case_id from spread where i %% 4 = 1;
drop view answering;
drop table spread;
