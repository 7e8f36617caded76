"""A row of every tenant table, looked at and written to from every other place: nothing is seen, nothing is changed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db.base import RowClass
from core.db.rls import row_class
from core.db.scope import Scope, ScopeKind
from core.db.session import Database
from tests.support.city import AGENCIES, City
from tests.support.worlds import World, build_worlds, inherits, tenant_tables

NAMES = ("city", "tianhe", "huangpu", "town", "shenzhen")
CLASSES = {table.name: table for table in tenant_tables()}
TABLES = list(CLASSES)
FIGURES = {table.name for table in tenant_tables() if row_class(table) is RowClass.TALLY}
SHARED_BY_CITY = {table.name for table in tenant_tables() if row_class(table) is RowClass.SHARD}
PERSONAL = {table.name for table in tenant_tables() if row_class(table) in {RowClass.OWN, RowClass.INBOX}}
"""Read by the one member that they are of; whoever holds the tenant sees nothing of them."""
OPERATED = {table.name for table in tenant_tables() if row_class(table) is RowClass.OPERATION}
"""For the platform administrators of the tenant alone; its bureau sees nothing of them."""
HIDDEN = PERSONAL | OPERATED
INHERITED = {table.name for table in tenant_tables() if row_class(table) is RowClass.TENANT and "high" in table.columns}


@pytest.fixture(scope="module")
async def worlds(database: Database, city: City) -> dict[str, World]:
    return await build_worlds(database, city, NAMES)


def holds(scope: Scope, world: World) -> bool:
    return scope.low <= world.code < scope.high


async def count(database: Database, scope: Scope, table: str, world: World) -> int:
    async with database.read(scope) as session:
        found = await session.scalar(
            text(f"select count(*) from {table} where shard = :shard and id = :id"),
            {"shard": world.shard, "id": world.ids[table]},
        )
    return int(found)


@pytest.mark.parametrize("table", TABLES)
async def test_a_tenant_sees_exactly_the_rows_of_its_range(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    for viewer in NAMES:
        scope = city.scope(AGENCIES[viewer][1])
        for name, world in worlds.items():
            expected = holds(scope, world) and table not in HIDDEN
            if table in SHARED_BY_CITY:
                expected = scope.shard == world.shard
            seen = await count(database, scope, table, world)
            if table in INHERITED:
                expected = expected or inherits(scope, world)
            assert seen == int(expected), f"{viewer} looking at {table} of {name}"


@pytest.mark.parametrize("table", TABLES)
async def test_without_a_tenant_there_is_no_row(database: Database, worlds: dict[str, World], table: str) -> None:
    async with database.anonymous() as session:
        assert await session.scalar(text(f"select count(*) from {table}")) == 0


@pytest.mark.parametrize("table", TABLES)
async def test_scope_none_sees_no_case_content(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    scope = city.scope(440100000, ScopeKind.NONE)
    for name, world in worlds.items():
        configured = table in INHERITED and inherits(scope, world)
        expected = configured or (table in SHARED_BY_CITY and scope.shard == world.shard)
        # The executive-meeting secretary, who has this scope, reads figures and nothing else (domain §10).
        expected = expected or (table in FIGURES and holds(scope, world))
        assert await count(database, scope, table, world) == int(expected), f"nobody looking at {table} of {name}"


@pytest.mark.parametrize("table", TABLES)
async def test_an_agency_sees_its_own_rows_only(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    for viewer in NAMES:
        for name, world in worlds.items():
            scope = city.agency_scope(viewer)
            if table in INHERITED:
                expected = inherits(scope, world)
            elif table in SHARED_BY_CITY:
                expected = scope.shard == world.shard
            else:
                papers = {RowClass.ISSUE, RowClass.ISSUE_PART}
                unseen = {RowClass.TENANT, RowClass.OWN, RowClass.INBOX, RowClass.OPERATION} | papers
                expected = name == viewer and row_class(CLASSES[table]) not in unseen
            seen = await count(database, scope, table, world)
            assert seen == int(expected), f"{viewer} looking at {table} of {name}"


@pytest.mark.parametrize("table", sorted(PERSONAL))
async def test_a_members_own_row_is_seen_by_that_member_alone(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    """Neither by the tenant above, nor by others of the same place, nor by the same member's id in another city."""
    world = worlds["huangpu"]
    async with database.system() as session:
        owner = await session.scalar(text(f"select member_id from {table} where id = :id"), {"id": world.ids[table]})
    for kind in ScopeKind:
        own = city.scope(world.code, kind, member_id=owner)
        assert await count(database, own, table, world) == 1, kind
        for stranger in (
            city.scope(world.code, kind),
            city.scope(world.code, kind, member_id=uuid4()),
            city.scope(440100000, kind, member_id=uuid4()),
            city.scope(440300000, kind, member_id=owner),
        ):
            assert await count(database, stranger, table, world) == 0, stranger
    with pytest.raises(DBAPIError) as caught:
        async with database.write(city.scope(world.code, member_id=owner)) as session:
            await session.execute(
                text(f"update {table} set member_id = :other where id = :id"),
                {"other": uuid4(), "id": world.ids[table]},
            )
    assert getattr(caught.value.orig, "sqlstate", "") == "42501"


