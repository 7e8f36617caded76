"""Runs commands as a terminal does, in this process: their output, and their exit code."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.cli import main
from core.db.session import Database
from core.installation.seed import seed_reference

Yingsu = Callable[..., Awaitable["Ran"]]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def _run(arguments: tuple[str, ...]) -> Ran:
    out, err, argv = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["yingsu", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = argv
    return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture
def yingsu(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Yingsu:
    """`await yingsu("tenant", "show", "4401")` on the module's database and a data folder of the test's own."""
    monkeypatch.setenv("YINGSU_DATABASE_URL", database_url)
    monkeypatch.setenv("YINGSU_DATA", str(tmp_path / "data"))

    async def run(*arguments: str) -> Ran:
        # A thread of its own: the command runs its own event loop.
        return await asyncio.to_thread(_run, arguments)

    return run


@pytest.fixture(scope="module")
async def seeded(database: Database) -> Database:
    """The module's database with the nation's reference data."""
    async with database.system() as session:
        await seed_reference(session, datetime(2026, 3, 10, 2, 0, tzinfo=UTC))
    return database
