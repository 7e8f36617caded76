"""The API process, put together from its settings: database, schema, authentication, files, HTTP."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from starlette.applications import Starlette

from core.calendar.records import CalendarSource
from core.clock import Clock, process_clock
from core.config import Settings
from core.db.installation import Installation
from core.db.session import Database
from core.documents.files import Files
from core.documents.routes import file_routes
from core.events.hub import EventHub
from core.example_queries import EXAMPLES
from core.extension import graphql as extension
from core.extension.registry import Registry
from core.feed_routes import feed_routes
from core.feeds.acts import FeedAddress
from core.feeds.reading import Feeds
from core.house import CORE_CONTRIBUTIONS
from core.http.application import build_http_app
from core.http.execution import SchemaExecution, Services
from core.http.metrics import HttpMetrics
from core.http.rate.buckets import Rate
from core.http.rate.limits import RateLimits
from core.http.settings import HttpSettings
from core.http.stream.endpoint import GOING_AWAY
from core.http.stream.execution import SchemaStreams
from core.http.stream.leaving import GoingAway
from core.http.stream.metrics import StreamMetrics
from core.http.stream.routes import stream_routes
from core.http.stream.waiting import ReplayLimits
from core.identity.development_issuer import DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.jwks import RemoteKeys
from core.identity.permissions import CORE_PERMISSIONS, PermissionRegistry
from core.identity.tokens import TokenVerifier
from core.imports.routes import import_routes
from core.jobs.metrics import QueueMetrics
from core.notifications.offered import Offered
from core.offering import offered_by
from schema.compose import House
from schema.limits import Limits


def settle_memory() -> None:
    """Take what a started process keeps for good out of the garbage collector's sight.

    Schema and documents are hundreds of thousands of objects; looking through them again and again cost each request 0.2 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@dataclass(frozen=True, slots=True)
class Application:
    """An API process: its ASGI application, and the execution behind it."""

    asgi: Starlette
    execution: SchemaExecution


def token_verifier(settings: Settings) -> TokenVerifier:
    """The verifier of bearer tokens: the configured issuer's, or that of the development issuer in the data folder."""
    if settings.oidc_issuer is not None:
        keys = RemoteKeys(settings.oidc_issuer, jwks_url=settings.oidc_jwks_url)
        return TokenVerifier(settings.oidc_issuer, settings.oidc_audience, keys)
    issuer = DevelopmentIssuer.open(settings.data / "dev")
    return TokenVerifier(DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE, issuer.keys)


def http_settings(settings: Settings) -> HttpSettings:
    """What the HTTP layer is told of the settings."""
    return HttpSettings(
        cors_origins=tuple(settings.cors_origins),
        graphiql=settings.graphiql,
        body_limit=settings.body_limit,
        body_timeout=settings.body_timeout,
        heartbeat=settings.stream_heartbeat,
        subscriptions_per_socket=settings.stream_subscriptions,
        socket_limit=settings.stream_sockets,
    )


def operation_limits(settings: Settings) -> Limits:
    """What one operation may ask for, as the settings say."""
    return Limits(
        tokens=settings.limit_tokens,
        depth=settings.limit_depth,
        aliases=settings.limit_aliases,
        root_fields=settings.limit_root_fields,
        rows=settings.limit_rows,
        cost=settings.limit_cost,
    )


def replay_limits(settings: Settings) -> ReplayLimits:
    """How far subscriptions can be resumed, and how much may wait for their clients."""
    return ReplayLimits(
        timedelta(hours=settings.stream_resume_hours), settings.stream_resume_events, settings.stream_queue
    )


def listen_url(settings: Settings, database: Database) -> str:
    """Where events are listened for: past a pooler, where there is one."""
    for named in (settings.database_listen_url, settings.database_admin_url, settings.database_url):
        if named is not None:
            return named.get_secret_value()
    return database.system_engine.url.render_as_string(hide_password=False)


def queue_url(settings: Settings, database: Database) -> str:
    """Where workers take messages: as the login that does system work, past any pooler."""
    for named in (settings.database_admin_url, settings.database_listen_url, settings.database_url):
        if named is not None:
            return named.get_secret_value()
    return database.system_engine.url.render_as_string(hide_password=False)


