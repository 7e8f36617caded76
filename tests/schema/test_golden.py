"""Golden files: for each construct of the language and of the lists a query, the statement made of it, and its answer.

`tests/golden/README.md` says how they are read and rewritten.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.acting import ActContext, Actor
from core.calendar.calendar_file import shipped_calendar
from core.clock import FrozenClock
from core.db.engine import make_engine
from core.db.queries import QuerySession
from core.db.session import Database, ReadSession, TenantSession
from core.identity.roles import Role
from schema.context import OperationContext
from schema.execution import Engine, Operation
from tests.conftest import _administer, on
from tests.schema.oracle.golden_world import IDS, fill_golden, views
from tests.schema.test_differential import HOUSE
from tests.support.city import NOW
from tests.support.formatted_sql import formatted

FOLDER = Path(__file__).parents[1] / "golden"
REWRITE = os.environ.get("YINGSU_REWRITE_GOLDEN") == "1"
CONSTRUCTS = sorted(path.parent.name for path in FOLDER.glob("*/query.graphql"))


@pytest.fixture(scope="module")
async def golden(server_url: str, template: str) -> AsyncIterator[Database]:
    name = f"g_{uuid4().hex[:12]}"
    await _administer(server_url, f"create database {name} template {template}")
    await fill_golden(on(server_url, name))
    database = Database(make_engine(on(server_url, name), pool_size=2))
    yield database
    await database.dispose()
    await _administer(server_url, f"drop database {name} with (force)")


@dataclass
class Ran:
    """What an operation sent to the database, and answered."""

    statements: list[str]
    answer: dict[str, Any]


async def run(database: Database, construct: str, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Run a construct's query as its viewer, noting each planned statement as it is sent."""
    given = json.loads((FOLDER / construct / "variables.json").read_text(encoding="utf-8"))
    view, plugins = views()[given["viewer"]]
    sent: list[str] = []
    for session in (QuerySession, ReadSession):
        monkeypatch.setattr(session, "json", _noting(session.json, sent))

    async def begin_act(session: TenantSession) -> ActContext:
        actor = Actor("golden", "张三", Role.CITY_BUREAU.value)
        return ActContext(session, FrozenClock(NOW), actor, shipped_calendar(), permissions=view.permissions)

    context = OperationContext(view, database, IDS, begin_act, None, 10_000)
    query = (FOLDER / construct / "query.graphql").read_text(encoding="utf-8")
    done = await Engine().execute(HOUSE.schema(plugins), Operation(query, None, given["variables"], "golden"), context)
    answer = json.loads(done.body)
    answer.get("extensions", {}).pop("cost", None)
    return Ran(sent, {name: value for name, value in answer.items() if value != {}})


def _noting(ask: Any, sent: list[str]) -> Any:
    async def json_of(self: Any, sql: str, arguments: Any) -> Any:
        sent.append(f"{formatted(sql)}{_bound(arguments)}")
        return await ask(self, sql, arguments)

    return json_of


def _bound(arguments: Any) -> str:
    shown = [
        f"-- ${place} = {value.hex() if isinstance(value, bytes) else value}"
        for place, value in enumerate(arguments, 1)
    ]
    return "".join(f"{line}\n" for line in shown)


@pytest.mark.parametrize("construct", CONSTRUCTS)
async def test_the_statement_and_the_answer_are_the_golden_ones(
    golden: Database, construct: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = await run(golden, construct, monkeypatch)
    texts = {
        "statement.sql": _without_chance("\n".join(ran.statements)),
        "answer.json": json.dumps(_without_chance(ran.answer), ensure_ascii=False, indent=2) + "\n",
    }
    for name, text in texts.items():
        place = FOLDER / construct / name
        if REWRITE:
            place.write_text(text, encoding="utf-8")
        assert place.read_text(encoding="utf-8") == text, f"{construct}/{name}: see tests/golden/README.md"


UUID7 = re.compile(r"\b01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")


def _without_chance(value: Any) -> Any:
    """Keys that an act makes anew at each run are shown as such."""
    if isinstance(value, str):
        return UUID7.sub("(made by the act)", value)
    if isinstance(value, dict):
        return {name: _without_chance(item) for name, item in value.items()}
    return [_without_chance(item) for item in value] if isinstance(value, list) else value


def test_every_construct_has_its_four_files() -> None:
    wanted = {"query.graphql", "variables.json", "statement.sql", "answer.json"}
    assert {name: {path.name for path in (FOLDER / name).iterdir()} for name in CONSTRUCTS} == dict.fromkeys(
        CONSTRUCTS, wanted
    )
    assert len(CONSTRUCTS) >= 20


def test_formatting_leaves_the_statement_as_it_is() -> None:
    for name in CONSTRUCTS:
        text = (FOLDER / name / "statement.sql").read_text(encoding="utf-8")
        assert "".join(text.split()) == "".join(formatted(text).split())
