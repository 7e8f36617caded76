"""The server's own part: what goes wrong before a request is one (broken HTTP, headers that never end)."""

from __future__ import annotations

import asyncio
import socket
from uuid import uuid4

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.errors import ErrorCode
from core.http.errors import HttpRefusal, error_body
from core.http.gathering import Gathering
from core.http.stream.endpoint import GOING_AWAY
from core.http.stream.leaving import GoingAway
from core.http.stream.protocol import StreamProtocol

HEADER_TIMEOUT = 10.0


class ServerConfig(uvicorn.Config):
    """uvicorn's settings, and the seconds within which a request's line and headers must have arrived."""

    header_timeout: float = HEADER_TIMEOUT


class TypedErrorsProtocol(H11Protocol):
    """HTTP/1.1 that answers broken requests as JSON `errors[]`, and hangs up on those who never finish a header."""

    _header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base class does
        """Start waiting for the first request's headers."""
        super().connection_made(Gathering(transport, self.loop))  # type: ignore[arg-type]  # all that the protocol uses of it
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
            # asyncio leaves this off on listeners made beforehand (several processes share one): headers and body go out
            # as two writes, and the second would wait 40 ms for the peer's delayed acknowledgement.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._header_timer = self.loop.call_later(self._header_timeout, self._headers_overdue)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; the time for headers runs from their first byte to their last."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop_waiting()
        elif self._header_timer is None:
            self._header_timer = self.loop.call_later(self._header_timeout, self._headers_overdue)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over as it is: sockets gather their frames themselves."""
        if isinstance(self.transport, Gathering):
            self.transport = self.transport.bare()
        super().handle_websocket_upgrade(event)

    def shutdown(self) -> None:
        """Let a running request end; an event stream, which has no end of its own, is told."""
        super().shutdown()
        leaving: GoingAway | None = self.app_state.get(GOING_AWAY)
        if leaving is not None:
            leaving.begin()

    @property
    def _header_timeout(self) -> float:
        return self.config.header_timeout if isinstance(self.config, ServerConfig) else HEADER_TIMEOUT

    def _stop_waiting(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _headers_overdue(self) -> None:
        self._header_timer = None
        if self.conn.trailing_data[0]:
            self._refuse(
                HttpRefusal(408, ErrorCode.TIMEOUT, "The request's headers did not arrive in time.", "请求头超时。")
            )
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP; `msg` (the server's own wording) is replaced by ours."""
        self._refuse(
            HttpRefusal(400, ErrorCode.BAD_USER_INPUT, msg or "This is not HTTP/1.1.", "请求不符合 HTTP/1.1 规范。")
        )

    def _refuse(self, refusal: HttpRefusal) -> None:
        """Write a whole answer past the application, if none has begun, and close."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            if self.cycle is not None:
                self.cycle.disconnected = True
            request_id = uuid4().hex
            body = error_body(refusal, request_id)
            headers = [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("X-Request-ID", request_id),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
                ("Connection", "close"),
            ]
            for event in (
                h11.Response(status_code=refusal.status, headers=headers),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def server_config(
    app: ASGIApp | str,
    *,
    host: str,
    port: int,
    graceful_timeout: int = 30,
    processes: int = 1,
    message_limit: int = 1_000_000,
    heartbeat: float = 20.0,
    header_timeout: float = HEADER_TIMEOUT,
) -> ServerConfig:
    """Configure uvicorn for `app`: no `server` header, no log of URLs (queries stand in them), our error bodies.

    For several processes, `app` is the import path of a factory, which each of them calls. Sockets take messages of at most
    `message_limit` bytes, and are pinged every `heartbeat` seconds.

    Plain asyncio: at 200 clients uvloop brings nothing (docs/decisions/0020-the-server.md).
    """
    config = ServerConfig(
        app,
        host=host,
        port=port,
        loop="asyncio",
        http=TypedErrorsProtocol,
        ws=StreamProtocol,
        ws_max_size=message_limit,
        ws_ping_interval=heartbeat,
        ws_ping_timeout=heartbeat,
        ws_per_message_deflate=False,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=graceful_timeout,
        factory=isinstance(app, str),
        workers=processes,
    )
    config.header_timeout = header_timeout
    return config
