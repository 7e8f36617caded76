"""A city of 200,000 cases, made by the server itself in a few seconds: for plans, not for meaning.

Foreign-key triggers are left out (`session_replication_role`), so the rows must fit by construction: row n of every table
belongs to case n. Codes are spread over 11 districts and 177 towns, agencies three to a town.
"""

from __future__ import annotations

import asyncpg

AGENCIES = 531
SPREAD = """
    440100000 + (1 + n % 11) * 1000 + case when n % 5 = 0 then 0 else 1 + (n / 11) % 16 end as code,
    ('00000000-0000-7000-8000-' || lpad((n % AGENCY_COUNT)::text, 12, '0'))::uuid as agency_id,
    ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid as case_id,
    ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid as response_id,
    date '2024-01-01' + (n * 7919 % 1000)::integer as day, n
""".replace("AGENCY_COUNT", str(AGENCIES))

STATEMENTS = """
set session_replication_role = replica;
insert into dispute (shard, id, opened_on) select 4401, case_id, day from spread;
insert into case_shell (shard, id, dispute_id, procedure_kind, compensation, procedure_form, court_code, number_year, number_type,
    number_serial, number_text, cause_code, filed_on, status, created_at)
  select 4401, case_id, case_id, 'FIRST', 'NONE', 'ORDINARY', '粤7101', 2026, '行初', n, 'n' || n, '0101', day, 'OPEN', now() from spread;
insert into response (shard, id, case_id, agency_id, code, origin_code, ordinal, role, registered_at, filed_on, status, procedure_kind,
    cause_code, court_code, received_on)
  select 4401, response_id, case_id, agency_id, code, code, 0, 'RESPONDENT', now(), day, 'OPEN', 'FIRST', '0101', '粤7101', day from spread;
insert into party (shard, id, case_id, side, kind, name) select 4401, response_id, case_id, 'CLAIMANT', 'NATURAL_PERSON', 'x' from spread;
insert into hearing (shard, id, case_id, sequence, held_on, mode, status) select 4401, case_id, case_id, 1, day, 'ON_SITE', 'HELD' from spread;
insert into appearance (shard, id, code, agency_id, case_id, response_id, hearing_id, ordinal, held_on)
  select 4401, response_id, code, agency_id, case_id, response_id, case_id, 0, day from spread;
insert into judgment (shard, id, case_id, kind, decided_on, outcome) select 4401, case_id, case_id, 'JUDGMENT', day, 'REVOKED' from spread;
insert into holding (shard, id, code, agency_id, case_id, response_id, judgment_id, ordinal, decided_on)
  select 4401, response_id, code, agency_id, case_id, response_id, case_id, 0, day from spread;
insert into document (shard, id, code, agency_id, case_id, response_id, doc_type, title, direction, received_on, registered_at)
  select 4401, response_id, code, agency_id, case_id, response_id, 'SUMMONS', 'x', 'RECEIVED', day, now() from spread;
insert into period (shard, id, code, agency_id, case_id, response_id, kind, starts_on, due_on, earliest_due_on, provisional, status)
  select 4401, response_id, code, agency_id, case_id, response_id, 'DEFENCE', day, day + 15, day + 15, false, 'OPEN' from spread;
insert into obligation (shard, id, code, agency_id, case_id, response_id, kind, content, due_on, status)
  select 4401, response_id, code, agency_id, case_id, response_id, 'PERFORMANCE', 'x', day + 30, 'OPEN' from spread;
insert into suggestion (shard, id, code, agency_id, case_id, response_id, kind, issued_by, subject, received_on, reply_due_on, status)
  select 4401, response_id, code, agency_id, case_id, response_id, 'JUDICIAL', 'x', 'x', day, day + 60, 'OPEN' from spread;
insert into reminders_obligation (shard, id, code, agency_id, case_id, response_id, kind, source_type, source_id, state, due_on,
    earliest_due_on, registered_on, registered_at, missed_at, missed_meanwhile, closed_at)
  select 4401, response_id, code, agency_id, case_id, response_id, 'DEFENCE', 'Period', response_id,
         case when n % 50 = 0 then 'TRACKING' else 'CLOSED' end, day + 15, day + 15, day, day,
         case when n % 20 = 1 then day end, n % 100 = 7, case when n % 50 = 0 then null else day end from spread;
insert into reminders_report (shard, id, code, agency_id, case_id, response_id, document_id, doc_type, received_on, due_on, trace, state,
    registered_at)
  select 4401, response_id, code, agency_id, case_id, response_id, response_id, 'SUMMONS', day, day + 2, '[]',
         case when n % 50 = 0 then 'RECEIVED' else 'ACCEPTED' end, day from spread;
insert into reminders_reminder (shard, id, code, agency_id, case_id, response_id, obligation_id, due_version, due_on, kind, offset_days,
    nominal_on, sent_on, sent_at, phone_task)
  select 4401, response_id, code, agency_id, case_id, response_id, response_id, 1, day + 15, 'REMIND', 7, day, day, day,
         case when n % 100 = 0 then 'OPEN' end from spread;
insert into notification (shard, code, agency_id, member_id, kind, subject_type, subject_id, created_at)
  select 4401, code, agency_id, agency_id, 'CASE_GRANTED', 'Case', case_id, day from spread;
insert into notification_delivery (shard, code, agency_id, member_id, notification_id, kind, key, channel, state, due_at, created_at)
  select 4401, code, agency_id, agency_id, case_id, 'CASE_GRANTED', case_id::text, 'IN_APP', 'SENT', day, day from spread;
insert into audit_entry (shard, id, code, agency_id, at, act, actor, subject_type, subject_id)
  select 4401, response_id, code, agency_id, day, 'x', 'x', 'Case', case_id from spread;
insert into agency (shard, id, code, external_id, name_zh, sort_key, level, category)
  select 4401, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 440100000 + (1 + n % 11) * 1000 + n / 11 % 16,
         'A' || n, 'a' || n, 'a' || n, 'TOWN', 'POLICE' from generate_series(0, AGENCY_COUNT) n;
insert into member (shard, code, agency_id, issuer, subject, role, display_name, valid_from, created_at)
  select 4401, 440100000 + (1 + n % 11) * 1000 + n / 11 % 16, ('00000000-0000-7000-8000-' || lpad((n % 531)::text, 12, '0'))::uuid,
         'x', 's' || n, 'AGENCY', 'x', date '2024-01-01', now() from generate_series(1, 20000) n;
insert into import_run (shard, code, source, started_at, counts)
  select 4401, 440100000 + (1 + n % 11) * 1000, 'x', now(), '{}' from generate_series(1, 5000) n;
""".replace("AGENCY_COUNT", str(AGENCIES))


async def build_volume(url: str, cases: int = 200_000) -> None:
    """Fill an empty, migrated database."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            f"create temp table spread as select {SPREAD} from generate_series(1, {cases}) n; analyze spread"
        )
        for statement in STATEMENTS.strip().split(";\n"):
            await connection.execute(statement.rstrip(";"))
        await connection.execute("set session_replication_role = origin; select case_tally_rebuild(4401)")
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()