def rate_limits(settings: Settings) -> RateLimits:
    """How much one client may ask in a minute, as the settings say."""
    asked, failed = settings.rate_limit_per_minute, settings.rate_limit_failures_per_minute
    return RateLimits(
        Rate(asked, settings.rate_limit_burst) if asked else None,
        Rate(failed, failed) if failed else None,
    )


def file_location(settings: Settings) -> str:
    """Where files lie: the configured folder or bucket, or a folder beside the data."""
    return settings.object_store or str(settings.data / "files")


def house_of(registry: Registry) -> House:
    """Everything that this process can put into a schema: the core's and the installed plugins'."""
    return House((*CORE_CONTRIBUTIONS, extension.contribution_of(registry), *registry.contributions()))


async def id_secret(database: Database) -> bytes:
    """The installation's secret, by which ids are signed."""
    async with database.system() as session:
        secret: bytes | None = await session.scalar(select(Installation.id_secret))
    if secret is None:
        raise LookupError("the database is not migrated: run `yingsu migrate`")
    return secret


async def services_of(
    settings: Settings, database: Database, registry: Registry, clock: Clock | None = None
) -> Services:
    """What the execution stands on: the house, identity, calendar and files of this installation, within its settings."""
    house = house_of(registry)
    secret = await id_secret(database)
    base, limit = settings.public_url or "", settings.file_limit
    return Services(
        database=database,
        house=house,
        ids=house.catalogue.id_codec(secret),
        verifier=token_verifier(settings),
        permissions=PermissionRegistry.of({"core": CORE_PERMISSIONS, **registry.permissions()}),
        calendar=CalendarSource(),
        clock=clock or process_clock(settings.clock),
        enablement=registry.enablement(),
        subscribers=registry.subscribers,
        resources={
            Files: Files.open(file_location(settings), secret, base=base, size_limit=limit),
            Offered: offered_by(settings, registry, secret),
            FeedAddress: FeedAddress(base),
        },
        timeout_ms=settings.statement_timeout_ms,
        limits=operation_limits(settings),
        introspection=settings.introspection,
        idempotency_hours=settings.idempotency_hours,
        rates=rate_limits(settings),
    )


def feeds_of(services: Services, registry: Registry) -> Feeds:
    """The calendars of this installation."""
    return Feeds(services.database, services.clock, services.permissions, registry.feeds(), registry.requires)


async def build_application(
    settings: Settings, database: Database, registry: Registry, clock: Clock | None = None
) -> Application:
    """Build the API process on an opened, migrated database."""
    services = await services_of(settings, database, registry, clock)
    # The largest set is composed before anybody asks: what cannot be composed is said at the start.
    services.house.schema(services.house.owners)
    execution = SchemaExecution(services)
    metrics = HttpMetrics()
    stream_metrics = StreamMetrics(metrics.registry)
    queues = QueueMetrics(metrics.registry)

    async def look_at_queues() -> None:
        async with database.system(2_000) as session:
            await queues.refresh(session)

    metrics.before_answer.append(look_at_queues)
    hub = EventHub(database, listen_url(settings, database), stream_metrics)
    share = settings.database_pool_size // 2
    streams = SchemaStreams(execution, hub, stream_metrics, replay_limits(settings), share)

    async def readiness() -> Mapping[str, bool]:
        async with database.anonymous(2_000) as session:
            return {"database": await session.scalar(text("select true")) is True}

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[Mapping[str, Any]]:
        hub.start()
        yield {GOING_AWAY: GoingAway()}
        await hub.stop()
        await database.dispose()

    asgi = build_http_app(
        execution,
        readiness=readiness,
        sdl=execution.sdl,
        settings=http_settings(settings),
        examples=EXAMPLES,
        metrics=metrics,
        routes=[
            *file_routes(services.resources[Files], services.clock),
            *import_routes(),
            *feed_routes(feeds_of(services, registry), settings.feed_per_minute),
            *stream_routes(streams, http_settings(settings), stream_metrics),
        ],
        lifespan=lifespan,
    )
    return Application(asgi, execution)
