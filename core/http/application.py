"""The HTTP application, put together."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Lifespan, Receive, Scope, Send

from core.errors import YingsuError
from core.http.contract import GraphQLExecutor, ReadinessCheck, SdlSource
from core.http.endpoint import GraphQLEndpoint
from core.http.errors import answer_http_exception, answer_yingsu_error
from core.http.graphiql import ExampleQuery, graphiql_routes
from core.http.health import Readiness, livez
from core.http.metrics import HttpMetrics
from core.http.middleware import (
    AccessLogMiddleware,
    AllowListCors,
    ExactAcceptEncoding,
    ExceptionBarrier,
    HeadersMiddleware,
    RequestIdMiddleware,
    request_id_for,
)
from core.http.sdl import SchemaDownload
from core.http.settings import HttpSettings

_CORS_REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Yingsu-Membership",
    "Idempotency-Key",
    "X-Request-ID",
    "GraphQL-Client-Name",
    "GraphQL-Client-Version",
    "apollographql-client-name",
    "apollographql-client-version",
    "If-None-Match",
    "Range",
    "If-Range",
    "Last-Event-ID",
)
_CORS_RESPONSE_HEADERS = (
    "X-Request-ID",
    "ETag",
    "Retry-After",
    "Idempotency-Replayed",
    "Content-Disposition",
    "Content-Range",
    "Accept-Ranges",
)
_COMPRESSION_LEVEL = 5  # level 9 costs three times the time for about one per cent of JSON


def build_http_app(
    executor: GraphQLExecutor,
    *,
    readiness: ReadinessCheck,
    sdl: SdlSource,
    settings: HttpSettings,
    metrics: HttpMetrics | None = None,
    examples: Sequence[ExampleQuery] = (),
    routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Build the application: `/graphql`, `/schema.graphql`, health, metrics, GraphiQL if set, and `routes` of others.

    Every error of every route is JSON `errors[]` with the request's id; other routes get that by raising a
    `YingsuError`.
    """
    metrics = metrics or HttpMetrics()
    table: list[BaseRoute] = [
        Route("/graphql", GraphQLEndpoint(executor, settings, metrics)),
        Route("/schema.graphql", SchemaDownload(sdl).answer, methods=["GET"]),
        Route("/livez", livez, methods=["GET"]),
        Route("/readyz", Readiness(readiness, settings.readiness_timeout).answer, methods=["GET"]),
        Route("/metrics", metrics.answer, methods=["GET"]),
        *(graphiql_routes(examples) if settings.graphiql else ()),
        *routes,
    ]
    application = _Application(
        routes=table,
        middleware=_middleware(settings, metrics),
        exception_handlers={HTTPException: answer_http_exception, YingsuError: answer_yingsu_error},
        lifespan=lifespan,
    )
    # A slash too many is a 404 with our errors, not a redirect without them.
    application.router.redirect_slashes = False
    return application


class _Application(Starlette):
    """Starlette, where a WebSocket goes straight to its route.

    The layers for HTTP pass it on anyway, and each would stay in memory as long as the socket does.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a socket or the lifespan."""
        if scope["type"] == "websocket":
            scope["state"]["request_id"] = request_id_for(scope)
            for route in self.routes:
                if isinstance(route, WebSocketRoute) and route.path == scope["path"]:
                    await route.app(scope, receive, send)
                    return
        await super().__call__(scope, receive, send)


def _middleware(settings: HttpSettings, metrics: HttpMetrics) -> list[Middleware]:
    """List the middleware from the outside in; CORS stands outside the barrier so that browsers can read a 500."""
    return [
        Middleware(RequestIdMiddleware),
        Middleware(AccessLogMiddleware, metrics=metrics),
        Middleware(HeadersMiddleware),
        Middleware(
            AllowListCors,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "PUT"),
            allow_headers=_CORS_REQUEST_HEADERS,
            expose_headers=_CORS_RESPONSE_HEADERS,
        ),
        Middleware(ExactAcceptEncoding),
        Middleware(GZipMiddleware, minimum_size=settings.gzip_minimum, compresslevel=_COMPRESSION_LEVEL),
        Middleware(ExceptionBarrier),
    ]
