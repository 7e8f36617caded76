"""`yingsu serve` on a database with demonstration cases and people: what a front end is developed against."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.calendar import shipped_calendar
from core.clock import SystemClock
from core.db.session import Database
from core.demo.install import install_demo, install_tokens
from core.identity.development_issuer import DevelopmentIssuer
from core.installation.seed import seed_reference

YINGSU = Path(sys.executable).parent / "yingsu"
CASES = 300


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The address of a running server, and the file of its people's tokens."""

    url: str
    tokens: Path


@asynccontextmanager
async def demonstration(database: Database, database_url: str, data: Path) -> AsyncIterator[Demonstration]:
    """Fill an empty, migrated database, and serve it by a process of its own."""
    clock = SystemClock()
    async with database.system() as session:
        await seed_reference(session, clock.now())
    await install_demo(database, shipped_calendar(), clock, CASES, 1, lambda *_: None)
    tokens = await install_tokens(database, DevelopmentIssuer.open(data / "dev"), clock)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")},
        "YINGSU_DATABASE_URL": database_url,
        "YINGSU_DATA": str(data),
        "YINGSU_GRAPHIQL": "true",
    }
    process = await asyncio.create_subprocess_exec(
        YINGSU, "serve", "--port", "0", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environment
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        assert line.startswith("listening "), line
        yield Demonstration(line.split()[1], tokens)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)
