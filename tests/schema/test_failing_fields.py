"""What must not be null and is, and what a plugin's SQL fails at: errors at their own paths, everything else intact."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from core.acting import ActContext, Actor
from core.calendar.calendar_file import shipped_calendar
from core.clock import FrozenClock
from core.db.session import Database, TenantSession
from core.identity.roles import Role
from schema.execution import Engine, Operation
from tests.support.city import NOW, City
from tests.support.house import ALL, IDS, ask, operation_context
from tests.support.oddities import ODD_HOUSE

CITY, HUANGPU = 440100000, 440112000


@pytest.fixture(scope="module")
async def linked(database: Database, city: City) -> City:
    """The case of 天河 led to that of 黄埔: who sees the later one alone may not see the earlier one."""
    async with database.system() as session:
        await session.execute(
            text(
                "insert into case_link (shard, from_case_id, to_case_id, kind) values (4401, :earlier, :later, 'APPEAL')"
            ),
            {"earlier": city.cases["tianhe"], "later": city.cases["huangpu"]},
        )
    return city


async def odd(database: Database, city: City, query: str, code: int = CITY, **variables: Any) -> dict[str, Any]:
    return await ask(database, city.scope(code), query, variables, house=ODD_HOUSE)


LINKS = "{ cases { nodes { number strictLinks { kind earlier { number } later { number } } } } }"


async def test_a_non_null_field_that_row_level_security_hides_raises(database: Database, linked: City) -> None:
    answer = await odd(database, linked, LINKS, HUANGPU)
    nodes = {node["number"]: node["strictLinks"] for node in answer["data"]["cases"]["nodes"]}
    assert nodes["（2026）粤7101行初3号"] is None
    assert [] in nodes.values()
    (error,) = answer["errors"]
    place = next(n for n, node in enumerate(answer["data"]["cases"]["nodes"]) if node["strictLinks"] is None)
    assert error["path"] == ["cases", "nodes", place, "strictLinks", 0, "earlier"]
    assert error["extensions"]["code"] == "INTERNAL"


async def test_where_nothing_is_hidden_the_same_query_is_whole(database: Database, linked: City) -> None:
    answer = await odd(database, linked, LINKS)
    assert "errors" not in answer
    links = [node["strictLinks"] for node in answer["data"]["cases"]["nodes"] if node["strictLinks"]]
    assert [[link["earlier"]["number"] for link in some] for some in links] == [["（2026）粤7101行初2号"]]


async def test_a_null_that_bubbles_to_the_top_of_a_node_looked_up_by_id(database: Database, linked: City) -> None:
    query = "query ($id: ID!, $ids: [ID!]!) { node(id: $id) { __typename ... on StrictCase { number never } } nodes(ids: $ids) { id ... on StrictCase { never } } }"
    ids = [
        ODD_HOUSE.catalogue.id_codec(b"a secret of thirty-two bytes long").encode(
            "StrictCase", 4401, linked.cases[name]
        )
        for name in ("city", "huangpu")
    ]
    answer = await odd_ids(database, linked, query, {"id": ids[1], "ids": ids})
    assert answer["data"]["node"] is None
    assert answer["data"]["nodes"] == [{"id": ids[0], "never": 1}, None]
    assert [error["path"] for error in answer["errors"]] == [["node", "never"], ["nodes", 1, "never"]]


async def odd_ids(database: Database, city: City, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    context = operation_context(database, city.scope(CITY))
    context.ids = ODD_HOUSE.catalogue.id_codec(b"a secret of thirty-two bytes long")
    done = await Engine().execute(ODD_HOUSE.schema({"oddities"}), Operation(query, None, variables, "t"), context)
    answer: dict[str, Any] = json.loads(done.body)
    return answer


async def test_a_contributed_field_that_fails_empties_itself_and_the_statement_is_run_again(
    database: Database, city: City
) -> None:
    context = operation_context(database, city.scope(CITY))
    query = "{ cases(first: 2, orderBy: FILED_ON_ASC) { nodes { number quotient } } courts { nodes { code } } }"
    whole = await odd(database, city, query)
    assert "errors" not in whole, "no case of serial 3 on this page"
    assert [node["quotient"] for node in whole["data"]["cases"]["nodes"]] == [-6, -12]
    answer = await odd(database, city, query.replace("first: 2", "first: 3"))
    nodes = answer["data"]["cases"]["nodes"]
    assert [node["number"][-2] for node in nodes] == ["1", "2", "3"]
    assert [node["quotient"] for node in nodes] == [None, None, None]
    assert [error["path"] for error in answer["errors"]] == [["cases", "nodes", n, "quotient"] for n in range(3)]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INTERNAL"}
    assert "zero" not in str(answer)
    assert len(answer["data"]["courts"]["nodes"]) == 2
    await Engine().execute(
        ODD_HOUSE.schema({"oddities"}), Operation(query.replace("first: 2", "first: 3"), None, {}, "t"), context
    )
    assert context.statements == 3


async def test_the_core_fails_as_before_where_no_plugin_has_a_part(database: Database, city: City) -> None:
    answer = await ask(database, city.scope(CITY), "{ cases { nodes { parties { nodes { id } } } } }", permissions=ALL)
    assert "errors" not in answer


async def test_wrong_arguments_inside_a_node_are_an_error_of_their_own_field(database: Database, city: City) -> None:
    query = """query ($few: Int) { cases(first: 2, filter: { filedOn: { gte: "2026-03-01" } }) { nodes {
      number documents(first: 101, filter: { receivedOn: { gte: "2026-01-01" } }) { totalCount }
      periods(first: $few, filter: { agency: { eq: "damaged" } }) { totalCount } } } }"""
    answer = await ask(database, city.scope(CITY), query, {"few": 3})
    nodes = answer["data"]["cases"]["nodes"]
    assert len(nodes) == 2
    assert all(node["number"] and node["documents"] is None and node["periods"] is None for node in nodes)
    assert sorted(map(str, (error["path"] for error in answer["errors"]))) == sorted(
        str(["cases", "nodes", n, name]) for n in (0, 1) for name in ("documents", "periods")
    )
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


async def test_what_a_permission_hides_is_null_where_the_schema_says_so(database: Database, city: City) -> None:
    without = ALL - {"appearances.read"}
    query = "query ($id: ID!) { node(id: $id) { ... on Hearing { sequence appearances { id } } } }"
    async with database.system() as session:
        hearing = await session.scalar(
            text(
                "insert into hearing (shard, case_id, sequence, held_on, mode, status)"
                " values (4401, :case, 1, date '2026-03-09', 'ON_SITE', 'HELD') returning id"
            ),
            {"case": city.cases["city"]},
        )
    answer = await ask(
        database, city.scope(CITY), query, {"id": IDS.encode("Hearing", 4401, hearing)}, permissions=without
    )
    assert answer["data"] == {"node": {"sequence": 1, "appearances": None}}


async def test_arguments_that_only_turn_out_wrong_when_executed(database: Database, city: City) -> None:
    query = 'query ($code: String = "粤7101") { court(code: $code) { name } courts { totalCount } }'
    answer = await ask(database, city.scope(CITY), query, {"code": None})
    assert answer["data"] == {"court": None, "courts": {"totalCount": 2}}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["court"], "BAD_USER_INPUT")


async def test_what_an_act_has_written_stands_when_a_plugin_fails_at_reading_it_back(
    database: Database, city: City
) -> None:
    async def begin_act(session: TenantSession) -> ActContext:
        return ActContext(session, FrozenClock(NOW), Actor("t", "张三", Role.CITY_BUREAU.value), shipped_calendar())

    context = operation_context(database, city.scope(CITY))
    context.begin_act = begin_act
    query = """mutation ($input: NoteWriteInput!) { noteWrite(input: $input) {
      note { body response { role quotient } } errors { code } } }"""
    given = {"responseId": IDS.encode("Response", 4401, city.responses["tianhe"]), "body": "拟应诉"}
    done = await Engine().execute(
        ODD_HOUSE.schema({"oddities"}), Operation(query, None, {"input": given}, "t"), context
    )
    answer = json.loads(done.body)
    note = answer["data"]["noteWrite"]["note"]
    assert note == {"body": "拟应诉", "response": {"role": "RESPONDENT", "quotient": None}}
    assert [error["path"] for error in answer["errors"]] == [["noteWrite", "note", "response", "quotient"]]
    async with database.system() as session:
        assert await session.scalar(text("select count(*) from note where body = '拟应诉'")) == 1
