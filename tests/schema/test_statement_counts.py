"""One statement for each root field, whatever it selects and however much it answers: counted by the engine, and by the driver.

The root fields are taken from the schema, so that one added tomorrow is counted too. What Python answers (viewer, labels of
enums, periods) may take one statement or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type

from core.acting import ActContext, Actor
from core.calendar.calendar_file import shipped_calendar
from core.clock import FrozenClock
from core.db.engine import make_engine
from core.db.session import Database, TenantSession
from core.identity.roles import Role
from schema.context import OperationContext
from schema.declared.fields import ComputedField
from schema.execution import Engine, Operation
from schema.limits import Limits
from schema.planner.compiler import View
from tests.conftest import _administer, on
from tests.schema.oracle.viewers import BOTH, CITY
from tests.schema.oracle.world import CASES, fill
from tests.schema.test_differential import HOUSE, IDS, POOL, WORLD
from tests.support.city import NOW
from tests.support.house import ALL

SCHEMA = HOUSE.schema(BOTH)
ROOTS = SCHEMA.graphql.query_type.fields if SCHEMA.graphql.query_type else {}
PLANNED = sorted(
    name
    for name in ROOTS
    if name not in HOUSE.catalogue.queries or not isinstance(HOUSE.catalogue.queries[name].field, ComputedField)
)
DRIVERS_OWN = re.compile(r"current_setting\('jit'\)|pg_catalog\.pg_type|typeinfo")
"""What asyncpg asks once on a connection: of types that it meets for the first time."""
CONTROL = ("begin", "commit", "rollback", "savepoint", "release", "set ", "select set_config")
GIVEN = {
    "node": f'(id: "{POOL.ids["Case"][0]}")',
    "nodes": f"(ids: {json.dumps(POOL.ids['Case'][:5] + POOL.ids['Period'][:5] + POOL.ids['Agency'])})",
    "caseByNumber": f'(number: "{POOL.numbers[0]}")',
    "court": '(code: "粤7101")',
    "cause": '(code: "0101")',
    "tenant": "(code: 440100000)",
    "caseTally": "(by: [DISTRICT, STATUS])",
}


@dataclass
class Counted:
    """The answer, what the engine counted, and what went over the wire."""

    answer: dict[str, Any]
    engine: int
    driver: list[str] = field(default_factory=list)

    @property
    def own(self) -> list[str]:
        """The statements beside transaction control."""
        return [text for text in self.driver if not text.lstrip().lower().startswith(CONTROL)]


@pytest.fixture(scope="module")
async def world(server_url: str, template: str) -> AsyncIterator[Database]:
    name = f"s_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    await fill(on(server_url, name), WORLD)
    database = Database(make_engine(on(server_url, name), pool_size=2))
    yield database
    await database.dispose()
    await _administer(server_url, f"drop database {name} with (force)")


@contextmanager
def watched(sent: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every query of every driver connection, by asyncpg's own logger: prepared ones, and those sent as text."""
    acquired: set[int] = set()
    plain = {
        name: getattr(asyncpg.Connection, name) for name in ("execute", "fetch", "fetchval", "fetchrow", "prepare")
    }

    def watching(name: str) -> Any:
        async def call(self: Any, *given: Any, **named: Any) -> Any:
            if id(self) not in acquired:
                acquired.add(id(self))
                self.add_query_logger(lambda record: sent.append(record.query))
            return await plain[name](self, *given, **named)

        return call

    with monkeypatch.context() as patched:
        for name in plain:
            patched.setattr(asyncpg.Connection, name, watching(name))
        yield


async def count(database: Database, query: str, monkeypatch: pytest.MonkeyPatch, **variables: Any) -> Counted:
    async def begin_act(session: TenantSession) -> ActContext:
        return ActContext(session, FrozenClock(NOW), Actor("t", "张三", Role.CITY_BUREAU.value), shipped_calendar())

    context = OperationContext(View(CITY, ALL, {}), Database(database.engine), IDS, begin_act, None, 10_000)
    sent: list[str] = []
    engine = Engine(Limits(rows=10**9, cost=10**9))
    with watched(sent, monkeypatch):
        done = await engine.execute(SCHEMA, Operation(query, None, variables, "count"), context)
    await context.database.queries.close()
    return Counted(json.loads(done.body), context.statements, [text for text in sent if not DRIVERS_OWN.search(text)])


