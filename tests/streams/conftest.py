"""Two API processes, as an operator runs them, on one database; their clients are real ones."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.db.session import Database
from core.identity.development_issuer import DevelopmentIssuer
from tests.e2e.conftest import MEMBERS, install_members
from tests.support.city import City

YINGSU = Path(sys.executable).parent / "yingsu"


@dataclass(slots=True)
class Process:
    """One `yingsu serve`."""

    url: str
    running: asyncio.subprocess.Process

    async def stop(self) -> int:
        if self.running.returncode is None:
            self.running.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.running.wait(), 30)


@dataclass(slots=True)
class Served:
    """The installation: processes, tokens, and a way to ask."""

    environment: dict[str, str]
    issuer: DevelopmentIssuer
    tokens: dict[str, str]
    processes: list[Process] = field(default_factory=list)

    def token(self, who: str, lifetime: timedelta) -> str:
        return self.issuer.issue(f"dev:{who}", lifetime, datetime.now(UTC))

    async def post(self, who: str, query: str, process: int = 0, **variables: Any) -> dict[str, Any]:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                f"{self.processes[process].url}/graphql",
                json={"query": query, "variables": variables},
                headers={"Authorization": f"Bearer {self.tokens[who]}", "Accept": "application/json"},
                timeout=20,
            )
        found: dict[str, Any] = answer.json()
        assert "errors" not in found, found
        return found["data"]  # type: ignore[no-any-return]

    async def start(self, **settings: str) -> Process:
        running = await asyncio.create_subprocess_exec(
            YINGSU,
            "serve",
            "--port",
            "0",
            stdout=asyncio.subprocess.PIPE,
            env={**self.environment, **settings},
        )
        assert running.stdout is not None
        line = (await asyncio.wait_for(running.stdout.readline(), 60)).decode()
        assert line.startswith("listening "), line
        return Process(line.split()[1].removesuffix("/graphql"), running)

    @asynccontextmanager
    async def another(self, **settings: str) -> AsyncIterator[Process]:
        """A process of one's own, with other settings."""
        process = await self.start(**settings)
        try:
            yield process
        finally:
            await process.stop()


@pytest.fixture(scope="module")
async def served(
    database_url: str, database: Database, city: City, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    data = tmp_path_factory.mktemp("streams")
    await install_members(database, city)
    issuer = DevelopmentIssuer.open(data / "dev")
    names = [*MEMBERS, "nobody"]
    tokens = {name: issuer.issue(f"dev:{name}", timedelta(hours=1), datetime.now(UTC)) for name in names}
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("YINGSU_")},
        "YINGSU_DATABASE_URL": database_url,
        "YINGSU_DATA": str(data),
        "YINGSU_GRACE_SECONDS": "5",
    }
    made = Served(environment, issuer, tokens)
    made.processes = list(await asyncio.gather(made.start(), made.start()))
    yield made
    for process in made.processes:
        assert await process.stop() == 0
