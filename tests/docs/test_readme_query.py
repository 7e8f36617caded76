"""The README's query, asked on a fresh demonstration, answers in the shape that the README shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from core.app import build_application
from core.calendar import shipped_calendar
from core.clock import FrozenClock
from core.config import Settings
from core.db.session import Database
from core.demo.install import install_demo, install_tokens
from core.extension.registry import Registry
from core.identity.development_issuer import DevelopmentIssuer
from core.installation.seed import seed_reference

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def shape(value: Any) -> Any:
    """Keys and types; of a list, the shapes that its items have."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(item), sort_keys=True) for item in value})
    return type(value).__name__


async def test_the_query_answers_as_shown(
    database: Database, tmp_path: Path, root: Path, block: Callable[[str, str], str]
) -> None:
    clock = FrozenClock(NOW)
    async with database.system() as session:
        await seed_reference(session, NOW)
    await install_demo(database, shipped_calendar(), clock, 300, 1, lambda *_: None)
    written = await install_tokens(database, DevelopmentIssuer.open(tmp_path / "dev"), clock)
    token = json.loads(written.read_text(encoding="utf-8"))["city_bureau"]
    application = await build_application(Settings(data=tmp_path), database, Registry(), clock)
    readme = (root / "README.md").read_text(encoding="utf-8")
    shown = json.loads(block(readme, "json"))

    transport = httpx.ASGITransport(application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://yingsu.test") as client:
        answer = await client.post(
            "/graphql",
            json={"query": block(readme, "graphql")},
            headers={"Authorization": f"Bearer {token}"},
        )

    assert answer.status_code == 200
    assert shape(answer.json()) == shape(shown)
    assert answer.json()["data"]["periods"]["totalCount"] > 1