@pytest.mark.parametrize("table", TABLES)
async def test_another_tenants_row_cannot_be_changed(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    for viewer in NAMES:
        scope = city.scope(AGENCIES[viewer][1])
        for world in worlds.values():
            if holds(scope, world) or (table in SHARED_BY_CITY and scope.shard == world.shard):
                continue
            statement = text(f"update {table} set shard = shard where shard = :shard and id = :id")
            try:
                async with database.write(scope) as session:
                    changed = await session.execute(statement, {"shard": world.shard, "id": world.ids[table]})
            except DBAPIError as error:
                assert getattr(error.orig, "sqlstate", "") == "42501"  # the table takes no updates at all
            else:
                assert changed == 0


@pytest.mark.parametrize("table", [table.name for table in tenant_tables() if "code" in table.columns])
async def test_a_row_cannot_be_moved_into_another_tenant(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    own, other = worlds["huangpu"], worlds["tianhe"]
    statement = text(f"update {table} set code = :code where shard = :shard and id = :id")
    given = {"code": other.code, "shard": own.shard, "id": own.ids[table]}
    if table in HIDDEN:
        async with database.write(city.scope(own.code)) as session:
            assert await session.execute(statement, given) == 0
    if table in PERSONAL:
        return
    mover = city.scope(own.code, ScopeKind.ADMIN if table in OPERATED else ScopeKind.TENANT)
    with pytest.raises(DBAPIError) as caught:
        async with database.write(mover) as session:
            await session.execute(statement, given)
    assert getattr(caught.value.orig, "sqlstate", "") == "42501"


@pytest.mark.parametrize("table", sorted(OPERATED))
async def test_rows_of_the_platforms_running_are_for_its_administrators_alone(
    database: Database, city: City, worlds: dict[str, World], table: str
) -> None:
    for viewer in NAMES:
        for kind in ScopeKind:
            scope = city.scope(AGENCIES[viewer][1], kind, member_id=uuid4(), agency_id=worlds[viewer].ids["agency"])
            for name, world in worlds.items():
                expected = kind is ScopeKind.ADMIN and holds(scope, world)
                assert await count(database, scope, table, world) == int(expected), f"{kind} of {viewer}: {name}"


async def test_a_read_session_cannot_write(database: Database, city: City, worlds: dict[str, World]) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with database.read(city.scope(440100000)) as session:
            await session.rows(text("update note set body = 'x' returning id"))
    assert getattr(caught.value.orig, "sqlstate", "") == "25006"


async def test_a_scope_does_not_outlive_its_transaction(database: Database, city: City) -> None:
    async with database.read(city.scope(440100000)) as session:
        assert await session.scalar(text("select count(*) from response")) > 0
    async with database.anonymous() as session:
        assert await session.scalar(text("select count(*) from response")) == 0
        assert await session.scalar(text("select current_setting('app.scope', true)")) in {None, ""}
