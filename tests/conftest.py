"""Fixtures of all tests: one real PostgreSQL for the whole run, one migrated template, a database of its own per test module.

`YINGSU_TEST_SERVER` names another server (a superuser's URL without a database) to run the same tests on, e.g. PostgreSQL 15.
`HYPOTHESIS_PROFILE=search` looks for new counterexamples (`make search`); without it every run tries the same examples.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import hypothesis
import pytest
from sqlalchemy.engine import make_url

from core.clock import FrozenClock
from core.db.embedded import EmbeddedServer
from core.db.engine import make_engine
from core.db.session import Database
from core.extension.migration import migrate
from core.extension.registry import Registry
from tests.support.city import City, build_city

# A change is judged by examples that do not change with the day; finding new ones is a run of its own, and each found becomes an `@example`.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("search", max_examples=2_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

BUILT_IN = Registry.load()
"""Loaded before any test, so that the tables of the built-in plugins are declared whichever test runs first."""
TEMPLATE = f"yingsu_template_{os.getpid()}"


LONGEST = ("tests/simulation/test_year.py", "tests/faults/test_faults.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one of them when the others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def leave_the_machine_as_it_was() -> Iterator[None]:
    """Tests once took the rights of others off the folder for temporary files: never again unnoticed."""
    folder = Path(tempfile.gettempdir())
    before = folder.stat().st_mode
    yield
    assert folder.stat().st_mode == before, f"the tests changed the rights of {folder}"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A superuser's URL of a running server, without a database name."""
    named = os.environ.get("YINGSU_TEST_SERVER")
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="yingsu-test-") as folder:
        server = EmbeddedServer(Path(folder), fsync=False)
        with server.lease() as info:
            yield info.dsn


def on(server: str, database: str) -> str:
    """The URL of one database of the server."""
    return make_url(server).set(database=database, drivername="postgresql").render_as_string(hide_password=False)


async def _administer(server: str, statement: str) -> None:
    connection = await asyncpg.connect(on(server, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def template(server_url: str) -> AsyncIterator[str]:
    """A migrated database that others are copied from, with the built-in plugins' tables: whatever a test loads, they are there."""
    await _administer(server_url, f"create database {TEMPLATE}")
    await migrate(on(server_url, TEMPLATE), BUILT_IN)
    yield TEMPLATE
    await _administer(server_url, f"drop database {TEMPLATE} with (force)")


@pytest.fixture(scope="module")
async def database_url(server_url: str, template: str) -> AsyncIterator[str]:
    """An own, migrated, empty database for a test module."""
    name = f"t_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    yield on(server_url, name)
    await _administer(server_url, f"drop database {name} with (force)")


@pytest.fixture(scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    """Sessions on the module's database."""
    opened = Database(make_engine(database_url, pool_size=5))
    yield opened
    await opened.dispose()


@pytest.fixture(scope="module")
async def city(database: Database) -> City:
    """A small Guangzhou beside a small Shenzhen, with agencies, members and a few cases."""
    return await build_city(database)


@pytest.fixture
def clock() -> FrozenClock:
    """Tuesday 2026-03-10, 10:00 in Shanghai, until the test moves it."""
    return FrozenClock(datetime(2026, 3, 10, 2, 0, tzinfo=UTC))
