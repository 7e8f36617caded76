"""Limits on a whole operation: each refuses before anything is read, says which it is, and says the figures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import get_introspection_query, graphql_sync

from core.db.session import Database
from schema.execution import Engine, Operation
from schema.limits import LimitReason, Limits
from tests.support.city import City
from tests.support.house import HOUSE, ask, operation_context

SCHEMA = HOUSE.schema(())


def through_a_cycle(levels: int) -> str:
    deep = "number"
    for _ in range(levels):
        deep = f"dispute {{ cases {{ {deep} }} }}"
    return f"{{ cases {{ nodes {{ {deep} }} }} }}"


DOUBLED = "{ cases { nodes { ...F30 } } } fragment F0 on Case { number }" + "".join(
    f" fragment F{n} on Case {{ a: dispute {{ cases {{ ...F{n - 1} }} }} b: dispute {{ cases {{ ...F{n - 1} }} }} }}"
    for n in range(1, 31)
)
OVER: dict[LimitReason, str] = {
    LimitReason.LENGTH: "{ " + "a" * 200_000 + " }",
    LimitReason.TOKENS: "{ " + "__typename " * 10_001 + "}",
    LimitReason.DEFINITIONS: "{ __typename }" + "".join(f" fragment F{n} on Case {{ id }}" for n in range(101)),
    LimitReason.DEPTH: through_a_cycle(25),
    LimitReason.FIELDS: "{ viewer { "
    + " ".join("...F" for _ in range(1_001))
    + " } } fragment F on Viewer { subject today }",
    LimitReason.ALIASES: "{ viewer { " + " ".join(f"a{n}: subject" for n in range(1_000)) + " } }",
    LimitReason.ROOT_FIELDS: "{ " + " ".join(f"a{n}: __typename" for n in range(21)) + " }",
    LimitReason.REPEATS: "{ viewer { " + "subject " * 102 + " } }",
    LimitReason.ROWS: "{ cases(first: 100) { nodes { hearings(first: 100) { nodes { id } } } } }",
    LimitReason.COST: "{ cases(first: 100) { nodes { "
    + " ".join(f"c{n}: documents(first: 0) {{ totalCount }}" for n in range(20))
    + " } } }",
}


@pytest.mark.parametrize("reason", LimitReason)
async def test_each_limit_refuses_before_anything_is_read(database: Database, city: City, reason: LimitReason) -> None:
    context = operation_context(database, city.scope(440100000))
    done = await Engine().execute(SCHEMA, Operation(OVER[reason], None, {}, "test"), context)
    answer = json.loads(done.body)
    assert not done.executed
    assert context.statements == 0
    assert "data" not in answer
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["code"], extensions["reason"]) == ("COST_LIMIT_EXCEEDED", reason.value)
    assert extensions["limit"] == getattr(Limits(), reason.value.lower())
    assert extensions.get("actual", 10**9) > extensions["limit"]
    assert extensions["messageZh"]
    assert extensions["requestId"] == "test"


async def test_comments_are_counted_too(database: Database, city: City) -> None:
    answer = await ask(database, city.scope(440100000), "#\n" * 10_001 + "{ __typename }")
    assert answer["errors"][0]["extensions"]["reason"] == "TOKENS"


async def test_doubled_fragments_are_refused_by_their_fields(database: Database, city: City) -> None:
    answer = await ask(database, city.scope(440100000), DOUBLED)
    assert answer["errors"][0]["extensions"]["reason"] in {"DEPTH", "FIELDS"}


async def test_brackets_without_end_are_too_deep(database: Database, city: City) -> None:
    answer = await ask(database, city.scope(440100000), "{a" * 4_000)
    assert answer["errors"][0]["extensions"]["reason"] == "DEPTH"


async def test_variables_decide_what_an_operation_costs(database: Database, city: City) -> None:
    query = "query($n: Int) { cases(first: $n) { nodes { hearings(first: $n) { nodes { id } } } } }"
    small: dict[str, Any] = await ask(database, city.scope(440100000), query, {"n": 3})
    assert small["extensions"] == {"cost": {"requested": 1 + 3 * (1 + 1 + 3), "maximum": 20_000}}
    large = await ask(database, city.scope(440100000), query, {"n": 100})
    assert large["errors"][0]["extensions"]["reason"] == "ROWS"


@pytest.mark.parametrize(
    "query", ["{ __schema { queryType { name } } }", '{ __type(name: "Case") { name } }', "{ viewer { subjct } }"]
)
async def test_introspection_and_suggestions_can_be_turned_off(database: Database, city: City, query: str) -> None:
    answers = []
    for engine in (Engine(), Engine(introspection=False)):
        context = operation_context(database, city.scope(440100000))
        done = await engine.execute(SCHEMA, Operation(query, None, {}, "test"), context)
        answers.append(json.loads(done.body))
    on, off = answers
    assert "data" in on or "Did you mean" in on["errors"][0]["message"]
    assert off["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in off["errors"][0]["message"]


async def test_typename_is_no_introspection(database: Database, city: City) -> None:
    context = operation_context(database, city.scope(440100000))
    done = await Engine(introspection=False).execute(SCHEMA, Operation("{ __typename }", None, {}, "t"), context)
    assert json.loads(done.body)["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("size", [100, 101])
async def test_a_list_of_values_is_at_most_a_hundred(database: Database, city: City, size: int) -> None:
    query = "query($n: [String!]) { agencies(filter: { name: { in: $n } }) { totalCount } }"
    answer = await ask(database, city.scope(440100000), query, {"n": ["x"] * size})
    if size <= 100:
        assert answer["data"] == {"agencies": {"totalCount": 0}}
        return
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["code"], extensions["field"]) == ("BAD_USER_INPUT", "filter.name.in")
    assert extensions["limit"] == 100


async def test_the_schema_is_told_apart_from_the_loop_and_then_remembered(database: Database, city: City) -> None:
    engine, query = Engine(), get_introspection_query()
    answers = []
    for _ in range(2):
        context = operation_context(database, city.scope(440100000))
        done = await engine.execute(SCHEMA, Operation(query, None, {}, "t"), context)
        answers.append(json.loads(done.body)["data"])
    assert answers[0] == answers[1] == graphql_sync(SCHEMA.graphql, query).data
