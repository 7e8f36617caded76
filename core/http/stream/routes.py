"""Where streams are found."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route, WebSocketRoute

from core.http.settings import HttpSettings
from core.http.stream.contract import StreamSource
from core.http.stream.endpoint import SocketEndpoint
from core.http.stream.metrics import StreamMetrics
from core.http.stream.sse import EventStreamEndpoint


def stream_routes(source: StreamSource, settings: HttpSettings, metrics: StreamMetrics) -> list[BaseRoute]:
    """The WebSocket of `/graphql`, and `/graphql/stream`."""
    return [
        WebSocketRoute("/graphql", SocketEndpoint(source, settings, metrics)),
        Route("/graphql/stream", EventStreamEndpoint(source, settings, metrics)),
    ]
