"""Who takes nothing is told of from outside: whoever writes to them may be stuck."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import text
from websockets.client import ClientProtocol
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from core.cases.graphql.changes import CASE_CHANGED
from core.db.session import Database
from core.events.audience import Audience
from core.events.feed import FeedEvent
from core.http.stream.contract import Overflow, TooSlow
from core.http.stream.waiting import ReplayLimits, Waiting
from schema.subscription import Asked, SourceEvent
from tests.streams.conftest import Served
from tests.support.city import City
from tests.support.sockets import line

CODE = 440100000


def event(number: int) -> FeedEvent:
    source = SourceEvent(uuid4(), "CaseClosed", 4401, "Case", uuid4(), {}, "2026-03-10T02:00:00+00:00", "c")
    audience = Audience(4401, frozenset([CODE]), frozenset(), frozenset(), frozenset())
    return FeedEvent(source, audience, 1, number, 0.0)


async def test_more_than_may_wait_is_told_once_and_at_once() -> None:
    told: list[str] = []
    overflow = Overflow(lambda: told.append("too slow"))
    asked = Asked(CASE_CHANGED, CASE_CHANGED.names)
    waiting = Waiting(City().scope(CODE), asked, None, ReplayLimits(queue=3), overflow)
    waiting.offer([event(number) for number in range(3)])
    assert told == []
    waiting.offer([event(3)])
    waiting.offer([event(4)])
    assert told == ["too slow"]
    with pytest.raises(TooSlow):
        await anext(aiter(waiting.events()))


TELL_MANY = text(
    "insert into domain_event (shard, code, agency_id, name, subject_type, subject_id, payload, occurred_at)"
    " select r.shard, r.code, r.agency_id, 'CaseCorrected', 'Case', r.case_id,"
    "        jsonb_build_object('case_id', r.case_id, 'changed', 'x'), now()"
    "   from response r, generate_series(1, :count) where r.id = :response"
)
LONG = " ".join(f"{'a' * 100}{n}: number" for n in range(150))
"""About twenty kilobytes an event."""


class Deaf:
    """A client that subscribes and then reads nothing, over a socket with the smallest window that there is."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self.address = (str(address.hostname), int(address.port or 0))
        self.protocol = ClientProtocol(
            parse_uri(f"ws://{address.netloc}/graphql"), subprotocols=[Subprotocol("graphql-transport-ws")]
        )
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.setblocking(False)

    async def send(self, message: dict[str, Any]) -> None:
        self.protocol.send_text(json.dumps(message).encode())
        await self.flush()

    async def flush(self) -> None:
        for data in self.protocol.data_to_send():
            await asyncio.get_running_loop().sock_sendall(self.socket, data)

    async def hear(self) -> bytes:
        data = await asyncio.get_running_loop().sock_recv(self.socket, 65_536)
        if data:
            self.protocol.receive_data(data)
        else:
            self.protocol.receive_eof()
        return data

    async def subscribe(self, token: str) -> None:
        await asyncio.get_running_loop().sock_connect(self.socket, self.address)
        self.protocol.send_request(self.protocol.connect())
        await self.flush()
        await self.hear()
        await self.send({"type": "connection_init", "payload": {"token": token}})
        await self.hear()
        query = f"subscription {{ caseChanged {{ event case {{ {LONG} }} }} }}"
        await self.send({"type": "subscribe", "id": "1", "payload": {"query": query}})


async def test_a_client_that_reads_nothing_is_let_go_and_the_others_hear_all(
    served: Served, database: Database, city: City
) -> None:
    async with served.another(YINGSU_STREAM_QUEUE="60", YINGSU_STREAM_HEARTBEAT="600") as process:
        deaf = Deaf(process.url)
        async with line(process.url) as other:
            await deaf.subscribe(served.tokens["city_bureau"])
            while await other.metric("yingsu_subscriptions_open") < 1:
                await asyncio.sleep(0.01)
            await other.init(served.tokens["city_bureau"])
            await other.subscribe("1")
            heard = 0
            for _ in range(20):
                async with database.system() as session:
                    await session.execute(TELL_MANY, {"count": 40, "response": city.responses["tianhe"]})
                for _ in range(40):
                    await other.event()
                    heard += 1
            assert heard == 800
            while await other.metric("yingsu_streams_open") > 1:
                await asyncio.sleep(0.1)
            assert await other.metric('yingsu_streams_closed_total{code="1013"') == 1
        with suppress(ConnectionResetError):
            while await deaf.hear():
                pass
        deaf.socket.close()
