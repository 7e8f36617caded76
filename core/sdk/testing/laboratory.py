"""The laboratory: everything that a request meets except HTTP and tokens, on a real database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from sqlalchemy import Constraint, Index, PrimaryKeyConstraint
from sqlalchemy.engine import make_url

from core.acting import ActContext, Actor
from core.calendar import WorkingCalendar, shipped_calendar
from core.calendar.records import CalendarSource
from core.clock import FrozenClock
from core.db.base import Base
from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.migrate import differences
from core.db.scope import Scope, ScopeKind
from core.db.session import Database, ReadSession, TenantSession
from core.db.violations import declared, rules_of
from core.events.feed import CHUNK, Missed, place_now, read
from core.events.snapshot import Cursor
from core.extension.cache import EnablementCache
from core.extension.graphql import contribution_of
from core.extension.migration import migrate
from core.extension.registry import Registry
from core.house import CORE_CONTRIBUTIONS
from core.identity.permissions import CORE_PERMISSIONS, PermissionRegistry, permissions_of
from core.identity.roles import Role
from core.jobs.enqueue import message_of
from core.jobs.job import Job
from core.jobs.running import JobRunner, Outcome
from core.sdk.testing.small_city import NOW, PLACES, TODAY, SmallCity, build
from schema.compose import ComposedSchema, House
from schema.context import OperationContext
from schema.execution import Engine, Operation
from schema.planner.compiler import View
from schema.planner.event import UNSEEN
from schema.subscription import Asked

SERVER = "YINGSU_TEST_SERVER"
"""Environment: a superuser's URL of a PostgreSQL to test on; without it, an embedded one is started."""
SECRET = b"the laboratory's own secret, of no use elsewhere"


def _can_be_met(one: Constraint | Index) -> bool:
    return one.unique if isinstance(one, Index) else not isinstance(one, PrimaryKeyConstraint)


