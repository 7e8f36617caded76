"""What is deprecated says why, what instead and since when; and whoever uses it is known, from text and variables alike."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    FragmentDefinitionNode,
    OperationDefinitionNode,
    build_schema,
    get_operation_ast,
    parse,
    resolve_schema_coordinate,
)

from core.db.session import Database
from schema.contract import missing_replacements
from schema.deprecation import Deprecations
from schema.execution import Engine, Operation
from tests.support.city import City
from tests.support.house import operation_context
from tests.support.outdated import OUTDATED_HOUSE

SCHEMA = OUTDATED_HOUSE.schema(("outdated",))
REASON = "由案号给出（the number says it）。请改用（use）：`Case.number`。自（since）2026-12-01 起弃用。"
OLD_SDL = """
interface Thing { id: ID! tag: String @deprecated }
type Query { now: Thing before: Thing @deprecated(reason: "x") list(order: Order = NEW, filter: Filter, size: Int @deprecated(reason: "x")): [Item!] }
type Item implements Thing { id: ID! tag: String @deprecated(reason: "x") name: String title: String @deprecated(reason: "x") }
enum Order { NEW OLD @deprecated(reason: "x") }
input Filter { name: String title: String @deprecated(reason: "x") orders: [Order!] inner: Filter }
type Mutation { change(filter: Filter): Boolean }
"""
TOY = Deprecations(build_schema(OLD_SDL))


def used(query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> set[str]:
    document = parse(query)
    operation = get_operation_ast(document, name)
    assert isinstance(operation, OperationDefinitionNode)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    return set(TOY.in_document(operation, fragments) | TOY.in_variables(operation, variables or {}))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ now { id } list { name } }", set()),
        ("{ before { id } }", {"Query.before"}),
        ("{ now { tag ... on Item { alias: title } } }", {"Thing.tag", "Item.title"}),
        ("{ list(size: 3) { id } }", {"Query.list(size:)"}),
        ("{ list(order: OLD) { id } }", {"Order.OLD"}),
        ("query ($o: Order = OLD) { list(order: $o) { id } }", {"Order.OLD"}),
        ('{ list(filter: { inner: { title: "x" } }) { id } }', {"Filter.title"}),
        ("{ list(filter: { orders: [NEW, OLD] }) { id } }", {"Order.OLD"}),
        ("{ ...A } fragment A on Query { list { ...B ...B } } fragment B on Item { title }", {"Item.title"}),
        ("{ now { id } } fragment Unused on Item { title }", set()),
    ],
)
def test_uses_in_a_document(query: str, expected: set[str]) -> None:
    assert used(query) == expected


def test_the_operation_that_runs_is_counted_and_no_other() -> None:
    query = "query A { now { id } } query B { before { id } }"
    assert used(query, name="A") == set()
    assert used(query, name="B") == {"Query.before"}


def test_fragments_that_double_are_read_once() -> None:
    query = "{ ...F0 }" + "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    assert used(query + " fragment F60 on Query { before { id } }") == {"Query.before"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"f": None}, set()),
        ({"f": {"name": "x"}}, set()),
        ({"f": {"title": None}}, {"Filter.title"}),
        ({"f": {"inner": {"inner": {"title": "x"}}, "orders": ["OLD"]}}, {"Filter.title", "Order.OLD"}),
        ({"f": {"orders": "OLD"}}, {"Order.OLD"}),
        ({"f": ["not", {"what": "is asked"}], "g": 3}, set()),
    ],
)
def test_uses_in_variables(given: dict[str, Any], expected: set[str]) -> None:
    assert used("mutation ($f: Filter) { change(filter: $f) }", given) == expected


@pytest.mark.parametrize(
    "coordinate",
    ["Case.title", "Query.freshness(of:)", "CaseRelabelInput.title", "Mutation.caseRelabel"],
)
def test_declared_deprecations_are_in_the_schema_with_their_reason(coordinate: str) -> None:
    found = resolve_schema_coordinate(SCHEMA.graphql, coordinate)
    assert found is not None
    shown = next(
        getattr(found, part)
        for part in ("field_argument", "enum_value", "input_field", "field")
        if getattr(found, part, None) is not None
    )
    assert shown.deprecation_reason == REASON
    assert f'@deprecated(reason: "{REASON}")' in SCHEMA.as_str()


def test_declared_deprecations_are_all_that_the_schema_has() -> None:
    assert SCHEMA.deprecations.coordinates == {
        "Case.title", "Query.freshness(of:)", "CaseRelabelInput.title", "Mutation.caseRelabel", "Freshness.OLD",
    }  # fmt: skip
    assert OUTDATED_HOUSE.schema(()).deprecations.coordinates == frozenset()


def test_a_replacement_that_does_not_exist_is_found() -> None:
    assert missing_replacements(SCHEMA.graphql) == []
    wrong = 'type Query { a: Int @deprecated(reason: "旧（old）。请改用（use）：`Query.c`。自（since）2026-12-01 起弃用。") b: Int }'
    assert missing_replacements(build_schema(wrong)) == ["Query.a: Query.c"]


async def test_an_executed_operation_tells_what_it_used(database: Database, city: City) -> None:
    async def run(query: str, **variables: Any) -> frozenset[str]:
        context = operation_context(database, city.scope(440100000))
        done = await Engine().execute(SCHEMA, Operation(query, None, variables, "test"), context)
        return done.deprecated

    assert await run("{ cases { nodes { title } } }") == {"Case.title"}
    assert await run("{ cases { nodes { number } } }") == set()
    assert await run("{ cases { nodes { title nothing } } }") == set(), "what is refused uses nothing"
    relabel = "mutation ($i: CaseRelabelInput!) { caseRelabel(input: $i) { errors { code } } }"
    given = {"caseId": "x", "freshness": "OLD", "title": "y"}
    assert await run(relabel, i=given) == {"Mutation.caseRelabel", "CaseRelabelInput.title", "Freshness.OLD"}
