"""The planner on a real database: what GraphQL's specification says of selections, and what the lists promise of pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.engine import make_engine
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from schema.compose import House
from schema.execution import Engine, Operation
from tests.conftest import _administer, on
from tests.support.city import TODAY, City
from tests.support.house import ALL, HOUSE, IDS, ask, operation_context
from tests.support.volume import build_volume

CITY = Scope(ScopeKind.TENANT, 4401, 440100000, 440200000, TenantLevel.CITY, TODAY)
CASES = 57


@pytest.fixture(scope="module")
async def many(server_url: str, template: str) -> AsyncIterator[Database]:
    """57 cases with equal and missing days among them."""
    name = f"p_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    url = on(server_url, name)
    await build_volume(url, CASES)
    connection = await asyncpg.connect(url)
    await connection.execute("set session_replication_role = replica")
    await connection.execute(
        "update response set filed_on = date '2026-01-01' + (extract(day from filed_on)::integer % 5),"
        " received_on = case when extract(day from filed_on)::integer % 3 = 0 then null else date '2026-02-01' + (extract(day from filed_on)::integer % 4) end,"
        " closed_on = case when extract(day from filed_on)::integer % 2 = 0 then date '2026-03-01' end"
    )
    await connection.close()
    database = Database(make_engine(url, pool_size=2))
    yield database
    await database.dispose()
    await _administer(server_url, f"drop database {name} with (force)")


ORDERS = [order.name for order in HOUSE.catalogue.sources["Case"].orders]


async def page(database: Database, arguments: str) -> dict[str, Any]:
    query = f"{{ cases({arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    answer = await ask(database, CITY, query)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["cases"]
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.sampled_from(ORDERS), size=st.integers(1, 40), backward=st.booleans())
async def test_pages_put_together_are_the_list(many: Database, order: str, size: int, backward: bool) -> None:
    whole = [node["id"] for node in (await page(many, f"first: 100, orderBy: {order}"))["nodes"]]
    assert len(set(whole)) == CASES
    walked: list[str] = []
    cursor = None
    count, side, edge, more = (
        ("last", "before", "startCursor", "hasPreviousPage")
        if backward
        else ("first", "after", "endCursor", "hasNextPage")
    )
    while True:
        at = f', {side}: "{cursor}"' if cursor else ""
        found = await page(many, f"{count}: {size}, orderBy: {order}{at}")
        ids = [node["id"] for node in found["nodes"]]
        walked = ids + walked if backward else walked + ids
        if not found["pageInfo"][more]:
            break
        cursor = found["pageInfo"][edge]
    assert walked == whole


@pytest.mark.parametrize("order", ORDERS)
async def test_an_order_and_its_opposite_mirror_each_other_where_nothing_is_missing(many: Database, order: str) -> None:
    name, direction = order.rsplit("_", 1)
    opposite = f"{name}_{'ASC' if direction == 'DESC' else 'DESC'}"
    one = [node["id"] for node in (await page(many, f"first: 100, orderBy: {order}"))["nodes"]]
    other = [node["id"] for node in (await page(many, f"first: 100, orderBy: {opposite}"))["nodes"]]
    assert set(one) == set(other)
    if name == "FILED_ON":
        assert one == other[::-1]


async def test_counting_agrees_with_listing_under_filters(many: Database) -> None:
    for where in (
        'filedOn: { gte: "2026-01-03" }',
        "closedOn: { isNull: true }",
        "status: { in: [OPEN] }",
        "lost: { eq: true }",
    ):
        answer = await ask(
            many, CITY, f"{{ cases(first: 100, filter: {{ {where} }}) {{ totalCount nodes {{ id }} }} }}"
        )
        assert answer["data"]["cases"]["totalCount"] == len(answer["data"]["cases"]["nodes"]), where


async def test_a_page_of_nothing(many: Database) -> None:
    found = await page(many, "first: 0")
    assert found["nodes"] == []
    assert found["pageInfo"]["hasNextPage"] is True
    assert found["pageInfo"]["endCursor"] is None


async def test_aliases_fragments_directives_and_typename(database: Database, city: City) -> None:
    query = """
      query($yes: Boolean!, $no: Boolean!) {
        mine: cases(first: 1) { ...Page }
        again: cases(first: 1, orderBy: FILED_ON_ASC) { nodes { a: number b: number ... on Case @include(if: $yes) { filedOn } } }
        node(id: "AGENCY") { __typename id ... on Case { number } ... on Agency { name } }
      }
      fragment Page on CaseConnection { kind: __typename edges { __typename node { __typename ...Core status @skip(if: $yes) } } }
      fragment Core on Case { court { __typename name @include(if: $no) code } }
    """.replace("AGENCY", IDS.encode("Agency", 4401, city.agencies["city"]))
    answer = await ask(database, city.scope(440100000), query, {"yes": True, "no": False})
    assert "errors" not in answer
    data = answer["data"]
    edge = data["mine"]["edges"][0]
    assert data["mine"]["kind"] == "CaseConnection"
    assert edge == {
        "__typename": "CaseEdge",
        "node": {"__typename": "Case", "court": {"__typename": "Court", "code": "粤7101"}},
    }
    assert set(data["again"]["nodes"][0]) == {"a", "b", "filedOn"}
    assert data["node"]["__typename"] == "Agency"
    assert set(data["node"]) == {"__typename", "id", "name"}


async def test_the_same_field_selected_twice_is_merged(database: Database, city: City) -> None:
    query = "{ cases(first: 1) { nodes { court { name } court { code } responses { role } ... on Case { responses { id } } } } }"
    node = (await ask(database, city.scope(440100000), query))["data"]["cases"]["nodes"][0]
    assert set(node["court"]) == {"name", "code"}
    assert set(node["responses"][0]) == {"role", "id"}


async def test_more_fields_than_a_function_call_takes(database: Database, city: City) -> None:
    names = " ".join(f"n{place}: number" for place in range(130))
    node = (await ask(database, city.scope(440100000), f"{{ cases(first: 1) {{ nodes {{ {names} }} }} }}"))["data"][
        "cases"
    ]["nodes"][0]
    assert len(node) == 130
    assert len(set(node.values())) == 1


async def test_a_response_key_longer_than_a_column_name_may_be(database: Database, city: City) -> None:
    key = "k" * 90
    answer = await ask(database, city.scope(440100000), f"{{ {key}: cases(first: 1) {{ nodes {{ {key}: number }} }} }}")
    assert set(answer["data"][key]["nodes"][0]) == {key}


async def test_a_root_field_is_one_statement_however_much_it_selects(database: Database, city: City) -> None:
    query = """{ cases { totalCount nodes { responses { agency { tenant { name } } documents { nodes { id } } } hearings { totalCount nodes { id } } } }
                 agencies { nodes { name } } causes { nodes { parent { name } } } }"""
    context = operation_context(database, city.scope(440100000))
    await Engine().execute(HOUSE.schema(()), Operation(query, None, {}, "test"), context)
    assert context.statements == 3


async def test_what_a_permission_hides_is_null(database: Database, city: City) -> None:
    without = ALL - {"parties.read", "documents.read"}
    query = "{ cases(first: 1) { nodes { number parties { totalCount } documents { totalCount } } } }"
    node = (await ask(database, city.scope(440100000), query, permissions=without))["data"]["cases"]["nodes"][0]
    assert node["parties"] is None
    assert node["documents"] is None
    assert node["number"]


async def test_values_are_bound_never_written_into_the_statement(database: Database, city: City) -> None:
    text = "'; drop table note; --"
    answer = await ask(
        database,
        city.scope(440100000),
        "query($n: String!) { agencies(filter: { name: { in: [$n] } }) { totalCount } }",
        {"n": text},
    )
    assert answer["data"] == {"agencies": {"totalCount": 0}}


async def test_a_hundred_ids_of_several_types_are_one_statement_that_is_compiled_once(
    database: Database, city: City
) -> None:
    scope = city.scope(440100000)
    seen = await ask(database, scope, "{ cases { nodes { id } } }")
    here = [node["id"] for node in seen["data"]["cases"]["nodes"]]
    here += [IDS.encode("Court", 0, "粤7101"), IDS.encode("Tenant", 0, "440112000")]
    nowhere = [IDS.encode("Case", 4401, uuid4()), IDS.encode("Case", 4403, uuid4()), IDS.encode("Court", 0, "无")]
    ids = ([*here, *nowhere] * 20)[:100]
    wide = " ".join(f"f{n}: filedOn" for n in range(40))
    query = (
        f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id ... on Case {{ {wide} court {{ name }} }} "
        "... on Court { name } ... on Tenant { name } } }"
    )
    house = House(HOUSE.contributions)
    for some in (ids, ids[::-1], ids[:3]):
        answer = await ask(database, scope, query, {"ids": some}, house=house)
        assert [one and one["id"] for one in answer["data"]["nodes"]] == [one if one in here else None for one in some]
    assert len(house.catalogue.statements) == 3
