"""Import runs in the schema: one's own, newest first, for those who may import."""

from __future__ import annotations

import pytest

from core.db.scope import Scope, ScopeKind, TenantLevel
from core.identity.permissions import CASES_IMPORT
from core.imports.columns import ImportFile
from tests.core.imports.landing_support import AS_OF, GUANGZHOU, agency, case, write_files
from tests.support.house import ALL, ask

CITY = Scope(ScopeKind.TENANT, 4401, GUANGZHOU, GUANGZHOU + 100_000, TenantLevel.CITY, AS_OF)
HUANGPU = Scope(ScopeKind.TENANT, 4401, 440_112_000, 440_113_000, TenantLevel.DISTRICT, AS_OF)
TIANHE = Scope(ScopeKind.TENANT, 4401, 440_106_000, 440_107_000, TenantLevel.DISTRICT, AS_OF)
SHENZHEN = Scope(ScopeKind.TENANT, 4403, 440_300_000, 440_400_000, TenantLevel.CITY, AS_OF)
QUERY = "{ importRuns { nodes { id source startedAt finishedAt counts tenant { name } } } }"


@pytest.fixture
async def runs(landing):
    rows = {ImportFile.AGENCIES: [agency()], ImportFile.CASES: [case("C1", 1), case("C2", 1)]}
    await landing.run(write_files(landing.folder / "city", rows))
    rows = {ImportFile.CASES: [case("C3", 3)]}
    await landing.run(write_files(landing.folder / "district", rows), 440_112_000, source="own")
    return landing


async def seen(landing, scope, permissions=ALL):
    answer = await ask(landing.database, scope, QUERY, permissions=permissions)
    return answer["data"]["importRuns"]["nodes"] if answer["data"]["importRuns"] else answer["errors"]


async def test_each_tenant_sees_its_runs(runs):
    newest, oldest = await seen(runs, CITY)
    assert (newest["source"], newest["tenant"]["name"]) == ("own", "黄埔区")
    assert (oldest["source"], oldest["tenant"]["name"]) == ("cases", "广州市")
    counts = oldest["counts"]["cases"]
    assert (counts["read"], counts["landed"], counts["added"], counts["rejected"]) == (2, 1, 1, 1)
    assert oldest["startedAt"] < oldest["finishedAt"]
    assert [run["source"] for run in await seen(runs, HUANGPU)] == ["own"]
    assert await seen(runs, TIANHE) == await seen(runs, SHENZHEN) == []


async def test_a_run_is_a_node(runs):
    (run,) = await seen(runs, HUANGPU)
    query = "query($id: ID!) { node(id: $id) { ... on ImportRun { source } } }"
    assert (await ask(runs.database, HUANGPU, query, {"id": run["id"]}))["data"]["node"] == {"source": "own"}
    assert (await ask(runs.database, TIANHE, query, {"id": run["id"]}))["data"]["node"] is None


async def test_only_who_may_import_sees_them(runs):
    (error,) = await seen(runs, CITY, ALL - {CASES_IMPORT.name})
    assert error["extensions"]["code"] == "FORBIDDEN"
