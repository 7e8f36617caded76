"""The planner against plain graphql-core: queries generated from the schema answer alike, data and errors, for every viewer.

`tests/schema/oracle` answers the same operations by slow and plain resolvers over rows that were read once under the same scope.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type, graphql_sync, is_leaf_type, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.engine import make_engine
from core.db.session import Database
from core.house import CORE_CONTRIBUTIONS
from schema.compose import House
from schema.context import OperationContext
from schema.declared.fields import ConnectionField, LookupField, ToManyField, ToOneField, ValueField
from schema.execution import Engine, Operation
from schema.limits import Limits
from tests.conftest import _administer, on
from tests.schema.oracle.drawing import Choices
from tests.schema.oracle.executor import Oracle
from tests.schema.oracle.pool import pool_of
from tests.schema.oracle.queries import Generated, Writer
from tests.schema.oracle.rows import Snapshot, snapshot
from tests.schema.oracle.taught import FAILING, LOOKUPS, NARROWED, RELATED, VALUES, answerable
from tests.schema.oracle.viewers import Viewer, viewers
from tests.schema.oracle.world import build, fill
from tests.support.example import EXAMPLE
from tests.support.house import BUILT_IN
from tests.support.oddities import ODDITIES

HOUSE = House((*CORE_CONTRIBUTIONS, EXAMPLE, ODDITIES, *BUILT_IN.contributions()))
IDS = HOUSE.catalogue.id_codec(b"a secret of thirty-two bytes long")
VIEWERS = viewers()
WORLD = build(HOUSE.catalogue)
POOL = pool_of(HOUSE.catalogue, IDS, WORLD.rows)
ORACLES = {plugins: Oracle(HOUSE, plugins, IDS) for plugins in {viewer.plugins for viewer in VIEWERS}}
QUERIES = 2_000
FREELY = Limits(tokens=10**6, depth=100, fields=10**6, aliases=10**6, repeats=10**6, rows=10**9, cost=10**9)
"""What is too much to ask is another test's business."""


@dataclass(repr=False)
class Bench:
    """The database, what each viewer sees of it, and the engine under test."""

    database: Database
    seen: dict[str, Snapshot]
    engine: Engine

    async def planned(self, viewer: Viewer, query: Generated) -> dict[str, Any]:
        """The planner's answer: data, and the paths and codes of errors."""
        context = OperationContext(viewer.view, self.database, IDS, _no_acts, None, 10_000)
        operation = Operation(query.text, None, query.variables, "differential")
        done = await self.engine.execute(HOUSE.schema(viewer.plugins), operation, context)
        answer = json.loads(done.body)
        errors = [(json.dumps(error.get("path")), error["extensions"]["code"]) for error in answer.get("errors", [])]
        return {"data": answer.get("data"), "errors": sorted(errors)}


async def _no_acts(_session: Any) -> Any:
    raise LookupError("only queries are asked")


@pytest.fixture(scope="module")
async def bench(server_url: str, template: str) -> AsyncIterator[Bench]:
    logging.getLogger("yingsu.graphql").setLevel(logging.CRITICAL)
    name = f"o_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    await fill(on(server_url, name), WORLD)
    database = Database(make_engine(on(server_url, name), pool_size=2))
    yield Bench(database, {one.name: await snapshot(database, HOUSE.catalogue, one) for one in VIEWERS}, Engine(FREELY))
    await database.dispose()
    await _administer(server_url, f"drop database {name} with (force)")
    logging.getLogger("yingsu.graphql").setLevel(logging.NOTSET)


@st.composite
def operations(draw: Callable[[Any], Any]) -> tuple[Viewer, Generated]:
    viewer = VIEWERS[draw(st.integers(0, len(VIEWERS) - 1))]
    oracle = ORACLES[viewer.plugins]
    return viewer, Writer(Choices(draw), oracle.schema, HOUSE.catalogue, POOL).operation()


