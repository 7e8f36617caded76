"""The composed schema for tests, and a way to run operations on it without HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.db.scope import Scope
from core.db.session import Database
from core.extension.registry import Registry
from core.house import CORE_CONTRIBUTIONS
from core.identity.permissions import CORE_PERMISSIONS
from schema.compose import House
from schema.context import OperationContext
from schema.execution import Engine, Operation
from schema.ids import IdCodec
from schema.limits import Limits
from schema.planner.compiler import View

BUILT_IN = Registry.load()
ALL = frozenset(permission.name for some in (CORE_PERMISSIONS, *BUILT_IN.permissions().values()) for permission in some)
HOUSE = House((*CORE_CONTRIBUTIONS, *BUILT_IN.contributions()))
"""With the built-in plugins: what walks over every type and list walks over theirs."""
IDS: IdCodec = HOUSE.catalogue.id_codec(b"a secret of thirty-two bytes long")


def operation_context(database: Database, scope: Scope, permissions: frozenset[str] = ALL) -> OperationContext:
    """The context of one operation in a scope; its acts cannot be begun."""

    async def no_acts(_session: Any) -> Any:
        raise LookupError("these tests only read")

    return OperationContext(View(scope, permissions, {}), database, IDS, no_acts, None, 10_000)


async def ask(
    database: Database,
    scope: Scope,
    query: str,
    variables: Mapping[str, Any] | None = None,
    permissions: frozenset[str] = ALL,
    house: House = HOUSE,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Run a query as a viewer of the scope; the whole response."""
    context = operation_context(database, scope, permissions)
    done = await Engine(limits).execute(
        house.schema(house.owners), Operation(query, None, variables or {}, "test"), context
    )
    answer: dict[str, Any] = json.loads(done.body)
    return answer
