"""The same over server-sent events, for clients and proxies that know no WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from core.db.session import Database
from tests.streams.conftest import Process, Served
from tests.streams.test_delivery import now, tell
from tests.support.city import City

SUBSCRIPTION = "subscription($after: String) { caseChanged(after: $after) { event eventId cursor } }"
WAIT = 20.0


class Stream:
    """An open event stream, read event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._blocks = self._read()

    async def _read(self) -> AsyncIterator[list[str]]:
        block: list[str] = []
        async for one in self.answer.aiter_lines():
            if one:
                block.append(one)
            elif block:
                yield block
                block = []

    async def block(self) -> list[str]:
        """The next event or comment, by its lines."""
        return await asyncio.wait_for(anext(self._blocks), WAIT)

    async def rest(self) -> int:
        """How many blocks come until the server ends the stream."""
        return len([block async for block in self._blocks])

    async def event(self) -> tuple[str, str, Any]:
        """The next event: its type, its id, its data."""
        while True:
            fields = dict(part.split(":", 1) for part in await self.block())
            if "event" in fields:
                data = fields["data"].strip()
                return fields["event"].strip(), fields.get("id", "").strip(), orjson.loads(data) if data else None


@asynccontextmanager
async def stream(
    process: Process, token: str, query: str = SUBSCRIPTION, method: str = "POST", **headers: str
) -> AsyncIterator[Stream]:
    given = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}", **headers}
    body: dict[str, Any] = {"json": {"query": query}} if method == "POST" else {"params": {"query": query}}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=WAIT) as client,
        client.stream(method, f"{process.url}/graphql/stream", headers=given, **body) as answer,
    ):
        yield Stream(answer)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_events_come_with_their_cursor_as_id(served: Served, database: Database, city: City, method: str) -> None:
    async with stream(served.processes[0], served.tokens["city_bureau"], method=method) as events:
        assert events.answer.status_code == 200
        assert events.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert events.answer.headers["cache-control"] == "no-store"
        assert await events.block() == [":"]  # it has begun
        await tell(database, city.responses["city"])
        kind, id_, data = await events.event()
        assert kind == "next"
        assert data["data"]["caseChanged"]["event"] == "CASE_CORRECTED"
        assert id_ == data["data"]["caseChanged"]["cursor"]
    for _ in range(2):
        await tell(database, city.responses["city"])
    token = served.tokens["city_bureau"]
    async with stream(served.processes[1], token, method=method, **{"Last-Event-ID": id_}) as events:
        missed = [await events.event() for _ in range(2)]
        assert data["data"]["caseChanged"]["eventId"] not in {
            one[2]["data"]["caseChanged"]["eventId"] for one in missed
        }


async def test_a_query_is_answered_once_and_completed(served: Served) -> None:
    async with stream(served.processes[0], served.tokens["agency"], "{ viewer { subject } }") as events:
        kind, _, data = await events.event()
        assert (kind, data["data"]) == ("next", {"viewer": {"subject": "dev:agency"}})
        assert (await events.event())[0] == "complete"


@pytest.mark.parametrize(
    ("who", "query", "method", "status", "code"),
    [
        (None, SUBSCRIPTION, "POST", 401, "UNAUTHENTICATED"),
        ("nobody", SUBSCRIPTION, "POST", 403, "FORBIDDEN"),
        ("platform_admin", SUBSCRIPTION, "POST", 403, "FORBIDDEN"),
        ("agency", "{", "POST", 400, "GRAPHQL_PARSE_FAILED"),
        ("agency", "subscription { nothing }", "GET", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("agency", 'subscription { caseChanged(after: "x") { event } }', "POST", 400, "BAD_USER_INPUT"),
        ("agency", "mutation { nothing }", "PUT", 405, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_begin_is_an_error_of_http(
    served: Served, who: str | None, query: str, method: str, status: int, code: str
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.request(
            method,
            f"{served.processes[0].url}/graphql/stream",
            headers={
                "Accept": "text/event-stream",
                **({"Authorization": f"Bearer {served.tokens[who]}"} if who else {}),
            },
            **({"params": {"query": query}} if method == "GET" else {"json": {"query": query}}),
        )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json()["errors"][0]["extensions"]["code"] == code


async def test_a_mutation_is_not_sent_by_get(served: Served) -> None:
    query = 'mutation { noteWrite(input: { responseId: "x", body: "y" }) { errors { code } } }'
    async with stream(served.processes[0], served.tokens["agency"], query, "GET") as events:
        assert events.answer.status_code == 405


async def test_who_takes_no_event_stream_gets_none(served: Served) -> None:
    token = served.tokens["agency"]
    async with stream(served.processes[0], token, Accept="application/json") as events:
        assert events.answer.status_code == 406


async def test_the_path_of_queries_never_answers_with_a_stream(served: Served) -> None:
    """urql lists text/event-stream among what it accepts."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"{served.processes[0].url}/graphql",
            json={"query": "{ viewer { subject } }"},
            headers={
                "Accept": "application/graphql-response+json, application/graphql+json, application/json,"
                " text/event-stream, multipart/mixed",
                "Authorization": f"Bearer {served.tokens['agency']}",
            },
        )
    assert answer.headers["content-type"].startswith("application/graphql-response+json")


async def test_a_heartbeat_keeps_the_stream_open_and_the_tokens_end_closes_it(served: Served) -> None:
    async with (
        served.another(YINGSU_STREAM_HEARTBEAT="0.3") as process,
        stream(process, served.token("agency", timedelta(seconds=3))) as events,
    ):
        for _ in range(3):
            assert await events.block() == [":"]
        assert await events.rest() < 60


async def test_the_process_stops_without_completing_the_operation(served: Served) -> None:
    """So that the client comes back, with its last id, to another process."""
    async with served.another() as process:
        async with stream(process, served.tokens["agency"]) as events:
            assert await events.block() == [":"]
            stopping = asyncio.create_task(process.stop())
            with pytest.raises(StopAsyncIteration):
                await events.block()
        assert await stopping == 0


async def test_a_gap_is_closed_by_reading_the_cursor_first(served: Served, database: Database, city: City) -> None:
    start = await now(served)
    await tell(database, city.responses["town"])
    query = f'subscription {{ caseChanged(after: "{start}") {{ eventId }} }}'
    async with stream(served.processes[0], served.tokens["city_bureau"], query) as events:
        assert (await events.event())[2]["data"]["caseChanged"]["eventId"]