class _Shipped(CalendarSource):
    """Jobs reckon by the calendar by which acts reckon here: the laboratory's database has none of its own."""

    async def current(self, session: ReadSession) -> WorkingCalendar:  # noqa: ARG002 - it is in no database
        return shipped_calendar()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a role in a place of the small city (`city`, `huangpu`, `tianhe`, `street`, `shenzhen`)."""

    place: str = "city"
    role: Role = Role.CITY_BUREAU
    subject: str = "visitor"

    def scope(self, city: SmallCity) -> Scope:
        """What they see: the place's range, or its agency's own cases where the role is an agency's."""
        place = PLACES[self.place]
        agency = city.agencies[self.place] if self.role.scope.value == "AGENCY" else None
        kind = ScopeKind.AGENCY if agency else ScopeKind.TENANT
        if self.role is Role.PLATFORM_ADMIN:
            kind = ScopeKind.ADMIN
        return Scope(kind, place.code // 100_000, place.code, place.high, place.level, TODAY, None, agency)


@dataclass(slots=True)
class Laboratory:
    """A database with the small city, and the schema of what is installed."""

    database: Database
    registry: Registry
    city: SmallCity
    house: House
    enablement: EnablementCache
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    engine: Engine = field(default_factory=Engine)
    resources: dict[type[Any], Any] = field(default_factory=dict)
    """What acts and jobs find beside the database, by type: put `Files.open(folder, secret)` here for those that keep files."""

    def id(self, type_name: str, key: UUID, shard: int = 4401) -> str:
        """The global id of a row, as a client writes it."""
        return self.house.catalogue.id_codec(SECRET).encode(type_name, shard, key)

    async def ask(self, visitor: Visitor, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Execute an operation as the visitor, on the schema that their place has; the response."""
        context, schema = await self._for(visitor)
        operation = Operation(query, None, dict(variables or {}), "laboratory")
        done = await self.engine.execute(schema, operation, context)
        answer: dict[str, Any] = orjson.loads(done.body)
        return answer

    async def now(self) -> Cursor:
        """Where the feed of events is now."""
        async with self.database.system() as session:
            return (await place_now(session)).cursor()

    async def told(self, visitor: Visitor, query: str, since: Cursor) -> list[dict[str, Any]]:
        """What a subscription tells the visitor of the events since then: the responses, in order."""
        async with self.database.system() as session:
            events, _ = await read(session, Missed(since), CHUNK, 0.0)
        told = []
        for event in events:
            context, schema = await self._for(visitor)
            asked = self.engine.ask(schema, Operation(query, None, {}, "laboratory"))
            if not isinstance(asked, Asked):
                raise TypeError(f"this is no subscription of {visitor.place}: {asked}")
            if event.source.name in asked.names and event.audience.may_include(context.view.scope):
                operation = Operation(query, None, {}, "laboratory", event=event.source)
                done = await self.engine.execute(schema, operation, context)
                if not context.extras.get(UNSEEN):
                    told.append(orjson.loads(done.body))
        return told

    async def _for(self, visitor: Visitor) -> tuple[OperationContext, ComposedSchema]:
        scope = visitor.scope(self.city)
        enabled = await self.enablement.enabled(self.database.queries, scope)
        known = PermissionRegistry.of({"core": CORE_PERMISSIONS, **self.registry.permissions()})
        permissions = permissions_of(visitor.role, known)

        async def begin_act(session: TenantSession) -> ActContext:
            return ActContext(
                session=session,
                clock=self.clock,
                actor=Actor(visitor.subject, "张三", visitor.role.value),
                calendar=shipped_calendar(),
                permissions=permissions,
                subscribers=self.registry.subscribers(enabled.plugins),
                resources=self.resources,
            )

        context = OperationContext(
            view=View(scope, permissions, enabled.disabled_ranges),
            database=self.database,
            ids=self.house.catalogue.id_codec(SECRET),
            begin_act=begin_act,
            viewer=None,
            timeout_ms=10_000,
        )
        return context, self.house.schema(enabled.plugins)

    async def choose(self, plugin: str, choice: str, place: str = "city") -> dict[str, Any]:
        """Let a place say ENABLED, DISABLED or INHERIT; the payload of `pluginChoose`."""
        answer = await self.ask(
            Visitor(place),
            "mutation ($input: PluginChooseInput!) { pluginChoose(input: $input) { errors { code message } } }",
            {"input": {"plugin": plugin, "choice": choice}},
        )
        payload: dict[str, Any] = answer["data"]["pluginChoose"]
        return payload

    async def run(self, job: Job, payload: Any, *, tenant: int | None = None, key: str | None = None) -> Outcome:
        """Do a job as a worker would, in its own transaction; what became of it. Its failure is written down, not raised."""
        runner = JobRunner(
            database=self.database,
            jobs={job.name: job},
            clock=self.clock,
            subscribers=self.registry.subscribers(frozenset(self.registry.plugins)),
            resources=self.resources,
            requires=self.registry.requires,
            calendar=_Shipped(),
        )
        return await runner.run(message_of(job, payload, tenant=tenant, key=key))

    async def differences(self, plugin: str) -> list[str]:
        """In what a plugin's declared tables and its migrated ones differ; nothing where its revisions are whole."""
        async with self.database.engine.connect() as connection:
            found = await connection.run_sync(differences)
        return [line for line in found if plugin in line]

    def silent_constraints(self, plugin: str) -> list[str]:
        """The constraints of a plugin's tables that say nothing to whom meets them, for want of `exists`, `unmet` and the like."""
        tables = [one for one in Base.metadata.tables.values() if one.name.startswith(plugin)]
        named = [one for table in tables for one in rules_of(table) if _can_be_met(one)]
        return sorted(str(one.name) for one in named if declared(str(one.name), tables) is None)

    def sdl(self, *enabled: str) -> str:
        """The schema of an enabled set."""
        return self.house.schema(enabled).as_str()


@asynccontextmanager
async def laboratory(registry: Registry | None = None) -> AsyncIterator[Laboratory]:
    """A laboratory with the plugins of a registry, by default all that are installed; its database is dropped afterwards."""
    loaded = Registry.load() if registry is None else registry
    house = House((*CORE_CONTRIBUTIONS, contribution_of(loaded), *loaded.contributions()))
    with _server() as server:
        name = f"laboratory_{uuid4().hex[:12]}"
        await _administer(server, f"create database {name}")
        url = make_url(server).set(database=name, drivername="postgresql").render_as_string(hide_password=False)
        try:
            await migrate(url, loaded)
            database = Database(make_engine(url, pool_size=5))
            try:
                yield Laboratory(database, loaded, await build(database), house, loaded.enablement())
            finally:
                await database.dispose()
        finally:
            await _administer(server, f"drop database {name} with (force)")


@contextmanager
def _server() -> Iterator[str]:
    named = os.environ.get(SERVER)
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="yingsu-laboratory-") as folder:
        server = EmbeddedServer(Path(folder), fsync=False)
        with server.lease() as info:
            yield info.dsn


async def _administer(server: str, statement: str) -> None:
    url = make_url(server).set(database="postgres", drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
