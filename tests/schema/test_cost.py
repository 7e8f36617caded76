"""The cost of an operation, by hand and by machine: the formula, its sizes, and its bounds."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_introspection_query, parse

from schema.cost import Cost
from schema.execution import Engine
from schema.limits import Limits
from schema.prepared import Documents
from tests.support.house import HOUSE

SCHEMA = HOUSE.schema(())
WIDE = Limits(depth=100, fields=100_000, aliases=10_000, repeats=10_000, cost=10**9, rows=10**9)


def cost(query: str, variables: dict[str, Any] | None = None) -> Cost:
    prepared = Documents(WIDE).prepare(SCHEMA, query)
    return prepared.cost(prepared.operation(None), variables or {})


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ __typename }", {}, Cost(0, 0)),
        # A connection is one object, its nodes a page of the default size.
        ("{ cases { nodes { id number } } }", {}, Cost(1 + 20, 20)),
        ("{ cases(first: 50) { nodes { id } } }", {}, Cost(51, 50)),
        ("{ cases(last: 7) { nodes { id } } }", {}, Cost(8, 7)),
        ("{ cases(first: 50) { totalCount } }", {}, Cost(1 + 10, 0)),
        ("{ cases(first: 50) { pageInfo { endCursor } } }", {}, Cost(1 + 1, 0)),
        ("{ cases(first: 5) { edges { node { id } } } }", {}, Cost(1 + 5 * 2, 5)),
        ("{ cases(first: 2) { nodes { court { name } cause { name } } } }", {}, Cost(1 + 2 * 3, 2)),
        # Sizes multiply down: 2 cases, each one object for its hearings and 3 hearings with 3 appearances assumed.
        (
            "{ cases(first: 2) { nodes { hearings(first: 3) { nodes { appearances { id } } } } } }",
            {},
            Cost(1 + 2 * (1 + 1 + 3 * (1 + 3)), 2 + 2 * (3 + 3 * 3)),
        ),
        ("query($n: Int) { cases(first: $n) { nodes { id } } }", {"n": 9}, Cost(10, 9)),
        ("query($n: Int) { cases(first: $n) { nodes { id } } }", {"n": None}, Cost(21, 20)),
        ("query($n: Int) { cases(first: $n) { nodes { id } } }", {}, Cost(21, 20)),
        ("query($n: Int = 4) { cases(first: $n) { nodes { id } } }", {}, Cost(5, 4)),
        ("query($n: Int = 4) { cases(first: $n) { nodes { id } } }", {"n": 3}, Cost(4, 3)),
        # What will be refused later as no page at all costs no more than the largest page, and never less than nothing.
        ("{ cases(first: 2147483647) { nodes { id } } }", {}, Cost(101, 100)),
        ("query($n: Int) { cases(first: $n) { nodes { id } } }", {"n": 10**9}, Cost(101, 100)),
        ("query($n: Int) { cases(first: $n) { nodes { id } } }", {"n": -5}, Cost(1, 0)),
        ("query($n: Int) { cases(first: $n) { nodes { id } } }", {"n": "7"}, Cost(21, 20)),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', {}, Cost(3, 3)),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a"] * 7}, Cost(7, 7)),
        # A fragment costs what its fields would; on a connection, by the page of where it is spread.
        (
            "{ cases(first: 3) { ...P } } fragment P on CaseConnection { nodes { ...C } } fragment C on Case { court { name } }",
            {},
            Cost(1 + 3 * 2, 3),
        ),
        (
            "{ a: cases(first: 3) { ...P } b: cases(first: 4) { ...P } } fragment P on CaseConnection { nodes { id } }",
            {},
            Cost(4 + 5, 7),
        ),
        ('{ node(id: "x") { ... on Case { court { id } } ... on Agency { id } } }', {}, Cost(2, 0)),
        ("{ cases(first: 3) @skip(if: true) { nodes { id } } }", {}, Cost(4, 3)),
    ],
)
def test_costs(query: str, variables: dict[str, Any], expected: Cost) -> None:
    assert cost(query, variables) == expected


def test_doubled_fragments_are_costed_once_each() -> None:
    chain = "\n".join(f"fragment F{n} on Case {{ dispute {{ id }} ...F{n + 1} }}" for n in range(80))
    query = f"{{ cases(first: 1) {{ nodes {{ ...F0 ...F0 }} }} }} {chain} fragment F80 on Case {{ id }}"
    assert cost(query).cost == 1 + 1 + 2 * 80


def test_a_fragment_on_a_connection_that_doubles_is_costed_once_a_page() -> None:
    chain = "\n".join(f"fragment F{n} on CaseConnection {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    query = f"{{ cases(first: 1) {{ ...F0 }} }} {chain} fragment F60 on CaseConnection {{ nodes {{ id }} }}"
    prepared = Documents(Limits(fields=2**70, depth=100)).prepare(SCHEMA, query)
    assert prepared.cost(prepared.operation(None), {}).cost == 1 + 2**60


def test_introspection_passes_once_and_not_by_the_dozen() -> None:
    limit = Engine().limits.cost
    whole = get_introspection_query(input_value_deprecation=True, specified_by_url=True)
    assert 0 < cost(whole).cost <= limit
    inside = whole[whole.index("__schema") : whole.index("fragment")].rstrip().removesuffix("}")
    dozen = "".join(f"s{n}: {inside}" for n in range(12))
    assert cost(f"{{ {dozen} }} {whole[whole.index('fragment') :]}").cost > limit


def test_introspection_beside_other_fields_has_no_share() -> None:
    alone = "{ __schema { types { name fields { name } } } }"
    beside = "{ __typename @include(if: true) __schema { types { name fields { name } } } }"
    spread = "{ ...F } fragment F on Query { __schema { types { name fields { name } } } }"
    whole = 1 + 300 * (1 + 10) + 1
    assert cost(alone).cost == cost(spread).cost == 1 + (whole - 2) // 20
    assert cost(beside).cost == 1 + whole - 2


def test_every_declared_cost_is_printed() -> None:
    printed = parse(SCHEMA.as_str())
    found = {
        (kind.name.value, field.name.value)
        for kind in printed.definitions
        for field in getattr(kind, "fields", None) or ()
        if any(directive.name.value in {"cost", "listSize"} for directive in field.directives or ())
    }
    assert found == set(SCHEMA.costs)
    assert ("CaseConnection", "totalCount") in found
    assert ("Query", "cases") in found
    assert ("Mutation", "hearingSchedule") in found


def test_costs_are_kept_by_what_sizes_the_lists() -> None:
    prepared = Documents(WIDE).prepare(
        SCHEMA, "query($n: Int, $f: CaseFilter) { cases(first: $n, filter: $f) { nodes { id } } }"
    )
    operation = prepared.operation(None)
    for text in range(200):
        prepared.cost(operation, {"n": text % 3, "f": {"status": {"eq": str(text)}}})
    assert len(prepared._costs) == 3