@settings(
    max_examples=QUERIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(asked=operations())
async def test_generated_queries_answer_as_graphql_core_would(bench: Bench, asked: tuple[Viewer, Generated]) -> None:
    viewer, query = asked
    oracle = ORACLES[viewer.plugins]
    assert validate(oracle.schema, parse(query.text)) == [], query.text
    expected = await oracle.answer(bench.seen[viewer.name], query.text, query.variables)
    for _ in ("compiled", "remembered"):
        assert alike(await bench.planned(viewer, query), expected), told(viewer, query)


def told(viewer: Viewer, query: Generated) -> str:
    return f"{viewer.name}: {query.text} {json.dumps(query.variables, ensure_ascii=False)}"


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same data, and an error at each place that is null for one. Of several that null one place, any may be told."""
    here, there = _by_place(one), _by_place(other)
    return one["data"] == other["data"] and here.keys() == there.keys() and all(here[at] & there[at] for at in here)


def _by_place(answer: dict[str, Any]) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for path, code in answer["errors"]:
        codes.setdefault(_nulled(answer["data"], json.loads(path)), set()).add(code)
    return codes


def _nulled(data: Any, path: list[Any]) -> str:
    for length, step in enumerate(path):
        if data is None:
            return json.dumps(path[:length])
        data = data[step]
    return json.dumps(path)


@pytest.mark.parametrize("viewer", VIEWERS, ids=str)
async def test_every_field_of_every_type_answers_alike(bench: Bench, viewer: Viewer) -> None:
    """What chance might miss for long: all fields of all types, on rows of all tenants."""
    oracle = ORACLES[viewer.plugins]
    for name in sorted(set(HOUSE.catalogue.nodes) & set(oracle.schema.type_map)):
        kind = oracle.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        fields = " ".join(
            whole(field_name, field.type)
            for field_name, field in kind.fields.items()
            if answerable(HOUSE.catalogue, name, field_name)
        )
        query = Generated(
            f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {name} {{ {fields} }} }} }}", {"ids": POOL.ids[name]}
        )
        expected = await oracle.answer(bench.seen[viewer.name], query.text, query.variables)
        assert alike(await bench.planned(viewer, query), expected), told(viewer, query)


@pytest.mark.parametrize("viewer", VIEWERS, ids=str)
async def test_every_list_at_the_root_has_the_same_rows(bench: Bench, viewer: Viewer) -> None:
    oracle = ORACLES[viewer.plugins]
    assert oracle.schema.query_type is not None
    lists = [
        name
        for name, owned in HOUSE.catalogue.queries.items()
        if isinstance(owned.field, ConnectionField) and name in oracle.schema.query_type.fields
    ]
    for name in lists:
        query = Generated(f"{{ {name}(first: 100) {{ totalCount nodes {{ id }} edges {{ cursor }} }} }}", {})
        expected = await oracle.answer(bench.seen[viewer.name], query.text, query.variables)
        assert alike(await bench.planned(viewer, query), expected), told(viewer, query)


def whole(name: str, kind: Any) -> str:
    """A field with the leaves of what it leads to."""
    named = get_named_type(kind)
    if is_leaf_type(named):
        return name
    if named.name.endswith("Connection"):
        return f"{name}(first: 3) {{ totalCount nodes {{ id }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
    if isinstance(named, GraphQLUnionType):
        parts = " ".join(f"... on {one.name} {{ {leaves_of(one, 'of' + one.name)} }}" for one in named.types)
        return f"{name} {{ __typename ... on Node {{ id }} {parts} }}"
    return f"{name} {{ {leaves_of(named)} }}"


def leaves_of(kind: Any, prefix: str = "") -> str:
    """The leaves of a type; with a prefix their response keys are its own, since types differ in nullability."""
    return " ".join(
        f"{prefix}{name}: {name}" if prefix else name
        for name, field in kind.fields.items()
        if is_leaf_type(get_named_type(field.type)) and answerable(HOUSE.catalogue, kind.name, name)
    )


def test_what_is_declared_in_sql_only_has_been_taught_to_the_oracle() -> None:
    fields = {
        f"{kind}.{name}": owned.field for kind, some in HOUSE.catalogue.fields.items() for name, owned in some.items()
    }
    untaught = [
        name
        for name, field in fields.items()
        if (isinstance(field, ValueField) and field.column is None and name not in VALUES and name not in FAILING)
        or (isinstance(field, ToOneField | ToManyField) and field.columns is None and name not in RELATED)
        or (isinstance(field, ConnectionField) and field.on is not None)
    ]
    narrowed = [
        name
        for name, owned in HOUSE.catalogue.queries.items()
        if isinstance(owned.field, ConnectionField) and owned.field.rows is not None
    ]
    roots = [name for name, owned in HOUSE.catalogue.queries.items() if isinstance(owned.field, LookupField)]
    assert untaught == []
    assert set(narrowed) == set(NARROWED)
    assert set(roots) == set(LOOKUPS)


def test_the_oracle_leaves_the_librarys_own_types_alone() -> None:
    """They are shared by all schemas of the process: with other resolvers, no schema could be asked about itself any more."""
    Oracle(HOUSE, frozenset(), IDS)
    asked = graphql_sync(HOUSE.schema(()).graphql, "{ __schema { queryType { name } types { name } } }")
    assert asked.errors is None
