"""Apollo, urql, Relay and plain fetch, as their users set them up, against a real server: `tests/e2e/clients/tests`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.db.session import Database
from tests.e2e.demonstration import Demonstration, demonstration
from tests.support.front_end import CLIENTS, PackagesMissing, generate, node

CLIENT_TESTS = sorted((CLIENTS / "tests").glob("*.test.ts"))


@pytest.fixture(scope="module")
async def served(
    database: Database, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demonstration]:
    try:
        await asyncio.to_thread(generate)
    except PackagesMissing as missing:
        pytest.skip(f"LEFT OUT: {missing}")
    async with demonstration(database, database_url, tmp_path_factory.mktemp("front-end")) as running:
        yield running


@pytest.mark.parametrize("path", CLIENT_TESTS, ids=lambda path: path.name.removesuffix(".test.ts"))
async def test_the_client_is_served(path: Path, served: Demonstration) -> None:
    variables = {"YINGSU_TEST_URL": served.url, "YINGSU_TEST_TOKENS": str(served.tokens)}
    arguments = ["--import", "./relay/register.mjs", "--test", "--test-reporter", "spec", path]
    done = await asyncio.to_thread(node, *arguments, variables=variables)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^ℹ pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > 0
    assert "skipped 0" in done.stdout
