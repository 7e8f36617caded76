"""What else a clean import leaves: copies as the triggers would have made them, rows for exactly those who may see them, a trail."""

from __future__ import annotations

import json

import asyncpg
import pytest

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.imports.columns import ImportFile
from tests.core.imports.landing_support import AS_OF, GUANGZHOU, SAMPLES, landing_on, read_files

CLEAN = read_files(SAMPLES / "clean")

COPIED = ("agency", "dispute", "case_shell", "response", "hearing", "judgment")
"""What single inserts write; the rest of the graph is then the triggers' doing."""
DERIVED = {
    "party": "select case_id, ordinal, name, people, kind, agency_id from party where side = 'RESPONDENT'",
    "appearance": "select hearing_id, response_id, case_id, code, agency_id, ordinal, held_on from appearance",
    "holding": "select judgment_id, response_id, case_id, code, agency_id, ordinal, decided_on from holding",
    "response": "select id, filed_on, closed_on, status, procedure_kind, cause_code, court_code from response",
    "case_shell": "select c.id, c.first_hearing_on from case_shell c where exists (select 1 from hearing h where h.case_id = c.id)",
}


async def test_the_triggers_would_have_written_the_same(landed, server_url, seeded, tmp_path):
    landing, _ = landed
    async with landing_on(server_url, seeded, tmp_path) as other:
        source, target = await asyncpg.connect(landing.url), await asyncpg.connect(other.url)
        try:
            for table in COPIED:
                columns = [
                    row["column_name"]
                    for row in await source.fetch(
                        "select column_name from information_schema.columns where table_name = $1 and is_generated = 'NEVER'",
                        table,
                    )
                ]
                left_out = {"first_hearing_on"} if table == "case_shell" else set()
                columns = [name for name in columns if name not in left_out]
                rows = await source.fetch(f"select {', '.join(columns)} from {table} order by id")
                await target.copy_records_to_table(table, records=rows, columns=columns)
            for name, sql in DERIVED.items():
                ours = sorted(map(repr, await source.fetch(sql)))
                theirs = sorted(map(repr, await target.fetch(sql)))
                assert ours == theirs, name
                assert ours
        finally:
            await source.close()
            await target.close()


@pytest.mark.parametrize(
    ("low", "high", "level"),
    [
        (GUANGZHOU, GUANGZHOU + 100_000, TenantLevel.CITY),
        (440_103_000, 440_104_000, TenantLevel.DISTRICT),
        (440_103_005, 440_103_006, TenantLevel.TOWN),
        (440_300_000, 440_400_000, TenantLevel.CITY),
    ],
)
async def test_each_tenant_sees_exactly_its_own_rows(landed, low, high, level):
    landing, _ = landed
    codes = {row["external_id"]: row["code"] for row in await landing.rows("select external_id, code from agency")}
    own = {
        row["case_id"]
        for row in CLEAN[ImportFile.CASES]
        for agency in (row["agency_id"], row["co_agency_id"])
        if agency and low <= codes[agency] < high
    }
    shells = {
        row["row_id"]: row["external_id"] for row in await landing.rows("select * from import_key where kind = 'case'")
    }
    async with landing.database.read(Scope(ScopeKind.TENANT, low // 100_000, low, high, level, AS_OF)) as session:
        seen = await session.driver.fetch("select id from case_shell")
        assert {shells[row["id"]] for row in seen} == own
        for table in ("response", "appearance", "holding", "document", "period", "agency"):
            foreign = await session.driver.fetchval(
                f"select count(*) from {table} where code < $1 or code >= $2", low, high
            )
            assert foreign == 0
            assert await session.driver.fetchval(f"select count(*) from {table}") == await landing.value(
                f"select count(*) from {table} where code >= $1 and code < $2", low, high
            )
    assert bool(own) == (low // 100_000 == 4401)


async def test_a_run_and_an_audit_entry_tell_of_it(landed):
    landing, result = landed
    (run,) = await landing.rows("select * from import_run")
    assert (run["code"], run["source"]) == (GUANGZHOU, "cases")
    assert run["finished_at"] > run["started_at"]
    assert json.loads(run["counts"])["cases"]["added"] == len(CLEAN[ImportFile.CASES])
    (entry,) = await landing.rows("select * from audit_entry")
    assert (entry["act"], entry["actor"], entry["subject_id"]) == ("casesImport", "test", run["id"])
    assert json.loads(entry["after"]) == {"source": "cases", "added": result.added}
    assert entry["reason"] == "clean"


async def test_the_planner_knows_of_the_new_rows(landed):
    landing, _ = landed
    for table in ("case_shell", "response", "document", "period"):
        known = await landing.value("select reltuples from pg_class where relname = $1", table)
        assert known == await landing.value(f"select count(*) from {table}")
