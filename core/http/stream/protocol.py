"""The server's own part of a socket: errors of the handshake as JSON, saying goodbye, and letting go of who takes nothing."""

from __future__ import annotations

import asyncio
import http
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Response
from websockets.server import ServerProtocol

from core.errors import ErrorCode
from core.http.errors import HttpRefusal, error_body
from core.http.stream.endpoint import GOING_AWAY
from core.http.stream.leaving import GoingAway

_WRITABLE: Final = asyncio.Event()
"""Set for good, and shared by all sockets that can be written to: an event of its own for each would weigh as much as its transport."""
_WRITABLE.set()
CLOSE_TIMEOUT: Final = 2.0
"""Seconds that a client has to answer a close."""
_CODES: Mapping[int, ErrorCode] = {403: ErrorCode.NOT_FOUND, 500: ErrorCode.INTERNAL}


class TypedHandshake(ServerProtocol):
    """The WebSocket handshake, refused as JSON `errors[]`."""

    def reject(self, status: http.HTTPStatus | int, text: str) -> Response:
        """Make the answer to a handshake that fails."""
        response = super().reject(status, text)
        request_id = uuid4().hex
        code = _CODES.get(int(status), ErrorCode.BAD_USER_INPUT)
        refusal = HttpRefusal(int(status), code, "This is no WebSocket handshake for here.", "WebSocket 握手无效。")
        response.body = error_body(refusal, request_id)
        for name, value in (
            ("Content-Length", str(len(response.body))),
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-Request-ID", request_id),
            ("X-Content-Type-Options", "nosniff"),
        ):
            if name in response.headers:
                del response.headers[name]
            response.headers[name] = value
        return response


class Mailbox:
    """A queue with one reader, which weighs a fifth of asyncio's: two for each of thousands of idle sockets."""

    __slots__ = ("_messages", "_waiting")

    def __init__(self) -> None:
        self._messages: list[ASGIReceiveEvent] = []
        self._waiting: asyncio.Future[None] | None = None

    def put_nowait(self, message: ASGIReceiveEvent) -> None:
        """Leave a message."""
        self._messages.append(message)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self) -> ASGIReceiveEvent:
        """Take the oldest message, or wait for one."""
        while not self._messages:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        return self._messages.pop(0)

    def empty(self) -> bool:
        """Whether there is none."""
        return not self._messages


class StreamProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, with our errors and our goodbyes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # No compression: its windows would be most of what an idle socket keeps.
        self.conn = TypedHandshake(max_size=self.config.ws_max_size, logger=self.logger)
        self.close_timeout = CLOSE_TIMEOUT
        self.queue = Mailbox()  # type: ignore[assignment]  # what the protocol uses of a queue
        self.writable = _WRITABLE

    def pause_writing(self) -> None:
        """Wait before more is written."""
        self.writable = asyncio.Event()

    async def send(self, message: ASGISendEvent) -> None:
        """Send; and once the handshake is over, forget it: its headers are a tenth of what an idle socket keeps."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            # The generator that reads frames holds the request for good; so what it is made of goes.
            self.request.headers.clear()
            self.response.headers.clear()
            del self.request, self.response

    def shutdown(self) -> None:
        """Leave the goodbye to the application, which can complete what is open first."""
        leaving: GoingAway | None = self.app_state.get(GOING_AWAY)
        if leaving is None or not self.handshake_complete or self.close_sent:
            super().shutdown()
            return
        self.stop_keepalive()
        leaving.begin()

    async def run_asgi(self) -> None:
        """Serve; then let go at once of a peer that has left unread what was sent, instead of keeping it in memory."""
        await super().run_asgi()
        if not self.writable.is_set():
            self.transport.abort()
