"""Behind a real PgBouncer in transaction mode: two server connections, many clients, each transaction in its own scope."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from core.cases.tables import Response
from core.config import Pooler
from core.db.engine import make_engine
from core.db.session import Database
from tests.support.city import City
from tests.support.house import ask

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="LEFT OUT: pgbouncer is not installed here")
EXPECTED = {440100000: 6, 440106000: 2, 440112000: 3, 440112001: 1, 440300000: 1}
"""Responses that each tenant of the small city sees."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
async def pooled(database_url: str, city: City, reachable: Path) -> AsyncIterator[Database]:
    assert PGBOUNCER is not None
    url, folder = make_url(database_url), reachable
    port = free_port()
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{url.username}" "{url.password or ""}"\n')
    settings.write_text(
        f"[databases]\n* = host={url.host} port={url.port} user={url.username} password='{url.password or ''}'\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = trust\nauth_file = {users}\n"
        "pool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 200\nunix_socket_dir =\nlogfile =\n"
    )
    demotion = ("-u", "nobody") if os.getuid() == 0 else ()  # it refuses to run as root
    process = await asyncio.create_subprocess_exec(PGBOUNCER, "-q", *demotion, str(settings))
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            assert process.returncode is None
            await asyncio.sleep(0.02)
        else:
            writer.close()
            break
    through = url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    database = Database(make_engine(through, pooler=Pooler.TRANSACTION, pool_size=24))
    yield database
    await database.dispose()
    process.terminate()
    await process.wait()


async def test_every_transaction_keeps_its_own_scope(pooled: Database, city: City) -> None:
    async def count(code: int) -> tuple[int, int]:
        async with pooled.read(city.scope(code)) as session:
            return code, int(await session.scalar(select(func.count()).select_from(Response)))

    asked = [code for _ in range(40) for code in EXPECTED]
    for code, seen in await asyncio.gather(*(count(code) for code in asked)):
        assert seen == EXPECTED[code]


async def test_planned_statements_run(pooled: Database, city: City) -> None:
    async def one(code: int) -> None:
        answer = await ask(
            pooled, city.scope(code), "{ cases { totalCount nodes { number responses { agency { name } } } } }"
        )
        assert "errors" not in answer

    await asyncio.gather(*(one(code) for _ in range(20) for code in EXPECTED))


async def test_nothing_of_a_scope_is_left_on_the_server_connection(pooled: Database, city: City) -> None:
    for code in EXPECTED:
        async with pooled.read(city.scope(code)) as session:
            await session.scalar(select(func.count()).select_from(Response))
        async with pooled.anonymous() as session:
            assert await session.scalar(text("select nullif(current_setting('app.scope', true), '')")) is None
            assert await session.scalar(select(func.count()).select_from(Response)) == 0
