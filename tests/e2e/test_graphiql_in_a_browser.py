"""GraphiQL in a real browser, Debian's Chromium: `tests/e2e/clients/browser`.

`YINGSU_TEST_PICTURE=docs/graphiql.png pytest …` takes the picture of the documents anew.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from core.db.session import Database
from tests.e2e.demonstration import demonstration
from tests.support.front_end import PackagesMissing, install, node

CHROMIUM = shutil.which("chromium")


@pytest.mark.skipif(CHROMIUM is None, reason="LEFT OUT: there is no Chromium")
async def test_it_works_within_its_policy(database: Database, database_url: str, tmp_path: Path) -> None:
    try:
        await asyncio.to_thread(install)
    except PackagesMissing as missing:
        pytest.skip(f"LEFT OUT: {missing}")
    picture = os.environ.get("YINGSU_TEST_PICTURE")
    async with demonstration(database, database_url, tmp_path) as served:
        variables = {
            "YINGSU_TEST_URL": served.url,
            "YINGSU_TEST_TOKENS": str(served.tokens),
            "YINGSU_TEST_CHROMIUM": str(CHROMIUM),
            "HOME": str(tmp_path),
        }
        if picture:
            variables["YINGSU_TEST_PICTURE"] = str(Path(picture).resolve())
        done = await asyncio.to_thread(
            node, "--test", "--test-reporter", "spec", "browser/graphiql.test.ts", variables=variables
        )
    assert done.returncode == 0, done.stdout
    assert "skipped 0" in done.stdout