def everything(kind: Any, depth: int) -> str:
    """All leaves of a type, and all that it leads to, so many levels down."""
    named = get_named_type(kind)
    if named.name == "Node":
        types = [name for name in ("Case", "Period", "Agency") if name in HOUSE.catalogue.nodes]
        return "__typename id " + " ".join(
            f"... on {name} {{ {_aliased(name, everything(SCHEMA.graphql.type_map[name], 1))} }}" for name in types
        )
    assert isinstance(named, GraphQLObjectType)
    parts = [
        name for name, one in named.fields.items() if is_leaf_type(get_named_type(one.type)) and _whole(named, name)
    ]
    if depth:
        parts += [
            _deeper(name, one, depth)
            for name, one in named.fields.items()
            if not is_leaf_type(get_named_type(one.type))
        ]
    return " ".join(["__typename", *parts])


def _whole(kind: GraphQLObjectType, name: str) -> bool:
    """What is made to fail would be asked for twice."""
    return f"{kind.name}.{name}" not in {
        "Case.quotient",
        "Response.quotient",
        "Case.broken",
        "Case.tooFew",
        "Case.oddSerial",
    }


def _deeper(name: str, field: GraphQLField, depth: int) -> str:
    below = depth if get_named_type(field.type).name.endswith(("Connection", "Edge")) else depth - 1
    return f"{name} {{ {everything(field.type, below)} }}"


def _aliased(kind: str, selection: str) -> str:
    return selection if kind == "Case" else "id"


@pytest.mark.parametrize("name", PLANNED)
async def test_a_root_field_is_one_statement_with_everything_below_it(
    world: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"{{ {name}{GIVEN.get(name, '')} {{ {everything(ROOTS[name].type, 1)} }} }}"
    counted = await count(world, query, monkeypatch)
    assert [error for error in counted.answer.get("errors", []) if "strict" not in str(error["path"])] == []
    assert counted.answer["data"][name] is not None
    assert (counted.engine, len(counted.own)) == (1, 1), counted.own


@pytest.mark.parametrize("size", [0, 1, 100])
async def test_the_size_of_the_answer_adds_no_statement(
    world: Database, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"""{{ cases(first: {size}) {{ totalCount nodes {{ number waitingDays labels {{ text }} parties {{ nodes {{ name }} }}
      responses {{ agency {{ tenant {{ name }} }} documents(first: {size}) {{ totalCount nodes {{ file {{ name }} }} }} }} }} }} }}"""
    counted = await count(world, query, monkeypatch)
    shown = len(counted.answer["data"]["cases"]["nodes"])
    assert shown == min(size, counted.answer["data"]["cases"]["totalCount"]) <= CASES
    assert (counted.engine, len(counted.own)) == (1, 1)


async def test_several_root_fields_are_as_many_statements_in_one_transaction(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = ["cases", "hearings", "agencies", "caseLabels", "courts"]
    selections = " ".join(f"{name} {{ totalCount nodes {{ id }} }}" for name in fields)
    counted = await count(world, f"{{ {selections} again: cases {{ nodes {{ number }} }} __typename }}", monkeypatch)
    assert "errors" not in counted.answer
    assert (counted.engine, len(counted.own)) == (6, 6)
    assert len([text for text in counted.driver if text.lower().startswith("begin")]) == 1


async def test_what_fails_at_a_plugins_expression_is_exempt_and_asked_once_more(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = await count(world, "{ cases(first: 100) { nodes { number quotient } } }", monkeypatch)
    assert counted.engine == 2
    assert {error["path"][-1] for error in counted.answer["errors"]} == {"quotient"}


async def test_a_field_of_a_type_name_alone_needs_no_database(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = await count(world, "{ __typename }", monkeypatch)
    assert (counted.engine, counted.driver) == (0, [])


async def test_a_mutation_reads_the_changed_node_back_in_one_statement(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """mutation ($input: NoteWriteInput!) { noteWrite(input: $input) {
      note { body response { agency { name } case { number responses { id } } } } errors { code } } }"""
    own = next(row for row in WORLD.rows["response"] if row["shard"] == 4401)
    given = {"responseId": IDS.encode("Response", 4401, own["id"]), "body": "拟应诉"}
    counted = await count(world, query, monkeypatch, input=given)
    assert counted.answer["data"]["noteWrite"]["errors"] == []
    assert counted.engine == 1
    assert len([text for text in counted.own if "json_build_object" in text]) == 1
