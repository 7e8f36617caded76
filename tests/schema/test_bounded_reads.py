"""Every list's default query, for city, district, town and agency, over 200,000 cases: no scan, and few rows read.

The lists are taken from the schema, so that one added tomorrow is held to the same.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from graphql import FieldNode, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_argument_values

from core.db.scope import Scope, ScopeKind, TenantLevel, scope_statement
from schema.declared.fields import ConnectionField
from schema.declared.figures import GroupedField
from schema.planner.compiler import Compiler, View
from schema.planner.selection import Document
from tests.conftest import _administer, on
from tests.support.city import TODAY
from tests.support.house import ALL, HOUSE, IDS
from tests.support.volume import build_volume

LISTS = sorted(name for name, owned in HOUSE.catalogue.queries.items() if isinstance(owned.field, ConnectionField))
AGENCY = UUID("00000000-0000-7000-8000-000000000023")
SCOPES = {
    "city": Scope(ScopeKind.TENANT, 4401, 440100000, 440200000, TenantLevel.CITY, TODAY),
    "district": Scope(ScopeKind.TENANT, 4401, 440105000, 440106000, TenantLevel.DISTRICT, TODAY),
    "town": Scope(ScopeKind.TENANT, 4401, 440105003, 440105004, TenantLevel.TOWN, TODAY),
    "agency": Scope(ScopeKind.AGENCY, 4401, 440105003, 440105004, TenantLevel.TOWN, TODAY, agency_id=AGENCY),
    "court": Scope(ScopeKind.COURT, 4401, 440100000, 440200000, TenantLevel.CITY, TODAY, court_code="粤7101"),
    "assigned": Scope(ScopeKind.ASSIGNED, 4401, 440100000, 440200000, TenantLevel.CITY, TODAY, member_id=uuid4()),
}
PAGE = 21
MODES = ["force_custom_plan", "force_generic_plan"]
SMALL = {"court", "cause", "tenant", "tenant_version", "agency", "case_grant", "calendar_version"} | {
    "notification_endpoint",
    "calendar_feed",
    "dead_letter",
    "reminders_circular",
}
"""Tables of at most a few hundred rows in this database, which PostgreSQL rightly reads whole."""
SUPERVISED = {
    "supervisedObligations",
    "upcomingDeadlines",
    "myTasks",
    "missedMeanwhile",
    "reports",
    "myReports",
    "reminders",
    "phoneTasks",
}
"""Lists of the reminders plugin; those that are narrowed to what waits read an index of what waits."""
CASE_LISTS = {"cases", "hearings", "judgments", "documents", "periods", "obligations", "suggestions"}


@pytest.fixture(scope="module")
async def volume(server_url: str, template: str) -> AsyncIterator[asyncpg.Connection]:
    name = f"v_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    await build_volume(on(server_url, name))
    connection = await asyncpg.connect(on(server_url, name))
    yield connection
    await connection.close()
    await _administer(server_url, f"drop database {name} with (force)")


def compiled(name: str, scope: Scope, query: str) -> tuple[str, list[Any]]:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    schema = HOUSE.schema(HOUSE.owners)
    compiler = Compiler(
        HOUSE.catalogue, IDS, View(scope, ALL, {}), Document(schema.graphql, {}, VariableValues({}, {}))
    )
    field = HOUSE.catalogue.queries[name].field
    if isinstance(field, GroupedField):
        given = get_argument_values(schema.graphql.query_type.fields[name], node, VariableValues({}, {}))
        return compiler.root_grouped(field, given, [node]), compiler.statement.arguments
    assert isinstance(field, ConnectionField)
    return compiler.root_connection(field, {}, [node]), compiler.statement.arguments


def written(value: Any) -> str:
    return f"'\\x{value.hex()}'" if isinstance(value, bytes) else f"'{value}'"


async def plan_of(
    connection: asyncpg.Connection, scope: Scope, sql: str, arguments: list[Any], mode: str
) -> dict[str, Any]:
    """The plan as it runs: made for these values, or kept from one tenant to the next (`force_generic_plan`)."""
    async with connection.transaction():
        await connection.execute(scope_statement(scope, 10_000))
        await connection.execute(f"set local plan_cache_mode = '{mode}'")
        await connection.execute(f"prepare asked as {sql}")
        given = f"({', '.join(written(one) for one in arguments)})" if arguments else ""
        answer = await connection.fetchval(f"explain (analyze, format json) execute asked{given}")
        await connection.execute("deallocate asked")
    return json.loads(answer)[0]["Plan"]


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes that were run: a policy names the tables of every scope, and a scope asks only for its own."""
    if plan["Actual Loops"] == 0:
        return
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes_of(child)


