"""A client of graphql-transport-ws, as plain as can be: the tests see every message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SUBPROTOCOL = "graphql-transport-ws"
WAIT = 20.0
CASES = """subscription($case: ID, $events: [CaseEventKind!], $after: String) {
  caseChanged(caseId: $case, events: $events, after: $after) {
    event occurredAt eventId cursor case { id number status firstHearingOn } subject { __typename id } } }"""


@dataclass(slots=True)
class Line:
    """An open socket."""

    connection: ClientConnection
    url: str

    async def send(self, message: dict[str, Any]) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def receive(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self.connection.recv(), WAIT)
        found: dict[str, Any] = orjson.loads(text)
        return found

    async def init(self, token: str | None, **payload: Any) -> None:
        """Say who calls, and be let in."""
        given = {"authorization": f"Bearer {token}"} if token is not None else {}
        await self.send({"type": "connection_init", "payload": {**given, **payload}})
        assert (await self.receive())["type"] == "connection_ack"

    async def subscribe(self, id_: str, query: str = CASES, **variables: Any) -> None:
        """Begin a subscription; when this returns, it waits for events. Nothing tells so but the server's own figures."""
        before = await self.metric("yingsu_subscriptions_open")
        await self.send({"id": id_, "type": "subscribe", "payload": {"query": query, "variables": variables}})
        async with asyncio.timeout(WAIT):
            while await self.metric("yingsu_subscriptions_open") <= before:
                await asyncio.sleep(0.01)

    async def metric(self, name: str) -> float:
        """A figure of the server's."""
        async with httpx.AsyncClient(trust_env=False) as client:
            shown = (await client.get(f"{self.url}/metrics")).text
        return sum(float(one.rsplit(" ", 1)[1]) for one in shown.splitlines() if one.startswith(name))

    async def message(self) -> dict[str, Any]:
        """The next message of an operation."""
        return await self.receive()

    async def event(self, id_: str = "1") -> dict[str, Any]:
        """The next event of a subscription to one root field."""
        message = await self.message()
        assert (message["id"], message["type"]) == (id_, "next"), message
        assert "errors" not in message["payload"], message
        (found,) = message["payload"]["data"].values()
        return found  # type: ignore[no-any-return]

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the close, whatever is sent before it."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection broke"
            return closed.rcvd.code, closed.rcvd.reason


@asynccontextmanager
async def line(url: str, *, protocols: list[str] | None = None, **headers: str) -> AsyncIterator[Line]:
    """A socket on `/graphql` of a server whose HTTP address this is; not initialised yet."""
    async with connect(
        url.replace("http://", "ws://") + "/graphql",
        subprotocols=[SUBPROTOCOL] if protocols is None else protocols or None,  # type: ignore[list-item]
        additional_headers=headers,
        proxy=None,
    ) as connection:
        yield Line(connection, url)
