"""The oldest PostgreSQL that we promise: migrated, isolated and queried like the embedded one."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from core.cases.tables import Response
from core.db.engine import asyncpg_url, make_engine
from core.db.migrate import create_async_engine, differences
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from tests.support.city import City, build_city
from tests.support.house import ask
from tests.support.worlds import build_worlds

BINARIES = Path("/usr/lib/postgresql/15/bin")
pytestmark = pytest.mark.skipif(
    not (BINARIES / "postgres").exists(), reason="LEFT OUT: PostgreSQL 15 is not installed here"
)


def demoted() -> dict[str, int | list[int]]:
    """PostgreSQL refuses to run as root: run it as whoever may."""
    if os.getuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@pytest.fixture(scope="module")
def url_15(reachable: Path) -> Iterator[str]:
    folder, demotion = reachable, demoted()
    if demotion:
        os.chown(folder, int(demotion["user"]), int(demotion["group"]))  # type: ignore[arg-type]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    run = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL, **demotion}
    subprocess.run(
        [BINARIES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C"], **run
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    subprocess.run([BINARIES / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **run)
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    subprocess.run([BINARIES / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)


@pytest.fixture(scope="module")
async def database_15(url_15: str) -> AsyncIterator[Database]:
    await migrate(url_15, Registry.load())
    database = Database(make_engine(url_15, pool_size=4))
    yield database
    await database.dispose()


@pytest.fixture(scope="module")
async def city_15(database_15: Database) -> City:
    return await build_city(database_15)


async def test_migrating_again_changes_nothing(database_15: Database, url_15: str) -> None:
    await migrate(url_15, Registry.load())
    engine = create_async_engine(asyncpg_url(url_15))
    async with engine.begin() as connection:
        assert await connection.run_sync(differences) == []
        version = await connection.scalar(text("show server_version_num"))
    await engine.dispose()
    assert str(version).startswith("15")


async def test_isolation_and_queries(database_15: Database, city_15: City) -> None:
    await build_worlds(database_15, city_15, ("city", "huangpu", "shenzhen"))
    for code, low in ((440100000, 6), (440112001, 1), (440300000, 1)):
        async with database_15.read(city_15.scope(code)) as session:
            assert await session.scalar(select(func.count()).select_from(Response)) >= low
            foreign = select(func.count()).select_from(Response).where(Response.shard != city_15.scope(code).shard)
            assert await session.scalar(foreign) == 0
        answer = await ask(
            database_15, city_15.scope(code), "{ cases { totalCount nodes { id hearings { nodes { heldOn } } } } }"
        )
        assert "errors" not in answer
