from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.clock import SystemClock
from core.db.session import Database

Yingsu = Callable[..., Awaitable[Any]]


async def test_a_sound_installation_has_a_line_for_each_check(yingsu: Yingsu, seeded: Database) -> None:
    ran = await yingsu("doctor")
    lines = {line[7:].split("  ")[0].strip(): line[:5] for line in ran.out.splitlines()}
    assert set(lines) == {
        *("Python", "settings", "database", "roles", "migrations", "policies"),
        *("reference data", "calendar", "figures", "jobs", "files", "issuer"),
    }
    wrong = {name for name, state in lines.items() if state == "WRONG"}
    # What ships reaches to 2027; in that year the doctor rightly asks for the next.
    assert wrong <= ({"calendar"} if SystemClock().today().year >= 2027 else set()), ran.out
    assert ran.code == (1 if wrong else 0)


async def test_the_other_checks_go_on_without_a_database(yingsu: Yingsu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINGSU_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ran = await yingsu("doctor")
    assert ran.code == 1
    assert "WRONG  database" in ran.out
    assert "ok     files" in ran.out
