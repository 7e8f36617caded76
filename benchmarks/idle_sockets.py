"""What idle sockets cost: a thousand subscribers of one process, each let in and waiting for events, and its memory before and after.

    python -m benchmarks idle_sockets --sockets 1000

Then one act is performed, and it is timed until the last of them has heard of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import orjson

from benchmarks.processes import free_port, running

YINGSU = Path(sys.executable).parent / "yingsu"
HANDSHAKE = (
    "GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
SUBSCRIPTION = "subscription { caseChanged { event cursor case { id number status filedOn } } }"
WRITE = """mutation($input: NoteWriteInput!) { noteWrite(input: $input) { note { id } errors { code message } } }"""
SETTLE = 3.0
"""Seconds that everybody is left alone before memory is read."""


def main(options: list[str]) -> None:
    """Measure, and print a line for the table of figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks idle_sockets")
    parser.add_argument("--sockets", type=int, default=1_000)
    given = parser.parse_args(options)
    with tempfile.TemporaryDirectory(prefix="yingsu-idle-") as folder:
        data = Path(folder)
        tokens = _prepared(data)
        port = free_port()
        environment = {"YINGSU_DATA": folder, "YINGSU_RATE_LIMIT_PER_MINUTE": "0"}
        with running([str(YINGSU), "serve", "--port", str(port)], port, data / "serve.log", environment) as pid:
            asyncio.run(_measure(port, pid, tokens["city_bureau"], given.sockets))


def _prepared(data: Path) -> dict[str, str]:
    """A small installation with its tokens, made by the development command and left by it."""
    command = [str(YINGSU), "dev", "--data", str(data), "--port", "0", "--cases", "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        process.terminate()
        process.wait()
    if not ready.startswith("ready "):
        raise RuntimeError(f"the installation was not made: {ready!r}")
    tokens: dict[str, str] = json.loads((data / "dev" / "tokens.json").read_text(encoding="utf-8"))
    return tokens


def resident_mb(pid: int) -> float:
    """The resident set of one process, in megabytes of a million bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _measure(port: int, pid: int, token: str, sockets: int) -> None:
    await _act(port, token)  # what is compiled and kept at first use belongs to the process, not to its sockets
    before = resident_mb(pid)
    started = time.perf_counter()
    lines = [await _subscriber(port, token) for _ in range(sockets)]
    opened = time.perf_counter() - started
    await asyncio.sleep(SETTLE)
    idle = resident_mb(pid)
    started = time.perf_counter()
    hearing = [asyncio.create_task(_hear(reader)) for reader, _ in lines]
    await _act(port, token)
    await asyncio.gather(*hearing)
    told = time.perf_counter() - started
    await asyncio.sleep(SETTLE)
    after = resident_mb(pid)
    for _, writer in lines:
        writer.close()
    print(f"{sockets} sockets, each with one subscription, opened in {opened:.1f} s")
    print(f"process without sockets  {before:7.1f} MB")
    print(f"all of them idle         {idle:7.1f} MB, {(idle - before) * 1000 / sockets:.1f} kB a socket")
    print(f"after one event to all   {after:7.1f} MB; the last heard of it after {told:.2f} s")


async def _subscriber(port: int, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A socket that was let in and waits for events; spoken by hand, so that the client costs nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head:
        raise RuntimeError(f"no socket: {head[:200]!r}")
    writer.write(_frame({"type": "connection_init", "payload": {"token": token}}))
    await _message(reader)
    writer.write(_frame({"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}}))
    await writer.drain()
    return reader, writer


def _frame(message: object) -> bytes:
    """A masked text frame, as a client must send it; the mask is zero, which masks nothing."""
    payload = orjson.dumps(message)
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + payload


async def _message(reader: asyncio.StreamReader) -> bytes:
    """The next text frame; pings go unanswered, as this takes less time than they wait."""
    while True:
        kind, size = await reader.readexactly(2)
        length = int.from_bytes(await reader.readexactly(2), "big") if size == 126 else size
        payload = await reader.readexactly(length)
        if kind == 0x81:
            return payload
        if kind == 0x88:
            raise RuntimeError(f"closed: {payload!r}")


async def _hear(reader: asyncio.StreamReader) -> None:
    message = orjson.loads(await _message(reader))
    if message["type"] != "next":
        raise RuntimeError(f"no event: {message}")


async def _act(port: int, token: str) -> None:
    """Write a note: one event."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:

        async def ask(query: str, **variables: object) -> dict[str, object]:
            answer = await client.post(
                f"http://127.0.0.1:{port}/graphql",
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            )
            found: dict[str, object] = orjson.loads(answer.content)
            if "errors" in found:
                raise RuntimeError(str(found["errors"]))
            return found["data"]  # type: ignore[return-value]

        cases: dict[str, object] = await ask("{ cases(first: 1) { nodes { responses { id } } } }")  # type: ignore[assignment]
        response = cases["cases"]["nodes"][0]["responses"][0]["id"]  # type: ignore[index]
        done = await ask(WRITE, input={"responseId": response, "body": "x"})
        if done["noteWrite"]["errors"]:  # type: ignore[index]
            raise RuntimeError(str(done))
