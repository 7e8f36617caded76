"""Statements are kept for those who ask the same of the same rows; nobody else ever gets one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from schema.compose import House
from schema.execution import Engine, Operation
from tests.support.city import City
from tests.support.house import ALL, HOUSE, IDS, operation_context

LIST = "query($n: Int, $s: CaseStatus) { cases(first: $n, filter: { status: { eq: $s } }) { nodes { id number } totalCount } }"
ONE = "query($id: ID!, $yes: Boolean!) { node(id: $id) { ... on Case { number court @include(if: $yes) { name } } } }"


class Asker:
    """Asks one document again and again on one engine, as a process does, and counts what had to be compiled."""

    def __init__(self, database: Database, house: House = HOUSE) -> None:
        self.database = database
        self.engine = Engine()
        self.house = house

    async def ask(self, scope: Scope, query: str, permissions: frozenset[str] = ALL, **variables: Any) -> Any:
        context = operation_context(self.database, scope, permissions)
        done = await self.engine.execute(self.house.schema(()), Operation(query, None, variables, "test"), context)
        return json.loads(done.body)["data"]

    def compiled(self) -> int:
        return len(self.house.catalogue.statements)


@pytest.fixture
async def asker(database: Database) -> Asker:
    return Asker(database, House(HOUSE.contributions))


async def test_colleagues_share_a_statement_and_others_do_not(asker: Asker, city: City) -> None:
    bureau = city.scope(440100000)
    for scope, expected in (
        (bureau, 1),
        (replace(bureau, member_id=uuid4()), 1),
        (city.scope(440112000), 2),
        (city.scope(440106000), 3),
        (city.scope(440300000), 4),
        (replace(bureau, kind=ScopeKind.AGENCY, agency_id=city.agencies["huangpu"]), 5),
        (replace(bureau, kind=ScopeKind.AGENCY, agency_id=city.agencies["tianhe"]), 6),
        (replace(bureau, kind=ScopeKind.COURT, court_code="粤7101"), 7),
        (replace(bureau, kind=ScopeKind.ASSIGNED, member_id=uuid4()), 8),
        (replace(bureau, kind=ScopeKind.ASSIGNED, member_id=uuid4()), 9),
    ):
        await asker.ask(scope, LIST, n=5)
        assert asker.compiled() == expected, scope


async def test_a_kept_statement_answers_as_a_fresh_one(asker: Asker, city: City) -> None:
    for scope in (city.scope(440100000), city.scope(440112000), city.scope(440300000)):
        for values in ({"n": 1}, {"n": 5}, {"n": 5, "s": "OPEN"}, {"n": 5, "s": "CLOSED"}, {"n": 5, "s": None}):
            kept = [await asker.ask(scope, LIST, **values) for _ in range(2)]
            fresh = await Asker(asker.database, House(HOUSE.contributions)).ask(scope, LIST, **values)
            assert kept == [fresh, fresh]


async def test_permissions_are_part_of_it(asker: Asker, city: City) -> None:
    query = "{ cases(first: 1) { nodes { parties { totalCount } } } }"
    scope = city.scope(440100000)
    seen = await asker.ask(scope, query)
    hidden = await asker.ask(scope, query, ALL - {"parties.read"})
    again = await asker.ask(scope, query)
    assert seen == again
    assert seen["cases"]["nodes"][0]["parties"] is not None
    assert hidden["cases"]["nodes"][0]["parties"] is None


async def test_one_node_after_another_compiles_once(asker: Asker, city: City) -> None:
    scope = city.scope(440100000)
    for name in ("shared", "huangpu", "tianhe"):
        key = IDS.encode("Case", 4401, city.cases[name])
        answer = await asker.ask(scope, ONE, id=key, yes=True)
        assert answer["node"]["court"]["name"]
    assert asker.compiled() == 1
    assert (await asker.ask(scope, ONE, id=IDS.encode("Case", 4401, uuid4()), yes=True))["node"] is None
    assert (await asker.ask(scope, ONE, id=IDS.encode("Case", 4403, city.cases["shared"]), yes=True))["node"] is None
    assert asker.compiled() == 1
    assert "court" not in (await asker.ask(scope, ONE, id=key, yes=False))["node"]
    assert (await asker.ask(scope, ONE, id=IDS.encode("Agency", 4401, city.agencies["huangpu"]), yes=True))[
        "node"
    ] == {}
    assert asker.compiled() == 3


async def test_equal_numbers_of_other_types_are_not_taken_for_each_other(asker: Asker, city: City) -> None:
    query = "query($b: Boolean) { cases(filter: { lost: { isNull: $b } }) { totalCount } }"
    scope = city.scope(440100000)
    counts = [(await asker.ask(scope, query, b=value))["cases"]["totalCount"] for value in (True, False, None)]
    assert counts[0] + counts[1] == counts[2]


async def test_a_refused_field_is_not_kept(asker: Asker, city: City) -> None:
    query = '{ cases(first: 1) { nodes { number hearings(after: "x") { totalCount } } } }'
    for _ in range(2):
        answer = await asker.ask(city.scope(440100000), query)
        assert answer["cases"] is None or answer["cases"]["nodes"][0]["hearings"] is None
    assert asker.compiled() == 0


async def test_figures_are_kept_although_they_may_be_refused_for_their_number(asker: Asker, city: City) -> None:
    """The mark of too many groups means the same at every run; that of a wrong argument does not."""
    scope = city.scope(440100000)
    for _ in range(2):
        assert await asker.ask(scope, "{ caseTally { filed } }") == {"caseTally": [{"filed": 6}]}
    assert asker.compiled() == 1
    await asker.ask(scope, "{ cases { nodes { documents(first: 101) { totalCount } } } }")
    assert asker.compiled() == 1
