"""The load generator: keep-alive connections in a process of its own, each sending its next request when it has its answer.

It reads no more of an answer than its status, its length and whether errors stand in it, so it costs a fraction of what any server does
(`python -m benchmarks.load` tells the figure in its own result: `cpu_ms` a request).
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """What a run has seen so far."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One connection, which walks through the requests from its own place."""

    def __init__(self, requests: list[bytes], place: int, step: int, tally: Tally, until: float, marker: bytes) -> None:
        self.requests, self.place, self.step = requests, place, step
        self.tally, self.until, self.marker = tally, until, marker
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.wanted = 0
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.send()

    def send(self) -> None:
        self.received.clear()
        self.wanted = 0
        request = self.requests[self.place % len(self.requests)]
        self.place += self.step
        self.started = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.wanted:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.received[:end]).lower()
            at = head.find(b"content-length:")
            if at < 0:
                self.stop("an answer without a length")
                return
            self.wanted = end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.received) >= self.wanted:
            self.finish()

    def finish(self) -> None:
        now = time.perf_counter()
        self.tally.times.append(now - self.started)
        if self.received[9:12] != b"200" or self.marker in self.received:
            self.tally.errors.append(self.received[:600].decode(errors="replace"))
        if now < self.until:
            self.send()
        else:
            self.transport.close()

    def stop(self, why: str) -> None:
        self.tally.errors.append(why)
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.wanted != len(self.received) or exc is not None:
            self.tally.errors.append(f"connection lost: {exc!r}")
        if not self.done.done():
            self.done.set_result(None)


async def drive(port: int, requests: list[bytes], connections: int, seconds: float, marker: bytes) -> dict[str, Any]:
    """Drive a server and answer what was seen; times in milliseconds."""
    tally = Tally()
    started, used = time.perf_counter(), time.process_time()
    loop = asyncio.get_running_loop()
    clients = []
    for number in range(connections):
        make = lambda n=number: Client(requests, n, connections, tally, started + seconds, marker)  # noqa: E731
        clients.append((await loop.create_connection(make, "127.0.0.1", port))[1])
    await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), seconds + 60)
    spent, times = time.perf_counter() - started, sorted(tally.times)
    return {
        "requests": len(times),
        "seconds": spent,
        "rate": len(times) / spent,
        "cpu_ms": (time.process_time() - used) * 1000 / max(len(times), 1),
        "errors": len(tally.errors),
        "first_error": next(iter(tally.errors), None),
        **{f"p{part:g}": at(times, part) for part in (50, 95, 99, 100)},
    }


def at(times: list[float], part: float) -> float:
    """A percentile of sorted times, in milliseconds."""
    return times[min(len(times) - 1, int(len(times) * part / 100))] * 1000 if times else 0.0


def http_request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A POST request as it goes over the wire."""
    given = {"Host": "localhost", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def main() -> None:
    """Read the order as JSON from standard input, drive, write the result as JSON."""
    order = json.load(sys.stdin)
    requests = [http_request(one["path"], one["body"].encode(), one["headers"]) for one in order["requests"]]
    gc.disable()
    print(
        json.dumps(asyncio.run(drive(order["port"], requests, order["connections"], order["seconds"], b'"errors":[{')))
    )


if __name__ == "__main__":
    main()