def rows_read(plan: dict[str, Any]) -> int:
    """Rows that scans touched: those that passed, and those that a filter threw away."""
    scans = [node for node in nodes_of(plan) if node["Node Type"].endswith("Scan") and "Relation Name" in node]
    return int(
        sum((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans)
    )


OUTSIDERS = {"court", "assigned"}
"""Scopes whose roles may read the case lists only."""


@pytest.mark.parametrize(
    ("name", "viewer"),
    [(name, viewer) for name in LISTS for viewer in SCOPES if viewer not in OUTSIDERS or name in CASE_LISTS],
)
@pytest.mark.parametrize("mode", MODES)
async def test_the_default_query_reads_a_page(volume: asyncpg.Connection, name: str, viewer: str, mode: str) -> None:
    sql, arguments = compiled(
        name, SCOPES[viewer], f"{{ {name} {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    plan = await plan_of(volume, SCOPES[viewer], sql, arguments, mode)
    scanned = [node["Relation Name"] for node in nodes_of(plan) if node["Node Type"] == "Seq Scan"]
    assert set(scanned) <= SMALL, f"{name} for a {viewer} scans {scanned}"
    if name in CASE_LISTS | SUPERVISED or name in {"auditEntries", "members", "importRuns"}:
        assert rows_read(plan) <= 12 * PAGE, f"{name} for a {viewer} reads {rows_read(plan)} rows"


@pytest.mark.parametrize("viewer", ["city", "district", "town", "agency"])
@pytest.mark.parametrize("mode", MODES)
async def test_a_case_list_with_relations_reads_a_page_of_each(
    volume: asyncpg.Connection, viewer: str, mode: str
) -> None:
    query = """{ cases { nodes { id number court { name } cause { name } responses { id agency { name } }
                 parties(first: 3) { nodes { name } } hearings(first: 2) { nodes { heldOn } } } } }"""
    sql, arguments = compiled("cases", SCOPES[viewer], query)
    plan = await plan_of(volume, SCOPES[viewer], sql, arguments, mode)
    assert {node["Relation Name"] for node in nodes_of(plan) if node["Node Type"] == "Seq Scan"} <= SMALL
    assert rows_read(plan) <= 40 * PAGE


LAST_YEAR = '{month: {gte: "2025-01-01", lt: "2026-01-01"}}'
DASHBOARD = {"": 40, "MONTH": 40, "PROCEDURE_KIND, STATUS": 40, "DISTRICT": 40 * 11}
"""How many cells a dashboard of a year may read, by what it is broken down by: no more than months times kinds times districts."""


@pytest.mark.parametrize("viewer", ["city", "district", "town", "agency"])
@pytest.mark.parametrize("by", DASHBOARD)
@pytest.mark.parametrize("mode", MODES)
async def test_a_dashboard_reads_the_rows_of_its_level(
    volume: asyncpg.Connection, viewer: str, by: str, mode: str
) -> None:
    query = f"{{ caseTally(by: [{by}], filter: {LAST_YEAR}) {{ filed open closed lossRate {{ percent }} }} }}"
    sql, arguments = compiled("caseTally", SCOPES[viewer], query)
    plan = await plan_of(volume, SCOPES[viewer], sql, arguments, mode)
    read = {node["Relation Name"] for node in nodes_of(plan) if "Relation Name" in node}
    assert read == {"case_tally"}
    assert {node["Node Type"] for node in nodes_of(plan)} & {"Seq Scan"} == set()
    # An agency of these invented rows answers cases in eleven tenants, and has a cell in each.
    most = DASHBOARD[by] * (11 if viewer == "agency" and by != "DISTRICT" else 1)
    assert rows_read(plan) <= most, f"{by} for a {viewer} reads {rows_read(plan)} rows"


@pytest.mark.parametrize("viewer", ["city", "district", "town"])
@pytest.mark.parametrize("mode", MODES)
async def test_a_dashboard_that_asks_for_no_months_reads_years(
    volume: asyncpg.Connection, viewer: str, mode: str
) -> None:
    read = {}
    for by in ("YEAR", "YEAR, MONTH"):
        sql, arguments = compiled("caseTally", SCOPES[viewer], f"{{ caseTally(by: [{by}]) {{ filed closed }} }}")
        read[by] = rows_read(await plan_of(volume, SCOPES[viewer], sql, arguments, mode))
    assert 0 < read["YEAR"] * 3 < read["YEAR, MONTH"]
