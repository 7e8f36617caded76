"""A real API process on a real database: uvicorn on the loopback, bearer tokens of a development issuer, httpx as client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import insert

from core.app import Application, build_application
from core.clock import FrozenClock
from core.config import Settings
from core.db.session import Database
from core.extension.registry import Registry
from core.http.server import server_config
from core.identity.development_issuer import DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.tables import Member
from tests.support.city import AGENCIES, City

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
MEMBERS: dict[str, tuple[str, int, str | None, str | None]] = {
    "city_bureau": ("CITY_BUREAU", 440100000, None, None),
    "district_bureau": ("DISTRICT_BUREAU", 440112000, None, None),
    "sibling_bureau": ("DISTRICT_BUREAU", 440106000, None, None),
    "town": ("TOWN", 440112001, None, None),
    "agency": ("AGENCY", 440112000, "huangpu", None),
    "co_respondent": ("AGENCY", 440106000, "tianhe", None),
    "court_liaison": ("COURT_LIAISON", 440100000, None, "粤7101"),
    "mediator": ("MEDIATOR", 440100000, None, None),
    "auditor": ("AUDITOR", 440100000, None, None),
    "platform_admin": ("PLATFORM_ADMIN", 440100000, None, None),
    "secretary": ("EXECUTIVE_SECRETARY", 440100000, None, None),
    "other_city": ("CITY_BUREAU", 440300000, None, None),
    "expired": ("CITY_BUREAU", 440100000, None, None),
}


@dataclass(slots=True)
class Api:
    """The running API, as its clients see it."""

    url: str
    tokens: dict[str, str]
    application: Application
    clock: FrozenClock

    async def post(
        self, who: str | None, query: str, variables: dict[str, Any] | None = None, **headers: str
    ) -> httpx.Response:
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        async with httpx.AsyncClient() as client:
            return await client.post(
                f"{self.url}/graphql",
                json={"query": query, "variables": variables or {}},
                headers={"Accept": "application/json", **headers},
                timeout=20,
            )

    async def ask(self, who: str, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of an answer that must have no errors."""
        answer = (await self.post(who, query, variables)).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data


async def install_members(database: Database, city: City) -> None:
    async with database.system() as session:
        for name, (role, code, agency, court) in MEMBERS.items():
            ended = date(2026, 3, 10) if name == "expired" else None
            await session.execute(
                insert(Member).values(
                    shard=code // 100000,
                    code=code,
                    issuer=DEVELOPMENT_ISSUER,
                    subject=f"dev:{name}",
                    role=role,
                    agency_id=city.agencies[agency] if agency else None,
                    court_code=court,
                    display_name=name,
                    valid_from=date(2026, 1, 1),
                    valid_until=ended,
                    created_at=NOW,
                )
            )
    assert set(AGENCIES) >= {"huangpu", "tianhe"}


@pytest.fixture(scope="module")
async def api(database: Database, city: City, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    data: Path = tmp_path_factory.mktemp("data")
    await install_members(database, city)
    clock = FrozenClock(NOW)
    issuer = DevelopmentIssuer.open(data / "dev")
    tokens = {name: issuer.issue(f"dev:{name}", timedelta(days=1), NOW) for name in MEMBERS}
    tokens["nobody"] = issuer.issue("dev:nobody", timedelta(days=1), NOW)
    application = await build_application(Settings(data=data, graphiql=True), database, Registry.load(), clock)
    server = uvicorn.Server(server_config(application.asgi, host="127.0.0.1", port=0))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Api(f"http://127.0.0.1:{port}", tokens, application, clock)
    server.should_exit = True
    await running
