"""The attacks: those that are one body, and those that only a socket of one's own can do."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.attacks import ATTACKS

HALF_OPEN, FLOOD = 300, 200
SMALL = json.dumps({"query": "{ viewer { subject } }"}).encode()


@dataclass(frozen=True, slots=True)
class Target:
    """The server, and how long it lets bodies and headers take."""

    port: int
    token: str
    body_timeout: float
    header_timeout: float

    @property
    def url(self) -> str:
        """Where GraphQL is answered."""
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def headers(self) -> dict[str, str]:
        """Those of every request."""
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    def head(self, *more: str) -> bytes:
        """The first lines of a POST, for a socket of one's own."""
        lines = [
            "POST /graphql HTTP/1.1",
            "Host: x",
            *(f"{name}: {text}" for name, text in self.headers.items()),
            *more,
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"


@dataclass(slots=True)
class Outcome:
    """How an attack was refused. `given` are the seconds that the server's settings leave to its kind."""

    status: int = 0
    code: str = ""
    reason: str | None = None
    seconds: float = 0.0
    given: float = 0.0
    faults: list[str] = field(default_factory=list)


Attack = Callable[[Target], Awaitable[Outcome]]


def _judged(status: int, body: bytes, code: str, reason: str | None = None, given: float = 0.0) -> Outcome:
    outcome = Outcome(status, given=given)
    try:
        found = json.loads(body)
        extensions = (found[0] if isinstance(found, list) else found)["errors"][0]["extensions"]
        outcome.code, outcome.reason = extensions["code"], extensions.get("reason")
    except (ValueError, LookupError, TypeError):
        outcome.faults.append(f"no typed error: {body[:80]!r}")
        return outcome
    if status >= 500:
        outcome.faults.append(f"status {status}")
    if (outcome.code, outcome.reason) != (code, reason):
        outcome.faults.append(f"not {code} {reason or ''}")
    return outcome


async def _body(content: bytes, code: str, reason: str | None, target: Target, **headers: str) -> Outcome:
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(target.url, content=content, headers={**target.headers, **headers})
    return _judged(answer.status_code, answer.content, code, reason)


async def _exchange(target: Target, sent: bytes, *, drip: bytes = b"", pause: float = 0.2) -> tuple[int, bytes]:
    """Send bytes, then more of them one by one, until the server has answered and closed; status and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    writer.write(sent)
    reading = asyncio.create_task(reader.read())
    with contextlib.suppress(ConnectionError):
        for byte in drip:
            done, _ = await asyncio.wait([reading], timeout=pause)
            if done:
                break
            writer.write(bytes([byte]))
            await writer.drain()
    raw = await asyncio.wait_for(reading, 30)
    writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head else 0), body


async def _slow_body(target: Target) -> Outcome:
    status, body = await _exchange(target, target.head("Content-Length: 1000"), drip=b" " * 900)
    return _judged(status, body, "TIMEOUT", given=target.body_timeout)


async def _slow_headers(target: Target) -> Outcome:
    status, body = await _exchange(target, b"POST /graphql HTTP/1.1\r\nHost: x\r\nX: ", drip=b"a" * 900)
    return _judged(status, body, "TIMEOUT", given=target.header_timeout)


async def _endless_chunks(target: Target) -> Outcome:
    status, body = await _exchange(
        target, target.head("Transfer-Encoding: chunked"), drip=b"1\r\n \r\n" * 200, pause=0.02
    )
    return _judged(status, body, "TIMEOUT", given=target.body_timeout)


async def _broken_chunks(target: Target) -> Outcome:
    status, body = await _exchange(target, target.head("Transfer-Encoding: chunked") + b"ZZ\r\n")
    return _judged(status, body, "BAD_USER_INPUT")


async def _half_open(target: Target) -> Outcome:
    """Hundreds of requests whose bodies never come: each is told so, and closed."""
    sent = target.head("Content-Length: 100") + b"{"
    answers = await asyncio.gather(*(_exchange(target, sent) for _ in range(HALF_OPEN)))
    outcomes = [_judged(status, body, "TIMEOUT", given=target.body_timeout) for status, body in answers]
    return max(outcomes, key=lambda one: len(one.faults))


async def _silent(target: Target) -> Outcome:
    """Hundreds of connections that never say a word are closed without one."""
    answers = await asyncio.gather(*(_exchange(target, b"") for _ in range(HALF_OPEN)))
    faults = [] if all(answer == (0, b"") for answer in answers) else ["a silent connection was answered"]
    return Outcome(0, "closed", given=target.header_timeout, faults=faults)


async def _flood(target: Target) -> Outcome:
    """Connections that are opened and closed at once: nothing to refuse, but others are served."""
    for _ in range(5):
        opened = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", target.port) for _ in range(FLOOD)))
        for _, writer in opened:
            writer.close()
    return Outcome(0, "closed")


async def _pipelined(target: Target) -> Outcome:
    """Twenty requests in one go, the last of them refused: all are answered, in order."""
    one = target.head(f"Content-Length: {len(SMALL)}") + SMALL
    last = target.head("Content-Length: 2", "Connection: close") + b"[]"
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    writer.write(one * 20 + last)
    raw = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    outcome = _judged(400, raw.rpartition(b"\r\n\r\n")[2], "BAD_USER_INPUT")
    if raw.count(b"HTTP/1.1 200") != 20:
        outcome.faults.append(f"{raw.count(b'HTTP/1.1 200')} of 20 answered")
    return outcome


async def _expensive_but_allowed(target: Target) -> Outcome:
    """Many different documents, each near the limits: answered, and others are served meanwhile."""
    outcome = Outcome(200, "answered")
    async with httpx.AsyncClient(timeout=30) as client:
        for number in range(25):
            fields = " ".join(f"a{n}: status b{n}: number" for n in range(90))
            query = f"query Q{number} {{ cases(first: 100) {{ nodes {{ id {fields} }} }} }}"
            began = time.perf_counter()
            answer = await client.post(target.url, json={"query": query}, headers=target.headers)
            outcome.seconds = max(outcome.seconds, time.perf_counter() - began)
            outcome.status = answer.status_code
            if answer.status_code >= 500 or "errors" in answer.json():
                outcome.faults.append(answer.text[:120])
    return outcome


async def _introspections(target: Target) -> Outcome:
    """The whole schema, ten times in different spellings, so that none is remembered."""
    from graphql import get_introspection_query

    outcome = Outcome(200, "answered")
    async with httpx.AsyncClient(timeout=30) as client:
        for number in range(10):
            query = get_introspection_query(descriptions=True).replace("IntrospectionQuery", f"Q{number}")
            began = time.perf_counter()
            answer = await client.post(target.url, json={"query": query}, headers=target.headers)
            outcome.seconds = max(outcome.seconds, time.perf_counter() - began)
            outcome.status = answer.status_code
            if answer.status_code >= 500 or "errors" in answer.json():
                outcome.faults.append(answer.text[:120])
    return outcome


async def _message(target: Target, message: str | bytes, *codes: int) -> Outcome:
    """A WebSocket message that must end the socket with one of these codes."""
    address = target.url.replace("http", "ws", 1)
    async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], max_size=None) as socket:
        await socket.send(
            json.dumps(
                {
                    "type": "connection_init",
                    "payload": {"Authorization": f"Bearer {target.token}", "token": target.token},
                }
            )
        )
        await asyncio.wait_for(socket.recv(), 20)
        try:
            await socket.send(message)
            await asyncio.wait_for(socket.wait_closed(), 20)
        except (ConnectionClosed, TimeoutError):
            pass
        code = socket.close_code or 0
    faults = [] if code in codes else [f"closed with {code}, not {codes}"]
    return Outcome(code, "closed", socket.close_reason, faults=faults)


def attacks() -> Mapping[str, Attack]:
    """All of them by name."""
    return {
        **{name: partial(_body, body, code, reason) for name, (body, code, reason) in ATTACKS.items()},
        "gzip body": partial(_body, gzip.compress(SMALL), "BAD_USER_INPUT", None, **{"Content-Encoding": "gzip"}),
        "broken chunks": _broken_chunks,
        "chunks without end": _endless_chunks,
        "slow body": _slow_body,
        "slow headers": _slow_headers,
        f"{HALF_OPEN} half-open bodies": _half_open,
        f"{HALF_OPEN} silent connections": _silent,
        f"{5 * FLOOD} connections": _flood,
        "pipelined requests": _pipelined,
        "WebSocket: [1]": _web_socket("[1]", 4400),
        "WebSocket: deep JSON": _web_socket("[" * 100_000, 4400),
        "WebSocket: not JSON": _web_socket("nonsense", 4400),
        "WebSocket: bytes": _web_socket(b"\xff\xfe", 4400, 1007, 1003),
        "WebSocket: a huge message": _web_socket("a" * 5_000_000, 1009, 4400),
        "expensive but allowed": _expensive_but_allowed,
        "ten whole introspections": _introspections,
    }


def _web_socket(message: str | bytes, *codes: int) -> Attack:
    async def attack(target: Target) -> Outcome:
        return await _message(target, message, *codes)

    return attack
