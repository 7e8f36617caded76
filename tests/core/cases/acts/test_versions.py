"""Optimistic concurrency, over all acts there are: who changes a row may say which version of it they have read."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from sqlalchemy import text

from core.db.base import RowClass
from core.db.rls import row_class
from core.db.scope import ScopeKind
from core.db.session import Database
from core.errors import ActRefused
from core.extension import graphql as extension
from core.extension.registry import Registry
from core.house import CORE_CONTRIBUTIONS
from schema.act import Act
from schema.compose import House
from schema.describe import Ref
from schema.mutation import EXPECTED_VERSION, slots_of
from tests.support.acting import Desk
from tests.support.city import NOW, TODAY, City
from tests.support.worlds import World, build_worlds

HOUSE = House((*CORE_CONTRIBUTIONS, extension.contribution_of(Registry())))
ACTS = [act for _, act in HOUSE.acts.values()]
DONE_ONCE = {
    "documentAttachFile": "a document has one file, and a second one is refused",
    "caseGrantEnd": "an end is set once, and what has ended is refused",
    "fileComplete": "completing what is complete changes nothing",
    "notificationRead": "what is read once stays read",
    "calendarFeedRevoke": "what is revoked once stays revoked",
}
"""Acts on an existing row that need no version, because nothing of it can be overwritten; each has a test of its own."""


def edits(act: Act) -> bool:
    """An act that needs the node it answers changes it; what reveals a secret changes nothing."""
    needed = [slot for slot in slots_of(act.given) if slot.default is dataclasses.MISSING]
    return act.reveals is None and any(slot.ref == act.returns for slot in needed)


def versioned(act: Act) -> bool:
    return any(slot.name == EXPECTED_VERSION for slot in slots_of(act.given))


def has_version(node: str) -> bool:
    return "version" in HOUSE.catalogue.nodes[node].table.columns


@pytest.mark.parametrize("act", [act for act in ACTS if edits(act)], ids=lambda act: act.name)
def test_who_changes_a_row_can_say_what_they_have_read(act: Act) -> None:
    assert versioned(act) or act.name in DONE_ONCE
    assert not (versioned(act) and act.name in DONE_ONCE)


def test_the_exceptions_are_acts() -> None:
    assert set(DONE_ONCE) <= {act.name for act in ACTS if edits(act)}


@pytest.mark.parametrize("act", [act for act in ACTS if versioned(act)], ids=lambda act: act.name)
def test_the_version_can_be_read(act: Act) -> None:
    assert has_version(act.returns)
    assert "version" in HOUSE.catalogue.nodes[act.returns].fields
    slot = next(slot for slot in slots_of(act.given) if slot.name == EXPECTED_VERSION)
    assert slot.optional
    assert slot.default is None
    assert "CONFLICT" in act.refusals.__members__


CONSISTENT = {"periodExtend": {"amount": 1}}
"""What an input needs beside its required fields."""
BY_ROW = [act for act in ACTS if versioned(act) and edits(act)]


@pytest.fixture(scope="module")
async def world(database: Database, city: City) -> World:
    return (await build_worlds(database, city, ("huangpu",)))["huangpu"]


@pytest.mark.parametrize("act", BY_ROW, ids=lambda act: act.name)
async def test_another_version_is_a_conflict_that_names_the_row(
    database: Database, city: City, world: World, act: Act
) -> None:
    """Whatever else is wrong with the input: nobody's change is overwritten by one who has not seen it."""
    table = HOUSE.catalogue.nodes[act.returns].table
    given = dict(_filled(act, world)) | CONSISTENT.get(act.name, {})
    async with database.system() as session:
        await session.execute(
            text(f"update {table.name} set version = 7 where id = :id"), {"id": world.ids[table.name]}
        )
    operated = row_class(table) is RowClass.OPERATION
    desk = Desk(database, city.scope(440100000, ScopeKind.ADMIN if operated else ScopeKind.TENANT))
    with pytest.raises(ActRefused) as caught:
        await desk.perform(act, **given, expected_version=6)
    assert caught.value.code.name == "CONFLICT", caught.value.message
    assert caught.value.path == ("input", "expectedVersion")
    assert caught.value.current == world.ids[table.name]
    async with database.system() as session:
        found = await session.scalar(
            text(f"select version from {table.name} where id = :id"), {"id": world.ids[table.name]}
        )
    assert found == 7


def _filled(act: Act, world: World) -> Iterator[tuple[str, Any]]:
    """An input whose fields have some value of their type, and whose ids are rows of the world."""
    for name, hint in get_type_hints(act.given, include_extras=True).items():
        leaf, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        if name == EXPECTED_VERSION or (get_origin(leaf) in {Union, types.UnionType} and not _is_wanted(act, name)):
            continue
        ref = next((mark.node for mark in marks if isinstance(mark, Ref)), None)
        yield name, _value(leaf, ref, world)


def _is_wanted(act: Act, name: str) -> bool:
    return next(one for one in dataclasses.fields(act.given) if one.name == name).default is dataclasses.MISSING


def _value(leaf: Any, ref: str | None, world: World) -> Any:
    if ref is not None:
        return world.ids[HOUSE.catalogue.nodes[ref].table.name]
    if isinstance(leaf, type) and issubclass(leaf, Enum):
        return next(iter(leaf))
    plain = {
        str: "x",
        int: 1,
        bool: True,
        date: TODAY,
        datetime: NOW,
        time: time(9),
        Decimal: Decimal(1),
        UUID: world.ids["agency"],
    }
    return plain.get(leaf, ())
