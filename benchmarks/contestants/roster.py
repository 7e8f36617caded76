"""Who takes part: how each server is started for a viewer, and how each operation is asked of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks import operations
from benchmarks.contestants import tallies
from benchmarks.contestants.postgraphile import queries
from benchmarks.contestants.setting import CONNECTIONS, VARIABLE
from benchmarks.equipment import BIN, postgraphile_home, python_of_others
from benchmarks.nation.store import Store
from benchmarks.nation.viewers import SHARD, Viewer
from core.db.scope import TenantLevel, scope_statement

WRITER = "演示·市司法局经办人"
Ask = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the operations are about: cases to show, a response to write notes on; with the ids that ours gives them."""

    cases: Sequence[UUID]
    response: UUID
    global_id: Callable[[str, UUID], str]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server. `asks` are the requests of an operation, walked through in turn."""

    name: str
    command: Callable[[int], Sequence[str]]
    environment: Mapping[str, str]
    asks: Callable[[str], list[Ask]]
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """One viewer on one store: what every contestant is started with."""

    store: Store
    viewer: Viewer
    subjects: Subjects
    district: int | None = field(init=False)

    def __post_init__(self) -> None:
        scope = self.viewer.scope
        object.__setattr__(self, "district", scope.low if scope.level is TenantLevel.DISTRICT else None)

    @property
    def setting(self) -> dict[str, str]:
        told = {
            "dsn": self.store.dsn, "scope": scope_statement(self.viewer.scope, 10_000), "shard": SHARD, "district": self.district,
            "written_by": WRITER,
        }  # fmt: skip
        return {VARIABLE: json.dumps(told)}


def ask(path: str, body: Any, headers: Mapping[str, str] | None = None) -> Ask:
    return {"path": path, "body": json.dumps(body), "headers": dict(headers or {})}


def uvicorn_of(application: str, python: str = sys.executable) -> Callable[[int], Sequence[str]]:
    """Uvicorn as ours runs it: the plain asyncio loop, h11, one process."""
    options = ["--loop", "asyncio", "--http", "h11", "--no-access-log", "--log-level", "warning"]
    return lambda port: [python, "-m", "uvicorn", application, "--port", str(port), *options]


def ours(heat: Heat) -> Contestant:
    headers, subjects = {"Authorization": f"Bearer {heat.viewer.token}"}, heat.subjects

    def asks(operation: str) -> list[Ask]:
        queries_of = operations.OURS
        variables: list[dict[str, Any]] = [{}]
        if operation == "detail":
            variables = [{"id": subjects.global_id("Case", case)} for case in subjects.cases]
        if operation == "mutation":
            variables = [{"response": subjects.global_id("Response", subjects.response), "body": operations.NOTE}]
        return [ask("/graphql", {"query": queries_of[operation], "variables": one}, headers) for one in variables]

    command = lambda port: [str(BIN / "yingsu"), "serve", "--port", str(port)]  # noqa: E731
    return Contestant("ours", command, {"YINGSU_DATA": str(heat.store.data)}, asks)


def hand_sql(heat: Heat) -> Contestant:
    def asks(operation: str) -> list[Ask]:
        if operation == "detail":
            return [ask("/detail", {"id": str(case)}) for case in heat.subjects.cases]
        return [ask(f"/{operation}", {"response": str(heat.subjects.response), "body": operations.NOTE})]

    command = uvicorn_of("benchmarks.contestants.hand_sql:application")
    return Contestant("hand-written SQL", command, heat.setting, asks)


def postgraphile(heat: Heat) -> Contestant:
    texts = {
        "list": queries.LIST % queries.CONDITIONS[heat.viewer.name],
        "detail": queries.DETAIL,
        "dashboard": queries.DASHBOARD,
        "mutation": queries.MUTATION,
    }
    subjects = heat.subjects

    def asks(operation: str) -> list[Ask]:
        district = {"district": str(heat.district)} if heat.district else {}
        variables: list[dict[str, Any]] = [{"shard": SHARD, **district}]
        if operation == "dashboard":
            level = f"{heat.viewer.scope.level.name}_YEAR"
            variables = [{"shard": SHARD, "level": level, "tenant": str(heat.viewer.scope.low)}]
        if operation == "detail":
            variables = [{"shard": SHARD, "id": str(case)} for case in subjects.cases]
        if operation == "mutation":
            given = {"response": str(subjects.response), "body": operations.NOTE, "writer": WRITER}
            variables = [{"shard": SHARD, **given}]
        return [ask("/graphql", {"query": texts[operation], "variables": one}) for one in variables]

    told = {"dsn": heat.store.dsn, "settings": settings_of(heat), "connections": CONNECTIONS}
    environment = {VARIABLE: json.dumps(told), "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    command = lambda port: [str((BIN / "node").absolute()), "server.mjs", str(port)]  # noqa: E731
    return Contestant("PostGraphile 5", command, environment, asks, postgraphile_home())


def settings_of(heat: Heat) -> dict[str, str]:
    """The scope as `pgSettings`: the same settings as in the statement of ours."""
    scope = heat.viewer.scope
    return {
        "role": "yingsu_app", "statement_timeout": "10000", "app.scope": scope.kind.value, "app.shard": str(scope.shard),
        "app.lo": str(scope.low), "app.hi": str(scope.high), "app.agency": "", "app.court": "", "app.member": "",
        "app.today": scope.today.isoformat(),
    }  # fmt: skip


def strawberry_asks(heat: Heat, flat: bool) -> Callable[[str], list[Ask]]:
    texts = {**operations.OURS, "mutation": operations.MUTATION_BY_UUID}

    def asks(operation: str) -> list[Ask]:
        text = texts[operation].replace("$id: ID!", "$id: UUID!")
        variables: list[dict[str, Any]] = [{}]
        if operation == "detail":
            variables = [{"id": str(case)} for case in heat.subjects.cases]
        if operation == "mutation":
            variables = [{"response": str(heat.subjects.response), "body": operations.NOTE}]
        query = operations.flattened(text) if flat else text
        return [ask("/graphql", {"query": query, "variables": one}) for one in variables]

    return asks


def dataloaders(heat: Heat) -> Contestant:
    command = uvicorn_of("benchmarks.contestants.dataloaders.server:application")
    return Contestant("strawberry + DataLoaders", command, heat.setting, strawberry_asks(heat, flat=False))


def strawberry_django(heat: Heat) -> Contestant:
    command = uvicorn_of("benchmarks.contestants.django_site.asgi:application", str(python_of_others()))
    return Contestant("strawberry-django", command, heat.setting, strawberry_asks(heat, flat=True))


CONTESTANTS = {
    "ours": ours,
    "hand_sql": hand_sql,
    "postgraphile": postgraphile,
    "dataloaders": dataloaders,
    "strawberry_django": strawberry_django,
}


def indexes_sql() -> str:
    """What Django needs to join by id."""
    return _text("django_site", "indexes.sql")


def _text(*path: str) -> str:
    return files("benchmarks.contestants").joinpath(*path).read_text(encoding="utf-8")


def functions_sql() -> str:
    """What PostGraphile's schema has beside the tables."""
    text = _text("postgraphile", "functions.sql")
    for name, question in (("years", tallies.YEARS), ("kinds", tallies.KINDS), ("statuses", tallies.STATUSES)):
        text = text.replace(f"{{{name}}}", question)
    return text
