"""Middleware as plain ASGI: request id, access log and metrics, headers, the last barrier against exceptions."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from uuid import uuid4

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import ErrorCode
from core.http.context import label
from core.http.errors import HttpRefusal, error_response, internal_error, request_id_of
from core.http.media_types import accepts_gzip
from core.http.metrics import HttpMetrics

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CLIENT_CLOSED_REQUEST = 499
_access_log = logging.getLogger("yingsu.access")


def request_id_for(scope: Scope) -> str:
    """The sane `X-Request-ID` of a request, or a new one."""
    sent = Headers(scope=scope).getlist("x-request-id")
    return sent[0] if len(sent) == 1 and _SANE_REQUEST_ID.fullmatch(sent[0]) else uuid4().hex


class RequestIdMiddleware:
    """请求编号: takes a sane `X-Request-ID` or makes one, keeps it in the scope, and echoes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its id."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = request_id_for(scope)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)


class AccessLogMiddleware:
    """访问日志: one JSON line a request, to the logger `yingsu.access`; never a query string, a body or a token."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record how it ended; 499 when the client left before an answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status, size = _CLIENT_CLOSED_REQUEST, 0

        async def send_and_see(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        self._metrics.request_began()
        try:
            await self._app(scope, receive, send_and_see)
        finally:
            seconds = perf_counter() - started
            self._metrics.request_ended(scope["method"], scope["path"], status, seconds)
            if _access_log.isEnabledFor(logging.INFO):
                _access_log.info(_access_line(scope, status, size, seconds))


def _shown(path: str) -> str | None:
    """The path, without the secret that opens a calendar."""
    return "/calendar/…" if path.startswith("/calendar/") else label(path)


def _access_line(scope: Scope, status: int, size: int, seconds: float) -> str:
    client = scope.get("client")
    line = {
        "requestId": request_id_of(scope),
        "method": scope["method"],
        "path": _shown(scope["path"]),
        "status": status,
        "bytes": size,
        "milliseconds": round(seconds * 1000, 2),
        "address": client[0] if client else None,
        "client": label(Headers(scope=scope).get("graphql-client-name")),
    }
    return orjson.dumps(line).decode()


class HeadersMiddleware:
    """安全响应头: set on every answer unless the route has set its own."""

    _DEFAULTS = (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cache-Control", "no-store"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, text in self._DEFAULTS:
                    headers.setdefault(name, text)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class AllowListCors(CORSMiddleware):
    """跨域许可: Starlette's CORS with our form of errors for a refused preflight."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer a preflight; 400 with a typed error when origin, method or headers are not allowed."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:  # noqa: PLR2004
            return Response(status_code=204, headers=_without_body_headers(response))
        refusal = HttpRefusal(
            400,
            ErrorCode.FORBIDDEN,
            "This origin, method or header is not on the CORS allow-list.",
            "该来源、方法或请求头不在跨域许可名单内。",
            headers=_without_body_headers(response),
        )
        return _PreflightRefusal(refusal)


def _without_body_headers(response: Response) -> dict[str, str]:
    return {name: text for name, text in response.headers.items() if not name.startswith("content-")}


class _PreflightRefusal(Response):
    """Written when it is sent, because only then the request's id is at hand."""

    def __init__(self, refusal: HttpRefusal) -> None:
        super().__init__(status_code=refusal.status)
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await error_response(self._refusal, request_id_of(scope))(scope, receive, send)


class ExactAcceptEncoding:
    """Settles `Accept-Encoding` to gzip or identity, because the compressing middleware looks for the substring."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its settled header."""
        if scope["type"] == "http":
            wanted = ",".join(Headers(scope=scope).getlist("accept-encoding"))
            settled = b"gzip" if accepts_gzip(wanted) else b"identity"
            others = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
            scope = {**scope, "headers": [*others, (b"accept-encoding", settled)]}
        await self._app(scope, receive, send)


class ExceptionBarrier:
    """Turns what nobody caught into INTERNAL: the stack trace goes to the log, the request id to the client."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; raises only when an answer has begun and can no longer be changed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as exception:
            if started:
                raise
            request_id = request_id_of(scope)
            await error_response(internal_error(request_id, exception), request_id)(scope, receive, send)
