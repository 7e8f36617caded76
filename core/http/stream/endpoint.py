"""The WebSocket of `/graphql`: who may open one, then the protocol."""

from __future__ import annotations

import logging
from time import perf_counter
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from core.errors import ErrorCode
from core.http.context import label, read_context
from core.http.errors import HttpRefusal, error_body, request_id_of
from core.http.settings import HttpSettings
from core.http.stream.closing import CloseCode, Closing
from core.http.stream.contract import StreamSource
from core.http.stream.leaving import GoingAway
from core.http.stream.messages import SUBPROTOCOL
from core.http.stream.metrics import StreamMetrics
from core.http.stream.socket import Socket

_access_log = logging.getLogger("yingsu.access")
GOING_AWAY = "going_away"
"""The name of the process's `GoingAway` in the state of the lifespan."""


class SocketEndpoint:
    """The WebSocket endpoint as an ASGI application."""

    def __init__(self, source: StreamSource, settings: HttpSettings, metrics: StreamMetrics) -> None:
        self._source = source
        self._settings = settings
        self._metrics = metrics
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket."""
        await receive()  # websocket.connect
        try:
            self._check(scope)
            context = read_context(HTTPConnection(scope), "POST")
        except HttpRefusal as refusal:
            await _refuse(refusal, scope, send)
            return
        if SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            code = CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE
            await send({"type": "websocket.close", "code": int(code), "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        scope["headers"] = []  # they have been read; an idle socket keeps nothing of its handshake
        socket = Socket(receive, send, self._source, context, self._settings, self._metrics)
        await self._serve(socket, scope, context.client_name)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and not self._is_ours(origin, headers.get("host", "")):
            raise HttpRefusal(
                403,
                ErrorCode.FORBIDDEN,
                "This origin is not on the allow-list.",
                "该来源不在跨域许可名单内。",
            )
        if self._open >= self._settings.socket_limit:
            raise HttpRefusal(
                503,
                ErrorCode.RATE_LIMITED,
                "This process has as many sockets as it may. Try again later.",
                "连接数已达上限，请稍后再试。",
                headers={"Retry-After": "5"},
                details={"limit": self._settings.socket_limit},
            )

    def _is_ours(self, origin: str, host: str) -> bool:
        """A page of the same host, or of an allowed origin: WebSockets are not under CORS, so this is asked here."""
        return origin in self._settings.cors_origins or urlsplit(origin).netloc.lower() == host.lower() != ""

    async def _serve(self, socket: Socket, scope: Scope, client_name: str | None) -> None:
        leaving: GoingAway | None = scope.get("state", {}).get(GOING_AWAY)
        started = perf_counter()
        self._open += 1
        self._metrics.opened("websocket")
        ended = "error"

        def going_away() -> None:
            socket.end(Closing(CloseCode.GOING_AWAY, "Going away"))

        if leaving is not None:
            leaving.tell(going_away)
        try:
            ended = await socket.run()
        finally:
            self._open -= 1
            self._metrics.closed("websocket", ended)
            if leaving is not None:
                leaving.forget(going_away)
            if _access_log.isEnabledFor(logging.INFO):
                _access_log.info(_access_line(scope, client_name, ended, perf_counter() - started))


def _access_line(scope: Scope, client_name: str | None, ended: str, seconds: float) -> str:
    client = scope.get("client")
    line = {
        "requestId": request_id_of(scope),
        "method": "WEBSOCKET",
        "path": label(scope["path"]),
        "closed": ended,
        "seconds": round(seconds, 1),
        "address": client[0] if client else None,
        "client": client_name,
    }
    return orjson.dumps(line).decode()


async def _refuse(refusal: HttpRefusal, scope: Scope, send: Send) -> None:
    """Answer the handshake itself with an error, since there is no socket yet that could be closed with a code."""
    request_id = request_id_of(scope)
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Request-ID": request_id, **refusal.headers}
    await send(
        {
            "type": "websocket.http.response.start",
            "status": refusal.status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "websocket.http.response.body", "body": error_body(refusal, request_id)})
