"""What only a raw socket can do to a server."""

from __future__ import annotations

import asyncio
import json
import socket

import httpx
import pytest
from uvicorn.server import ServerState

from core.errors import ErrorCode
from core.http.application import build_http_app
from core.http.server import TypedErrorsProtocol, server_config
from core.http.settings import HttpSettings

HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def parse_answer(raw: bytes) -> httpx.Response:
    head, _, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = [tuple(part.strip() for part in line.split(b":", 1)) for line in lines]
    return httpx.Response(int(status.split()[1]), headers=headers, content=body)


@pytest.fixture(scope="module")
def hasty(serve):
    with serve(HttpSettings(body_timeout=0.3, body_drain_limit=2_000_000), header_timeout=0.3) as served:
        yield served


def test_slow_body(hasty, assert_typed):
    answer = parse_answer(hasty.exchange(HEAD + b'Content-Length: 100\r\n\r\n{"query"'))
    assert_typed(answer, 408, ErrorCode.TIMEOUT)
    assert answer.headers["connection"] == "close"


def test_others_are_served_meanwhile(hasty):
    with socket.create_connection(("127.0.0.1", hasty.port)) as slow:
        slow.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        assert hasty.graphql("{ hello }").status_code == 200


def test_slow_headers(hasty, assert_typed):
    answer = parse_answer(hasty.exchange(b"POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: "))
    assert_typed(answer, 408, ErrorCode.TIMEOUT)


def test_slow_headers_of_the_second_request(hasty, assert_typed):
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=20) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /livez HTTP/1.1\r\nHo")
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    received = received[received.index(b"HTTP/1.1 4") :]
    assert_typed(parse_answer(received), 408, ErrorCode.TIMEOUT)


def test_silent_connection_is_closed(hasty):
    assert hasty.exchange(b"") == b""


def test_half_open_in_the_body(served):
    """A client that closes its side within the body gets no answer that looks like success."""
    raw = served.exchange(HEAD + b'Content-Length: 100\r\n\r\n{"query":', half_close=True)
    assert raw == b"" or parse_answer(raw).status_code == 400


def test_client_that_leaves(served):
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    assert served.graphql("{ hello }").status_code == 200


def test_announced_body_beyond_patience(hasty, assert_typed):
    """A gigabyte that is only announced is refused at once, without reading it."""
    answer = parse_answer(hasty.exchange(HEAD + b"Content-Length: 1000000000\r\n\r\n"))
    extensions = assert_typed(answer, 413, ErrorCode.COST_LIMIT_EXCEEDED)
    assert extensions["actual"] == 1_000_000_000


def test_expect_continue_is_not_invited(served, assert_typed):
    raw = served.exchange(HEAD + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n")
    assert_typed(parse_answer(raw), 413, ErrorCode.COST_LIMIT_EXCEEDED)


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /graphql\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"GET /" + b"a" * 100_000,
        HEAD + b"X: " + b"a" * 100_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
def test_broken_http(served, assert_typed, raw):
    answer = parse_answer(served.exchange(raw))
    assert_typed(answer, 400, ErrorCode.BAD_USER_INPUT)
    assert "server" not in answer.headers


def test_pipelined_requests(served):
    body = json.dumps({"query": "{ hello }"}).encode()
    one = HEAD + b"Content-Length: %d\r\n" % len(body)
    raw = served.exchange(one + b"\r\n" + body + one + b"Connection: close\r\n\r\n" + body)
    assert raw.count(b"HTTP/1.1 200") == 2


def test_upgrade_to_something_we_do_not_speak(served):
    raw = served.exchange(
        b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n"
    )
    assert not raw.startswith(b"HTTP/1.1 5")


async def test_small_answers_are_not_held_back(served):
    """On a listener made beforehand asyncio leaves Nagle's algorithm on; the protocol turns it off."""
    config = server_config(
        build_http_app(served.executor, readiness=None, sdl=None, settings=HttpSettings()), host="", port=0
    )
    config.load()
    protocol = TypedErrorsProtocol(config, ServerState(), {})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = await asyncio.get_running_loop().create_server(lambda: protocol, sock=listener)
        _, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"nonsense\r\n\r\n")
        await writer.drain()
        accepted = protocol.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()
        server.close()
        await server.wait_closed()
