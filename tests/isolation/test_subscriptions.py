"""Every subscription of the schema, for an event about a row of every type in every tenant: told to those who see the row, and its node.

The list is the schema's. The events are real rows, read from the feed; so it is also seen that nobody who should hear of one
is left out by the look at its audience that comes before.
"""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from core.db.rls import row_class
from core.db.scope import Scope
from core.db.session import Database
from core.events.feed import FeedEvent, Missed, place_now, read
from schema.execution import Engine, Operation
from schema.names import camel
from schema.planner.event import UNSEEN
from tests.isolation.test_schema import NAMES, NODES, PERSONAL, may_see, viewers
from tests.support.city import City
from tests.support.house import ALL, HOUSE, operation_context
from tests.support.worlds import World, build_worlds

SUBSCRIPTIONS = {name: owned.field for name, owned in HOUSE.catalogue.subscriptions.items()}
WRITE = text(
    "insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)"
    " values (:shard, :code, :agency, :name, :type, :subject, cast(:payload as jsonb), now())"
)
ENGINE = Engine()
Told = list[tuple[FeedEvent, World, str]]


@pytest.fixture(scope="module")
async def worlds(database: Database, city: City) -> dict[str, World]:
    return await build_worlds(database, city, NAMES)


async def told_of(database: Database, city: City, worlds: dict[str, World], name: str) -> Told:
    """An event of this subscription about a row of each type in each world, as the feed has them."""
    declared = SUBSCRIPTIONS[name]
    target = HOUSE.catalogue.nodes[declared.node.target].table.name
    about = [node for node in NODES if declared.node.key is not None or node == declared.node.target]
    async with database.system() as session:
        start = (await place_now(session)).cursor()
    expected: dict[UUID, tuple[World, str]] = {}
    async with database.system() as session:
        for world in worlds.values():
            for node in about:
                subject = world.ids[NODES[node].table.name]
                payload = {declared.node.key: str(world.ids[target])} if declared.node.key else {}
                if "member_id" in HOUSE.catalogue.nodes[node].table.columns:
                    payload["member_id"] = str(world.ids["member"])
                given = {"name": next(iter(declared.events)), "type": node, "subject": subject}
                given |= {"shard": world.shard, "code": world.code, "agency": city.agencies[world.name]}
                await session.execute(WRITE, {**given, "payload": json.dumps(payload)})
                expected[subject] = (world, node)
    async with database.system() as session:
        events, _ = await read(session, Missed(start), 1_000, 0.0)
    assert len(events) == len(expected)
    return [(event, *expected[event.source.subject_id]) for event in events]


async def hears(database: Database, scope: Scope, name: str, event: FeedEvent) -> bool:
    declared = SUBSCRIPTIONS[name]
    node = camel(declared.node.name)
    query = f"subscription {{ {name} {{ event {node} {{ id }} subject {{ id __typename }} eventId }} }}"
    context = operation_context(database, scope)
    done = await ENGINE.execute(
        HOUSE.schema(HOUSE.owners), Operation(query, None, {}, "test", event=event.source), context
    )
    answer = json.loads(done.body)
    assert "errors" not in answer, answer
    if context.extras[UNSEEN]:
        assert answer["data"] == {name: None}
        return False
    told = answer["data"][name]
    assert told["eventId"] == str(event.source.id)
    assert told["subject"]["__typename"] == event.source.subject_type
    assert context.statements == 1
    return True


def sees(scope: Scope, world: World, city: City, node: str) -> bool:
    if row_class(NODES[node].table) in PERSONAL:
        return scope.member_id == world.ids["member"] and scope.shard == world.shard
    return may_see(scope, world, city, node)


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_an_event_is_told_to_those_who_see_its_row_and_its_node(
    database: Database, city: City, worlds: dict[str, World], name: str
) -> None:
    told = await told_of(database, city, worlds, name)
    target = SUBSCRIPTIONS[name].node.target
    heard = 0
    everybody = viewers(city) | {
        f"member of {one}": city.scope(world.code, member_id=world.ids["member"]) for one, world in worlds.items()
    }
    for viewer, scope in everybody.items():
        for event, world, node in told:
            expected = sees(scope, world, city, node) and sees(scope, world, city, target)
            assert await hears(database, scope, name, event) == expected, f"{viewer}, {node} of {world.name}"
            if expected:
                assert event.audience.may_include(scope), f"{viewer} is left out of {node} of {world.name}"
                heard += 1
    assert heard >= len(worlds)


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_an_event_needs_its_permission(
    database: Database, city: City, worlds: dict[str, World], name: str
) -> None:
    """A subscriber who holds the root field's permission alone hears of no kind of event that needs another one."""
    declared = SUBSCRIPTIONS[name]
    scope = city.scope(440100000, member_id=worlds["city"].ids["member"])
    told = await told_of(database, city, worlds, name)
    source = next(event.source for event, world, _ in told if sees(scope, world, city, declared.node.target))
    for event_name, needed in declared.needs.items():
        for permissions in (ALL, ALL - {needed}):
            context = operation_context(database, scope, permissions)
            operation = Operation(
                f"subscription {{ {name} {{ eventId }} }}", None, {}, "test", event=replace(source, name=event_name)
            )
            done = await ENGINE.execute(HOUSE.schema(HOUSE.owners), operation, context)
            if needed == declared.permission and needed not in permissions:
                assert b"FORBIDDEN" in done.body
            else:
                assert context.extras[UNSEEN] == (needed not in permissions), event_name
