"""Differences that `test_differential.py` has found, each by itself: what was answered wrongly once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from core.db.session import Database
from schema.execution import Engine, Operation
from tests.support.city import City
from tests.support.house import IDS, ask, operation_context
from tests.support.oddities import ODD_HOUSE

CITY, TOWN = 440100000, 440112001


async def data(database: Database, city: City, query: str, code: int = CITY, **variables: Any) -> dict[str, Any]:
    answer = await ask(database, city.scope(code), query, variables)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


async def test_a_node_whose_key_is_a_number(database: Database, city: City) -> None:
    async with database.system() as session:
        await session.execute(
            text("insert into tenant_version (id, code, name_zh) values (7, 440106000, '天河区')"),
        )
    found = await data(database, city, "{ tenant(code: 440106000) { versions { id name } } }")
    (version,) = found["tenant"]["versions"]
    assert version["id"] == IDS.encode("TenantVersion", 0, "7")
    query = "query ($id: ID!) { node(id: $id) { ... on TenantVersion { name } } }"
    assert await data(database, city, query, id=version["id"]) == {"node": {"name": "天河区"}}


@pytest.mark.parametrize("selected", ["__typename", "pageInfo { hasPreviousPage }", "pageInfo { __typename }"])
@pytest.mark.parametrize(
    "given", ['filter: { filedOn: { gte: "2026-03-02" } }', "first: 0", 'filter: { filedOn: { lt: "2020-01-01" } }']
)
async def test_a_list_of_which_no_row_is_asked(database: Database, city: City, selected: str, given: str) -> None:
    found = await data(database, city, f"{{ cases({given}) {{ {selected} }} }}")
    assert found["cases"] in (
        {"__typename": "CaseConnection"},
        {"pageInfo": {"hasPreviousPage": False}},
        {"pageInfo": {"__typename": "PageInfo"}},
    )


async def test_a_cursor_at_a_number_that_python_takes_for_a_boolean(database: Database, city: City) -> None:
    async with database.system() as session:
        for ordinal in range(3):
            await session.execute(
                text(
                    "insert into party (shard, case_id, side, kind, ordinal, name)"
                    " values (4401, :case, 'CLAIMANT', 'NATURAL_PERSON', :ordinal, :name)"
                ),
                {"case": city.cases["city"], "ordinal": ordinal, "name": f"第{ordinal}人"},
            )
    case = IDS.encode("Case", 4401, city.cases["city"])
    query = "query ($id: ID!, $after: String) { node(id: $id) { ... on Case { parties(after: $after) { edges { cursor node { name } } } } } }"
    edges = (await data(database, city, query, id=case))["node"]["parties"]["edges"]
    for place, edge in enumerate(edges):
        rest = (await data(database, city, query, id=case, after=edge["cursor"]))["node"]["parties"]["edges"]
        assert [one["node"]["name"] for one in rest] == [one["node"]["name"] for one in edges[place + 1 :]]


async def test_a_town_lists_the_tenants_of_its_city_as_a_district_does(database: Database, city: City) -> None:
    of_town = await data(database, city, "{ tenants { nodes { code } } }", TOWN)
    assert of_town == await data(database, city, "{ tenants { nodes { code } } }")
    assert len(of_town["tenants"]["nodes"]) == 4


async def test_rows_of_one_instant_have_an_order(database: Database, city: City) -> None:
    async with database.system() as session:
        hearing = await session.scalar(
            text(
                "insert into hearing (shard, case_id, sequence, held_on, mode, status)"
                " values (4401, :case, 1, date '2026-03-09', 'ON_SITE', 'HELD') returning id"
            ),
            {"case": city.cases["city"]},
        )
        for number in (3, 1, 2):
            await session.execute(
                text(
                    "insert into hearing_change (shard, id, case_id, hearing_id, former_day, reason, changed_at)"
                    " values (4401, cast(:id as uuid), :case, :hearing, date '2026-03-01', :reason, timestamptz '2026-03-01 00:00+00')"
                ),
                {
                    "id": f"00000000-0000-7000-8000-00000000000{number}",
                    "case": city.cases["city"],
                    "hearing": hearing,
                    "reason": str(number),
                },
            )
    query = "query ($id: ID!) { node(id: $id) { ... on Hearing { changes { reason } } } }"
    found = await data(database, city, query, id=IDS.encode("Hearing", 4401, hearing))
    assert [change["reason"] for change in found["node"]["changes"]] == ["1", "2", "3"]


async def test_an_id_of_a_type_that_is_not_enabled_is_null_among_others(database: Database, city: City) -> None:
    codec = ODD_HOUSE.catalogue.id_codec(b"a secret of thirty-two bytes long")
    unknown = codec.encode("StrictCase", 4401, city.cases["city"])
    agency = IDS.encode("Agency", 4401, city.agencies["city"])
    query = "query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } node(id: $id) { id } }"
    context = operation_context(database, city.scope(CITY))
    context.ids = codec
    done = await Engine().execute(
        ODD_HOUSE.schema(()), Operation(query, None, {"ids": [unknown, agency], "id": unknown}, "t"), context
    )
    answer = json.loads(done.body)
    assert answer["data"] == {"nodes": [None, {"id": agency}], "node": None}
    assert "errors" not in answer


async def test_variables_beside_a_list_without_arguments(database: Database, city: City) -> None:
    """The key of a kept statement looks for variables in a root field's arguments: there may be none."""
    query = "query ($yes: Boolean!) { courts { nodes { code @include(if: $yes) } } }"
    found = await data(database, city, query, yes=True)
    assert [court["code"] for court in found["courts"]["nodes"]] == ["粤71", "粤7101"]
