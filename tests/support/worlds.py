"""One row in every tenant table for each of several tenants, made from the catalogue: no table can be forgotten.

A *world* is a tenant with an agency of its own. The rows are invented column by column from the declared tables, foreign
keys leading to the same world's rows; so a table that a plugin adds tomorrow is filled, and tested, without a change here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Table, insert, text
from sqlalchemy.dialects.postgresql import JSONB

from core.db.base import RowClass
from core.db.rls import row_class
from core.db.scope import Scope
from core.db.session import Database, SystemSession
from core.db.table_registry import all_tables, load_tables
from tests.support.city import AGENCIES, City

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
UNSHARED = {RowClass.SHARED, RowClass.SYSTEM}
PLAIN: dict[str, Any] = {
    "Integer": 1,
    "BigInteger": 1,
    "SmallInteger": 1,
    "Date": DAY,
    "DateTime": NOW,
    "Time": time(9, 0),
    "Boolean": False,
    "Numeric": 1,
    "LargeBinary": b"x",
}
FITTING: dict[tuple[str, str], Any] = {
    ("stored_file", "sha256"): "0" * 64,
    ("plugin_enablement", "policy"): "ALLOWED",
    ("plugin_enablement", "choice"): "INHERIT",
    ("trusted_document_policy", "mode"): "LOG",
    ("notification_delivery", "state"): "PENDING",
    ("case_shell", "cause_code"): "0101",
    ("case_shell", "status"): "OPEN",
    ("case_tally", "level"): "AGENCY",
    ("case_tally", "series"): "FILED",
    ("obligation", "status"): "OPEN",
    ("suggestion", "status"): "OPEN",
    ("reminders_event", "report_id"): None,
    ("reminders_circular", "state"): "DRAFT",
    ("reminders_circular", "month"): date(2026, 3, 1),
    ("reminders_circular_line", "void"): 0,
    ("reminders_circular_line", "on_time"): 0,
    ("reminders_circular_line", "late"): 0,
    ("reminders_circular_line", "open"): 0,
    ("reminders_circular_correction", "after"): 0,
}
"""Values that a check constraint asks for."""


@dataclass(slots=True)
class World:
    """A tenant's rows: the id of its row in each table."""

    name: str
    shard: int
    code: int
    high: int
    ids: dict[str, UUID] = field(default_factory=dict)


def inherits(scope: Scope, world: World) -> bool:
    """Settings are read downwards: a tenant reads those of the tenants that hold it, whatever its people's scope."""
    return scope.shard == world.shard and world.code <= scope.low and world.high >= scope.high


def tenant_tables() -> list[Table]:
    """Every table whose rows belong to a tenant."""
    load_tables()
    return [table for table in all_tables() if row_class(table) not in UNSHARED]


async def build_worlds(database: Database, city: City, names: tuple[str, ...]) -> dict[str, World]:
    """Fill every tenant table once for each named agency of the city."""
    worlds = {}
    async with database.system() as session:
        await session.execute(text("select set_config('app.bulk', 'on', true)"))
        for name in names:
            code = AGENCIES[name][1]
            world = World(name, code // 100000, code, city.scope(code).high, {"agency": city.agencies[name]})
            for table in tenant_tables():
                if table.name == "case_shell":
                    await _fill(session, table, world)
                    world.ids["second_case"] = world.ids[table.name]
                if table.name != "agency":
                    await _fill(session, table, world)
            worlds[name] = world
    return worlds


async def _fill(session: SystemSession, table: Table, world: World) -> None:
    values = {column.name: value for column in table.columns if (value := _value(table, column, world)) is not _LEAVE}
    world.ids[table.name] = values["id"] = values.get("id") or uuid4()
    await session.execute(insert(table).values(**values))


_LEAVE = object()


def _value(table: Table, column: Any, world: World) -> Any:
    if column.computed is not None or column.identity is not None or column.name == "id":
        return _LEAVE
    if column.name == "shard":
        return world.shard
    if column.name in {"code", "origin_code", "tenant_code"}:
        return world.code
    if column.name == "high":
        return world.high
    if (table.name, column.name) in FITTING:
        return FITTING[table.name, column.name]
    target = _target(table, column.name)
    if target is not None:
        return world.ids.get(target, _LEAVE) if column.name != "to_case_id" else world.ids["second_case"]
    if column.name == "case_id":
        return world.ids["case_shell"]
    if column.name == "agency_id":
        return world.ids["agency"]
    if column.nullable:
        return _LEAVE
    if isinstance(column.type, JSONB):
        return {}
    if isinstance(column.type, ARRAY):
        return []
    kind = type(column.type).__name__
    if kind in {"Text", "String"}:
        return f"x{world.code}"
    return PLAIN[kind] if kind in PLAIN else uuid4()


def _target(table: Table, name: str) -> str | None:
    for key in table.foreign_key_constraints:
        columns = [column.name for column in key.columns]
        if columns[-1] == name and len(columns) > 1:
            return str(key.referred_table.name)
    return None
