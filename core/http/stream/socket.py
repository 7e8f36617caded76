"""One socket, from its acceptance to its close: the server's side of graphql-transport-ws."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

from starlette.types import Receive, Send

from core.errors import CostLimitExceeded, ErrorCode, YingsuError
from core.http.contract import ExecutionOutcome, GraphQLRequest, RequestContext
from core.http.errors import error_body, internal_error
from core.http.settings import HttpSettings
from core.http.stream.closing import CloseCode, Closing
from core.http.stream.contract import Caller, MembershipEnded, Overflow, StreamEnded, StreamSource
from core.http.stream.messages import (
    ACKNOWLEDGED,
    Complete,
    Incoming,
    Init,
    Ping,
    Subscribe,
    complete_message,
    error_message,
    next_message,
    pong_message,
    read_message,
)
from core.http.stream.metrics import StreamMetrics

LONGEST_SLEEP = 3_600.0
"""Seconds that a timer runs at most before the token's end is looked at again."""


class ClientLeft(Exception):
    """The client closed the socket, or vanished."""


class Socket:
    """The state of one socket: not yet initialised, acknowledged with a caller, or closing."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        source: StreamSource,
        context: RequestContext,
        settings: HttpSettings,
        metrics: StreamMetrics,
    ) -> None:
        self._receive = receive
        self._send = send
        self._source = source
        self._context = context
        self._settings = settings
        self._metrics = metrics
        self._caller: Caller | None = None
        self._initialising = False
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._closing: Closing | None = None
        self._main: asyncio.Task[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._overflow = Overflow(self._too_slow)

    async def run(self) -> str:
        """Serve until it ends; the close code, or `client` where the client left."""
        self._main = asyncio.current_task()
        self._set_timer(self._settings.init_timeout, self._initialisation_overdue)
        try:
            while True:
                await self._answer(await self._next())
        except ClientLeft:
            return "client"
        except Closing as closing:
            self._closing = self._closing or closing
        except asyncio.CancelledError:
            if self._closing is None or self._main is None:
                raise
            self._main.uncancel()
        except Exception as exception:  # noqa: BLE001 - the last line of defence: logged in full, told in part
            internal_error(self._context.request_id, exception)
            self._closing = Closing(CloseCode.INTERNAL, "Internal server error")
        finally:
            await self._stop_all()
        return await self._say_goodbye(self._closing)

    def end(self, closing: Closing) -> None:
        """Close the socket, from any task or timer."""
        if self._closing is None and self._main is not None and not self._main.done():
            self._closing = closing
            self._main.cancel()

    def _too_slow(self) -> None:
        self.end(Closing(CloseCode.TRY_AGAIN_LATER, "SLOW_CONSUMER"))

    # -- messages ------------------------------------------------------------------------------------------------------

    async def _next(self) -> Incoming:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise ClientLeft
        return read_message(event.get("text"), self._settings)

    async def _answer(self, message: Incoming) -> None:
        match message:
            case Init():
                await self._initialise(message)
            case Ping(payload=payload):
                await self._send_text(pong_message(payload))
            case Subscribe():
                await self._subscribe(message)
            case Complete(id=id_):
                operation = self._operations.pop(id_, None)
                if operation is not None:
                    operation.cancel()
            case _:
                pass

    async def _initialise(self, message: Init) -> None:
        if self._initialising:
            raise Closing(CloseCode.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        self._initialising = True
        authorization, membership = _credentials(message)
        # A key of the handshake would be one for everything that is sent later.
        context = replace(self._context, authorization=authorization, membership=membership, idempotency_key=None)
        try:
            self._caller = await self._source.connect(context)
        except YingsuError as error:
            raise _not_let_in(error) from None
        await self._send_text(ACKNOWLEDGED)
        self._watch_expiry()

    async def _subscribe(self, message: Subscribe) -> None:
        if self._caller is None:
            raise Closing(CloseCode.UNAUTHORIZED, "Unauthorized")
        if message.id in self._operations:
            raise Closing(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {message.id} already exists")
        if self._caller.seconds_left() <= 0:
            raise Closing(CloseCode.FORBIDDEN, "TOKEN_EXPIRED")
        request_id = uuid4().hex
        if message.request is None:
            refusal = message.refusal or YingsuError("malformed", "格式不正确")
            await self._send_text(error_message(message.id, error_body(refusal, request_id)))
            return
        limit = self._settings.subscriptions_per_socket
        if len(self._operations) >= limit:
            refused = CostLimitExceeded(
                f"a socket may have {limit} operations open", f"一个连接最多同时进行 {limit} 个操作", limit=limit
            )
            await self._send_text(error_message(message.id, error_body(refused, request_id)))
            return
        work = self._operate(message.id, message.request, self._caller, request_id)
        self._operations[message.id] = asyncio.create_task(work)

    # -- operations ----------------------------------------------------------------------------------------------------

    async def _operate(self, id_: str, request: GraphQLRequest, caller: Caller, request_id: str) -> None:
        """One operation to its end, whatever that is."""
        try:
            last = await self._deliver(id_, request, caller, request_id)
        except MembershipEnded as ended:
            self.end(Closing(CloseCode.FORBIDDEN, ended.reason))
            return
        except StreamEnded as ended:
            self.end(Closing(CloseCode.TRY_AGAIN_LATER, ended.reason))
            return
        except YingsuError as error:
            last = error_message(id_, error_body(error, request_id))
        except Exception as exception:  # noqa: BLE001 - the last line of defence: logged in full, told in part
            last = error_message(id_, error_body(internal_error(request_id, exception), request_id))
        if self._operations.pop(id_, None) is not None:
            with suppress(OSError, RuntimeError):
                await self._send_text(last)

    async def _deliver(self, id_: str, request: GraphQLRequest, caller: Caller, request_id: str) -> str:
        """Send what the operation answers; the message that ends it."""
        started = await caller.start(request, request_id, self._overflow)
        if isinstance(started, ExecutionOutcome):
            if not started.executed:
                return error_message(id_, started.body)
            await self._send_text(next_message(id_, started.body))
            return complete_message(id_)
        self._metrics.subscribed(1)
        try:
            async for delivery in started:
                await self._send_text(next_message(id_, delivery.body))
                self._metrics.delivered()
        finally:
            self._metrics.subscribed(-1)
            close: Callable[[], Coroutine[Any, Any, None]] | None = getattr(started, "aclose", None)
            if close is not None:
                await close()
        return complete_message(id_)

    async def _stop_all(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        running = list(self._operations.values())
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=self._settings.linger)

    # -- the end -------------------------------------------------------------------------------------------------------

    async def _say_goodbye(self, closing: Closing | None) -> str:
        """Complete what is open where the server leaves, then close; a client that takes nothing is not waited for."""
        closing = closing or Closing(CloseCode.INTERNAL, "Internal server error")
        with suppress(TimeoutError, OSError, RuntimeError):
            async with asyncio.timeout(self._settings.linger):
                if closing.code is CloseCode.GOING_AWAY:
                    for id_ in self._operations:
                        await self._send_text(complete_message(id_))
                await self._send({"type": "websocket.close", "code": int(closing.code), "reason": closing.reason})
        return str(int(closing.code))

    async def _send_text(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    # -- timers --------------------------------------------------------------------------------------------------------

    def _set_timer(self, seconds: float, react: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(min(max(seconds, 0.0), LONGEST_SLEEP), react)

    def _initialisation_overdue(self) -> None:
        if self._caller is None and not self._initialising:
            self.end(Closing(CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout"))

    def _watch_expiry(self) -> None:
        if self._caller is None:
            return
        left = self._caller.seconds_left()
        if left <= 0:
            self.end(Closing(CloseCode.FORBIDDEN, "TOKEN_EXPIRED"))
        else:
            self._set_timer(left, self._watch_expiry)


def _credentials(message: Init) -> tuple[str | None, str | None]:
    """Who calls: `authorization` as the header has it, or a bare `token`; and `membership`."""
    payload = message.payload
    given = {name: payload.get(name) for name in ("authorization", "Authorization", "token", "membership")}
    if any(not isinstance(value, str | None) for value in given.values()):
        raise Closing(CloseCode.UNAUTHORIZED, "TOKEN_MALFORMED")
    header = given["authorization"] or given["Authorization"]
    if header is None and given["token"] is not None:
        header = f"Bearer {given['token']}"
    return header, given["membership"]


def _not_let_in(error: YingsuError) -> Closing:
    reason = str(error.details.get("reason", error.code.value))
    if error.code is ErrorCode.UNAUTHENTICATED:
        return Closing(CloseCode.UNAUTHORIZED, reason)
    return Closing(CloseCode.FORBIDDEN, reason)
