"""`/graphql/stream`: one operation a request as server-sent events (graphql-sse, distinct connections mode).

A path of its own: clients that list `text/event-stream` among what they accept still get plain JSON from `/graphql`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.errors import ErrorCode, YingsuError
from core.http.body import ClientGone, parse_body, parse_url, read_body, require_json
from core.http.context import read_context
from core.http.contract import ExecutionOutcome, GraphQLRequest
from core.http.errors import HttpRefusal, error_response, internal_error, request_id_of
from core.http.media_types import ResponseType
from core.http.settings import HttpSettings
from core.http.status import response_status
from core.http.stream.contract import Caller, Delivery, Overflow, StreamEnded, StreamSource
from core.http.stream.endpoint import GOING_AWAY
from core.http.stream.leaving import GoingAway
from core.http.stream.metrics import StreamMetrics
from core.http.stream.socket import LONGEST_SLEEP

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back
]
_COMPLETE = b"event: complete\ndata:\n\n"
_HEARTBEAT = b":\n\n"


class EventStreamEndpoint:
    """The endpoint as an ASGI application."""

    def __init__(self, source: StreamSource, settings: HttpSettings, metrics: StreamMetrics) -> None:
        self._source = source
        self._settings = settings
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: an error as JSON with its status, or events until the operation ends."""
        request = Request(scope, receive)
        request_id = request_id_of(scope)
        try:
            overflow = Overflow()
            caller, started = await self._begin(request, request_id, overflow)
        except ClientGone:
            return
        except YingsuError as error:
            await error_response(error, request_id)(scope, receive, send)
            return
        if isinstance(started, ExecutionOutcome) and not started.executed:
            status = response_status(started, ResponseType.GRAPHQL_RESPONSE)
            headers = {"Content-Type": "application/json; charset=utf-8"}
            await Response(started.body, status, headers)(scope, receive, send)
            return
        leaving: GoingAway | None = scope.get("state", {}).get(GOING_AWAY)
        stream = _EventStream(receive, send, caller, self._settings, self._metrics, leaving)
        await stream.run(started, overflow)

    async def _begin(
        self, request: Request, request_id: str, overflow: Overflow
    ) -> tuple[Caller, ExecutionOutcome | AsyncIterator[Delivery]]:
        asked = await self._read(request)
        context = read_context(request, "GET" if request.method == "GET" else "POST")
        caller = await self._source.connect(context)
        try:
            return caller, await caller.start(asked, request_id, overflow, request.headers.get("last-event-id"))
        except YingsuError:
            raise
        except Exception as exception:  # noqa: BLE001 - the last line of defence: logged in full, told in part
            raise internal_error(request_id, exception) from None

    async def _read(self, request: Request) -> GraphQLRequest:
        if request.method not in {"GET", "POST"}:
            raise HttpRefusal(
                405, ErrorCode.BAD_USER_INPUT, "Send the operation by POST or GET.", "请使用 POST 或 GET 发送操作。",
                headers={"Allow": "GET, POST"},
            )  # fmt: skip
        accepted = ",".join(request.headers.getlist("accept")) or "*/*"
        if not any(kind in accepted for kind in ("text/event-stream", "text/*", "*/*")):
            raise HttpRefusal(
                406, ErrorCode.BAD_USER_INPUT, "Accept text/event-stream.", "仅能以 text/event-stream 应答。"
            )
        if request.method == "GET":
            return parse_url(request.scope["query_string"], self._settings)
        require_json(request.headers)
        asked = parse_body(await read_body(request.headers, request.receive, self._settings), self._settings)
        if isinstance(asked, list):
            raise HttpRefusal(400, ErrorCode.BAD_USER_INPUT, "A stream takes one operation.", "一个流只接受一个操作。")
        return asked


class _EventStream:
    """One answer, from its headers to its end."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        caller: Caller,
        settings: HttpSettings,
        metrics: StreamMetrics,
        leaving: GoingAway | None,
    ) -> None:
        self._receive = receive
        self._send = send
        self._caller = caller
        self._settings = settings
        self._metrics = metrics
        self._leaving = leaving
        self._ended = "error"

    async def run(self, started: ExecutionOutcome | AsyncIterator[Delivery], overflow: Overflow) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        self._metrics.opened("sse")
        writing = asyncio.create_task(self._write(started))
        watching = asyncio.create_task(self._watch())
        beating = asyncio.create_task(self._beat())

        def going_away() -> None:
            self._ended = "1001"
            writing.cancel()

        def too_slow() -> None:
            self._ended = "SLOW_CONSUMER"
            writing.cancel()

        overflow.react = too_slow
        if self._leaving is not None:
            self._leaving.tell(going_away)
        try:
            await asyncio.wait({writing, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writing, watching, beating):
                task.cancel()
            await asyncio.wait({writing, watching, beating})
            if self._leaving is not None:
                self._leaving.forget(going_away)
            self._metrics.closed("sse", self._ended)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.linger):
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, started: ExecutionOutcome | AsyncIterator[Delivery]) -> None:
        """Write the events. Without a last `complete`, the client knows that it should come back with its last id."""
        if isinstance(started, ExecutionOutcome):
            await self._event(started.body)
            await self._raw(_COMPLETE)
            self._ended = "complete"
            return
        self._metrics.subscribed(1)
        try:
            await self._raw(_HEARTBEAT)
            async for delivery in started:
                await self._event(delivery.body, delivery.cursor)
                self._metrics.delivered()
            await self._raw(_COMPLETE)
            self._ended = "complete"
        except StreamEnded as ended:
            self._ended = type(ended).__name__
            await self._raw(b": %b\n\n" % ended.reason.encode())
        finally:
            self._metrics.subscribed(-1)
            close = getattr(started, "aclose", None)
            if close is not None:
                await close()

    async def _event(self, body: bytes, cursor: str | None = None) -> None:
        id_ = b"" if cursor is None else b"id: %b\n" % cursor.encode()
        await self._raw(b"event: next\n%bdata: %b\n\n" % (id_, body))

    async def _watch(self) -> None:
        """Until the client leaves, or its token ends."""
        while (left := self._caller.seconds_left()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LONGEST_SLEEP)):
                    while (await self._receive())["type"] != "http.disconnect":
                        pass
                self._ended = "client"
                return
        self._ended = "TOKEN_EXPIRED"

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._settings.heartbeat)
            await self._raw(_HEARTBEAT)

    async def _raw(self, chunk: bytes) -> None:
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
