"""Prometheus metrics, in a registry of their own; labels come from closed or bounded sets, so that no client can grow them."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from core.errors import ErrorCode
from core.http.contract import ExecutionOutcome
from core.http.deprecated_uses import DeprecatedUses
from core.http.persisted.unregistered import UnregisteredDocuments

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where several processes of one address put their figures, so that any of them can answer for all."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_logger = logging.getLogger("yingsu.metrics")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_ROUTES = ("/graphql", "/schema.graphql", "/graphiql", "/livez", "/readyz", "/metrics")


class HttpMetrics:
    """指标: requests by route and status, operations by outcome, both with their durations in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.before_answer: list[Callable[[], Awaitable[None]]] = []
        """What looks at what is not counted as it happens; where it fails, the last figures stand."""
        self._requests = Counter(
            "yingsu_http_requests",
            "HTTP requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "yingsu_http_request_seconds",
            "Time from request to the end of the answer.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._in_flight = Gauge(
            "yingsu_http_requests_in_flight",
            "Requests being answered.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._operations = Counter(
            "yingsu_graphql_operations",
            "GraphQL operations: ok, partial (data and errors), or refused with a code.",
            ["outcome", "code"],
            registry=self.registry,
        )
        self._operation_seconds = Histogram(
            "yingsu_graphql_operation_seconds",
            "Time spent on a GraphQL operation.",
            ["outcome"],
            buckets=_SECONDS,
            registry=self.registry,
        )

        self.deprecated_uses = DeprecatedUses(self.registry)
        self.unregistered_documents = UnregisteredDocuments(self.registry)

    def request_began(self) -> None:
        """Count a request as in flight."""
        self._in_flight.inc()

    def request_ended(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._in_flight.dec()
        route = next((known for known in _ROUTES if path == known or path.startswith(f"{known}/")), "other")
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def count_refusal(self, code: ErrorCode) -> None:
        """Count a request to `/graphql` that never became an operation."""
        self._operations.labels("refused", code.value).inc()

    def observe_operation(self, outcome: ExecutionOutcome, seconds: float) -> None:
        """Count an operation and its time."""
        code = ""
        if not outcome.executed:
            name, code = "refused", (outcome.refusal or ErrorCode.BAD_USER_INPUT).value
        else:
            name = "partial" if outcome.has_errors else "ok"
        self._operations.labels(name, code).inc()
        self._operation_seconds.labels(name).observe(seconds)

    async def answer(self, _request: Request) -> Response:
        """Answer `/metrics`, for all processes of this address."""
        for look in self.before_answer:
            try:
                await look()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                _logger.warning("figures are not fresh: %s", type(error).__name__)
        registry = self.registry
        if METRICS_FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library does not say
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
