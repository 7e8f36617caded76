"""Isolation by the schema: every node type, every list and every nested connection, asked for by everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLObjectType, get_named_type

from core.db.base import RowClass
from core.db.rls import row_class
from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from schema.declared.fields import ConnectionField
from schema.declared.types import NodeType
from schema.limits import Limits
from tests.support.city import AGENCIES, City
from tests.support.house import HOUSE, IDS, ask
from tests.support.worlds import World, build_worlds, inherits

NAMES = ("city", "tianhe", "huangpu", "town", "shenzhen")
ADMINISTERED = {RowClass.OPERATION, RowClass.TENANT, RowClass.PERSON, RowClass.BODY}
PERSONAL = {RowClass.INBOX, RowClass.OWN}
OFFICIAL = {RowClass.TENANT, RowClass.ISSUE, RowClass.ISSUE_PART}
"""Not for agencies; of issues that is so while they are drafts, as those of the worlds are."""
OPEN_TO_ALL = {RowClass.SHARED, RowClass.SHARD}
NODES: dict[str, NodeType] = {
    name: node for name, node in HOUSE.catalogue.nodes.items() if row_class(node.table) not in OPEN_TO_ALL
}
LISTS = sorted(name for name, owned in HOUSE.catalogue.queries.items() if isinstance(owned.field, ConnectionField))
SETTINGS = {
    name for name, node in NODES.items() if row_class(node.table) is RowClass.TENANT and "high" in node.table.columns
}


@pytest.fixture(scope="module")
async def worlds(database: Database, city: City) -> dict[str, World]:
    return await build_worlds(database, city, NAMES)


def node_id(node: str, world: World) -> str:
    return IDS.encode(node, world.shard, world.ids[NODES[node].table.name])


def viewers(city: City) -> dict[str, Scope]:
    """Everybody who might look: each tenant, each agency, the court, a stranger with a grant of nothing, nobody."""
    scopes = {name: city.scope(AGENCIES[name][1]) for name in NAMES}
    scopes |= {f"agency of {name}": city.agency_scope(name) for name in NAMES}
    scopes["court elsewhere"] = city.scope(440100000, ScopeKind.COURT, court_code="粤71")
    scopes["mediator without cases"] = city.scope(440100000, ScopeKind.ASSIGNED, member_id=city.cases["city"])
    scopes |= {f"administrator of {name}": city.scope(AGENCIES[name][1], ScopeKind.ADMIN) for name in NAMES}
    scopes["secretary"] = city.scope(440100000, ScopeKind.NONE)
    return scopes


def may_see(scope: Scope, world: World, city: City, node: str) -> bool:
    if node in SETTINGS and inherits(scope, world):
        return True
    if row_class(NODES[node].table) in PERSONAL:
        return False
    if scope.kind is ScopeKind.ADMIN:
        return row_class(NODES[node].table) in ADMINISTERED and scope.low <= world.code < scope.high
    if row_class(NODES[node].table) is RowClass.OPERATION:
        return False
    if scope.kind is ScopeKind.TENANT:
        return scope.low <= world.code < scope.high
    if row_class(NODES[node].table) in OFFICIAL:
        return False
    return scope.kind is ScopeKind.AGENCY and scope.agency_id == city.agencies[world.name]


@pytest.mark.parametrize("node", NODES)
async def test_a_foreign_id_looks_exactly_like_a_missing_one(
    database: Database, city: City, worlds: dict[str, World], node: str
) -> None:
    query = "query($id: ID!, $ids: [ID!]!) { node(id: $id) { id __typename } nodes(ids: $ids) { id } }"
    for name, scope in viewers(city).items():
        for world in worlds.values():
            foreign = node_id(node, world)
            missing = IDS.encode(node, world.shard, UUID(int=1))
            seen = await ask(database, scope, query, {"id": foreign, "ids": [foreign]})
            absent = await ask(database, scope, query, {"id": missing, "ids": [missing]})
            if may_see(scope, world, city, node):
                assert seen["data"]["node"] == {"id": foreign, "__typename": node}, (
                    f"{name} does not see its own {node}"
                )
            else:
                assert seen == absent, f"{name} can tell {node} of {world.name} from a missing one"
                assert seen["data"] == {"node": None, "nodes": [None]}, f"{name} sees {node} of {world.name}"


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_holds_nobody_elses_rows(
    database: Database, city: City, worlds: dict[str, World], name: str
) -> None:
    field = HOUSE.catalogue.queries[name].field
    assert isinstance(field, ConnectionField)
    target = field.source.target
    if target not in NODES:
        return
    by_id = {node_id(target, world): world for world in worlds.values()}
    query = f"{{ {name}(first: 100) {{ totalCount nodes {{ id }} }} }}"
    for viewer, scope in viewers(city).items():
        answer = await ask(database, scope, query)
        found = {node["id"] for node in answer["data"][name]["nodes"]}
        for one, world in by_id.items():
            if one in found:
                assert may_see(scope, world, city, target), f"{viewer} finds {name} of {world.name}"
            elif field.rows is None and may_see(scope, world, city, target):
                pytest.fail(f"{viewer} does not find its own {name}")
        assert answer["data"][name]["totalCount"] >= len(found)


def ids_below(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "id" and isinstance(inner, str):
                yield inner
            else:
                yield from ids_below(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_below(inner)


def selection(type_name: str, depth: int) -> str:
    """Every field of a type that leads to nodes, as deep as told: the widest look that a client can take."""
    kind = HOUSE.schema(()).graphql.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    parts = ["id"] if "id" in kind.fields else []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            continue
        if inner.name.endswith("Connection") and depth > 0:
            parts.append(
                f"{name}(first: 100) {{ nodes {{ {selection(inner.name.removesuffix('Connection'), depth - 1)} }} }}"
            )
        elif "id" in inner.fields and depth > 0:
            parts.append(f"{name} {{ {selection(inner.name, depth - 1)} }}")
    return " ".join(parts)


@pytest.mark.parametrize("viewer", ["huangpu", "tianhe", "agency of huangpu", "agency of tianhe", "town"])
async def test_whatever_is_reached_from_a_case_is_the_viewers_own(
    database: Database, city: City, worlds: dict[str, World], viewer: str
) -> None:
    """Two levels down every relation of every visible case: the shared case shows its shell, not the other agency's part."""
    scope = viewers(city)[viewer]
    query = f"{{ cases(first: 100) {{ nodes {{ {selection('Case', 2)} }} }} }}"
    answer = await ask(database, scope, query, limits=Limits(rows=10**9, cost=10**9))
    assert "errors" not in answer
    own_classes = {RowClass.ANCHOR, RowClass.RESPONSE, RowClass.RESPONSE_OPEN, RowClass.BODY, RowClass.PERSON}
    reached = set(ids_below(answer["data"]))
    assert len(reached) > 5
    async with database.read(scope) as session:
        for one in reached:
            found = IDS.decode(one)
            node = HOUSE.catalogue.nodes[found.type_name]
            if row_class(node.table) in own_classes:
                row = await session.driver.fetchrow(
                    f"select 1 from {node.table.name} where shard = $1 and id = $2", found.shard, found.key
                )
                assert row is not None, f"{viewer} reaches {found.type_name}"


async def test_a_shared_case_shows_each_agency_its_own_part(database: Database, city: City) -> None:
    query = """query($id: ID!) { node(id: $id) { ... on Case { number responses { agency { name } }
               parties { nodes { name side } } } } }"""
    given = {"id": IDS.encode("Case", 4401, city.cases["shared"])}
    answers = {
        name: (await ask(database, city.agency_scope(name), query, given))["data"]["node"]
        for name in ("huangpu", "tianhe")
    }
    assert answers["huangpu"]["parties"] == answers["tianhe"]["parties"]
    assert len(answers["huangpu"]["parties"]["nodes"]) == 2
    for name, answer in answers.items():
        assert [one["agency"]["name"] for one in answer["responses"]] == [AGENCIES[name][0]]
