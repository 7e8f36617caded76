"""graphql-transport-ws, message by message: every way to be let in, and every way to be shown the door."""

from __future__ import annotations

import asyncio
import socket as sockets
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from websockets.exceptions import InvalidStatus

from tests.streams.conftest import Served
from tests.support.sockets import CASES, Line, line

VIEWER = "{ viewer { subject } }"


def asked(id_: str, query: str = VIEWER, **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": "subscribe", "payload": {"query": query, **more}}


async def opened(socket: Line, served: Served, who: str = "agency") -> None:
    await socket.init(served.tokens[who])


async def test_queries_and_mutations_are_answered_too(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.send(asked("q"))
        answer = await socket.message()
        assert answer["id"] == "q"
        assert answer["payload"]["data"] == {"viewer": {"subject": "dev:agency"}}
        assert await socket.message() == {"id": "q", "type": "complete"}
        note = 'mutation { noteWrite(input: { responseId: "x", body: "y" }) { errors { code } } }'
        await socket.send(asked("m", note))
        assert (await socket.message())["payload"]["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert (await socket.message())["type"] == "complete"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { caseChanged { eventId } a: caseChanged { eventId } }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { caseChanged(caseId: "x") { eventId } }', "BAD_USER_INPUT"),
        ("subscription($v: ID!) { caseChanged(caseId: $v) { eventId } }", "BAD_USER_INPUT"),
        ("subscription { caseChanged @skip(if: true) { eventId } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { viewer { subject } } query B { viewer { subject } }", "BAD_USER_INPUT"),
        ("{ a\\u0000 }", "BAD_USER_INPUT"),
    ],
)
async def test_an_operation_that_cannot_begin_ends_with_its_errors_alone(served: Served, query: str, code: str) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.send(asked("1", query))
        refused = await socket.message()
        assert (refused["id"], refused["type"]) == ("1", "error")
        assert refused["payload"][0]["extensions"]["code"] == code
        assert refused["payload"][0]["extensions"]["messageZh"]
        assert refused["payload"][0]["extensions"]["requestId"]
        await socket.send(asked("1"))
        assert (await socket.message())["type"] == "next"


async def test_who_may_not_read_cases_is_told_so(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served, "platform_admin")
        await socket.send(asked("1", CASES))
        refused = await socket.message()
        assert refused["payload"][0]["extensions"]["code"] == "FORBIDDEN"
        assert refused["payload"][0]["extensions"]["permission"] == "cases.read"


async def test_pings_are_answered_at_any_time(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await socket.send({"type": "ping", "payload": {"at": 1}})
        assert await socket.message() == {"type": "pong", "payload": {"at": 1}}
        await opened(socket, served)
        await socket.send({"type": "pong"})
        await socket.send({"type": "ping"})
        assert await socket.message() == {"type": "pong"}


async def test_a_completed_subscription_is_silent_and_its_id_is_free(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.subscribe("1")
        await socket.send({"id": "1", "type": "complete"})
        await socket.send({"id": "never", "type": "complete"})
        await socket.send(asked("1"))
        assert (await socket.message())["payload"]["data"]["viewer"]
        assert (await socket.message())["type"] == "complete"


@pytest.mark.parametrize(
    "payload",
    [
        {"token": "TOKEN"},
        {"authorization": "Bearer TOKEN"},
        {"Authorization": "bearer TOKEN"},
    ],
)
async def test_the_token_comes_in_the_first_message(served: Served, payload: dict[str, str]) -> None:
    async with line(served.processes[0].url) as socket:
        given = {key: value.replace("TOKEN", served.tokens["agency"]) for key, value in payload.items()}
        await socket.send({"type": "connection_init", "payload": given})
        assert await socket.message() == {"type": "connection_ack"}


@pytest.mark.parametrize(
    ("who", "code", "reason"),
    [
        (None, 4401, "TOKEN_MISSING"),
        ("nonsense", 4401, "TOKEN_MALFORMED"),
        ("late", 4401, "TOKEN_EXPIRED"),
        ("nobody", 4403, "NO_MEMBERSHIP"),
        ("expired", 4403, "NO_MEMBERSHIP"),
    ],
)
async def test_who_is_not_let_in(served: Served, who: str | None, code: int, reason: str) -> None:
    given = {"nonsense": "x", "late": served.token("agency", timedelta(minutes=-5))}
    async with line(served.processes[0].url) as socket:
        payload = {} if who is None else {"token": given.get(who) or served.tokens[who]}
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.closed() == (code, reason)


async def test_a_membership_of_somebody_else_is_refused(served: Served) -> None:
    other = await served.post("town", "{ viewer { membership { id } } }")
    async with line(served.processes[0].url) as socket:
        payload = {"token": served.tokens["agency"], "membership": other["viewer"]["membership"]["id"]}
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.closed() == (4403, "NOT_YOUR_MEMBERSHIP")


async def test_nothing_is_answered_before_the_first_message(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await socket.send(asked("1"))
        assert await socket.closed() == (4401, "Unauthorized")


async def test_the_first_message_comes_once(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.send({"type": "connection_init", "payload": {"token": served.tokens["agency"]}})
        assert (await socket.closed())[0] == 4429


async def test_an_id_is_used_by_one_operation_at_a_time(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.subscribe("same")
        await socket.send(asked("same"))
        assert await socket.closed() == (4409, "Subscriber for same already exists")


MALFORMED: dict[str, str | bytes] = {
    "binary": b'{"type":"ping"}',
    "not JSON": "ping",
    "empty": "",
    "array": "[1]",
    "number": "1",
    "null": "null",
    "no type": "{}",
    "unknown type": '{"type":"start"}',
    "type is a list": '{"type":["ping"]}',
    "deep": '{"type":"ping","payload":' + "[" * 100_000 + "]" * 100_000 + "}",
    "NUL": '{"type":"ping","payload":{"a":"\\u0000"}}',
    "lone surrogate": '{"type":"ping","payload":{"a":"\\ud800"}}',
    "NaN": '{"type":"ping","payload":{"a":NaN}}',
    "long integer": '{"type":"ping","payload":{"a":' + "9" * 5_000 + "}}",
    "key twice": '{"type":"ping","type":"pong"}',
    "payload is a text": '{"type":"ping","payload":"x"}',
    "no id": '{"type":"subscribe","payload":{"query":"{a}"}}',
    "empty id": '{"id":"","type":"subscribe","payload":{"query":"{a}"}}',
    "id is a number": '{"id":1,"type":"subscribe","payload":{"query":"{a}"}}',
    "long id": '{"id":"' + "x" * 129 + '","type":"complete"}',
    "no payload": '{"id":"1","type":"subscribe"}',
    "no query": '{"id":"1","type":"subscribe","payload":{}}',
    "query is a number": '{"id":"1","type":"subscribe","payload":{"query":1}}',
    "complete without id": '{"type":"complete"}',
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_is_no_message_closes_with_4400(served: Served, name: str) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.connection.send(MALFORMED[name])
        code, reason = await socket.closed()
        assert code == 4400
        assert reason.startswith("Invalid message")
    assert (await served.post("agency", VIEWER))["viewer"]


async def test_a_message_that_is_too_large_closes(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.connection.send('{"type":"ping","payload":{"a":"' + "x" * 1_100_000 + '"}}')
        assert (await socket.closed())[0] == 1009


async def test_broken_utf_8_closes(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        await opened(socket, served)
        await socket.connection.send(b'{"type":"\xff"}', text=True)
        assert (await socket.closed())[0] == 1007


async def test_another_subprotocol_is_not_spoken(served: Served) -> None:
    for protocols in ([], ["graphql-ws"]):
        async with line(served.processes[0].url, protocols=protocols) as socket:
            assert await socket.closed() == (4406, "Subprotocol not acceptable")


async def test_operations_of_one_socket_are_counted(served: Served) -> None:
    async with served.another(YINGSU_STREAM_SUBSCRIPTIONS="2") as process, line(process.url) as socket:
        await opened(socket, served)
        await socket.subscribe("1")
        await socket.subscribe("2")
        await socket.send(asked("3", CASES))
        refused = await socket.message()
        assert (refused["id"], refused["type"]) == ("3", "error")
        assert refused["payload"][0]["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
        assert refused["payload"][0]["extensions"]["limit"] == 2
        await socket.send({"id": "1", "type": "complete"})
        await socket.send(asked("3"))
        assert (await socket.message())["type"] == "next"


async def test_a_process_holds_so_many_sockets(served: Served) -> None:
    async with served.another(YINGSU_STREAM_SOCKETS="1") as process, line(process.url) as socket:
        await opened(socket, served)
        with pytest.raises(InvalidStatus) as refused:
            async with line(process.url):
                pass
        assert refused.value.response.status_code == 503
        assert orjson.loads(refused.value.response.body or b"")["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_page_of_another_origin_opens_no_socket(served: Served) -> None:
    async with served.another(YINGSU_CORS_ORIGINS='["https://front.example"]') as process:
        for origin in (None, process.url, "https://front.example"):
            headers = {} if origin is None else {"Origin": origin}
            async with line(process.url, **headers) as socket:
                await opened(socket, served)
        for origin in ("https://evil.example", "null", "https://front.example.evil.example"):
            with pytest.raises(InvalidStatus) as refused:
                async with line(process.url, Origin=origin):
                    pass
            assert refused.value.response.status_code == 403
            body = orjson.loads(refused.value.response.body or b"")
            assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
            assert body["errors"][0]["extensions"]["requestId"] == refused.value.response.headers["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Upgrade": "websocket", "Connection": "Upgrade"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": "x"},
    ],
    ids=["no key", "old version"],
)
async def test_a_broken_handshake_is_a_typed_error(served: Served, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{served.processes[0].url}/graphql", headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_other_paths_have_no_socket(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with line(f"{served.processes[0].url}/nowhere"):
            pass
    assert refused.value.response.status_code == 403
    assert orjson.loads(refused.value.response.body or b"")["errors"]


async def test_an_expired_token_closes_the_socket(served: Served) -> None:
    """4403: a client of graphql-ws fetches a new token and comes back, which it would not do after 4401."""
    async with line(served.processes[0].url) as socket:
        await socket.init(served.token("agency", timedelta(seconds=2)))
        await socket.subscribe("1")
        assert await socket.closed() == (4403, "TOKEN_EXPIRED")


async def test_a_half_open_client_is_let_go(served: Served) -> None:
    """It answers no ping; whatever happened to it, its place is free soon."""
    async with served.another(YINGSU_STREAM_HEARTBEAT="0.5") as process:
        host, port = process.url.removeprefix("http://").split(":")
        with sockets.create_connection((host, int(port)), timeout=20) as raw:
            raw.sendall(
                b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
            )
            received = b""
            while chunk := await asyncio.to_thread(raw.recv, 4096):
                received += chunk
        assert b"\x89\x04" in received  # a ping
        assert received.endswith(b"\x03\xf3keepalive ping timeout")  # 1011


async def test_who_says_nothing_is_shown_out(served: Served) -> None:
    async with line(served.processes[0].url) as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")
