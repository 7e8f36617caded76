"""`yingsu serve --processes 2`: one address, several processes; one that dies is replaced, and none ends in the middle of a request."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from core.db.session import Database
from core.identity.development_issuer import DevelopmentIssuer
from tests.e2e.conftest import install_members
from tests.support.city import City

YINGSU = Path(sys.executable).parent / "yingsu"
QUERY = json.dumps({"query": "{ viewer { subject } }"}).encode()


class Served:
    """Two processes behind one address, and the process above them."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, token: str) -> None:
        self.process = process
        self.address = urlsplit(url)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.url = url

    async def ask(self) -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.post(self.url, content=QUERY, headers=self.headers, timeout=20)

    def children(self) -> list[int]:
        """The API processes: those children that are not bookkeeping of the standard library."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        listed = [pid for thread in threads for pid in thread.read_text().split()]
        return [int(pid) for pid in listed if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@asynccontextmanager
async def serving(database_url: str, folder: Path) -> AsyncIterator[Served]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")}
    environment |= {"YINGSU_DATABASE_URL": database_url, "YINGSU_DATA": str(folder), "YINGSU_GRACE_SECONDS": "20"}
    process = await asyncio.create_subprocess_exec(
        YINGSU, "serve", "--port", "0", "--processes", "2",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        assert line.startswith("listening "), line
        token = DevelopmentIssuer.open(folder / "dev").issue("dev:agency", timedelta(hours=1), datetime.now(UTC))
        yield Served(process, line.split()[1], token)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


@pytest.fixture(scope="module")
async def members(database: Database, city: City) -> None:
    await install_members(database, city)


async def until(what: object) -> None:
    """Wait until something is true; the run's own time limit is the only one."""
    assert callable(what)
    while not what():
        await asyncio.sleep(0.1)


@pytest.mark.usefixtures("members")
async def test_a_process_that_dies_is_replaced_and_any_answers_for_all(database_url: str, tmp_path: Path) -> None:
    async with serving(database_url, tmp_path) as served:
        before = served.children()
        assert len(before) == 2
        for _ in range(20):
            assert (await served.ask()).status_code == 200
        async with httpx.AsyncClient() as client:
            figures = (await client.get(served.url.replace("/graphql", "/metrics"))).text
        assert 'yingsu_http_requests_total{method="POST",route="/graphql",status="200"} 20.0' in figures
        os.kill(before[0], signal.SIGKILL)
        await until(lambda: len(served.children()) == 2 and before[0] not in served.children())
        for _ in range(20):
            assert (await served.ask()).json()["data"]["viewer"] == {"subject": "dev:agency"}


@pytest.mark.usefixtures("members")
async def test_a_request_that_has_begun_is_answered_before_the_end(database_url: str, tmp_path: Path) -> None:
    async with serving(database_url, tmp_path) as served:
        reader, writer = await asyncio.open_connection(served.address.hostname, served.address.port)
        head = "".join(f"{name}: {text}\r\n" for name, text in served.headers.items())
        writer.write(f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: {len(QUERY)}\r\n{head}\r\n".encode())
        writer.write(QUERY[:5])
        await writer.drain()
        await asyncio.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(1)
        writer.write(QUERY[5:])
        answer = await asyncio.wait_for(reader.read(), 30)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b"dev:agency" in answer
        assert await asyncio.wait_for(served.process.wait(), 30) == 0


@pytest.mark.usefixtures("members")
async def test_nobody_is_left_when_the_parent_is_killed(database_url: str, tmp_path: Path) -> None:
    async with serving(database_url, tmp_path) as served:
        children = served.children()
        served.process.kill()
        await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
        with pytest.raises(httpx.ConnectError):
            await served.ask()
