"""One row at a time: read (and lock), insert, change with its version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Executable, Row, Table, insert, select, update

from core.db.base import Sharded
from core.db.session import TenantSession


async def by_id(session: TenantSession, table: type[Sharded], row_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """The row, if the session's scope sees it. A lock also asks whether the scope may change it."""
    statement = select(cast("Any", table).__table__).where(table.shard == session.scope.shard, table.id == row_id)
    return await session.row(statement.with_for_update() if lock else statement)


async def where(session: TenantSession, table: type[Sharded], lock: bool = False, **equal: Any) -> list[Row[Any]]:
    """The visible rows whose columns have these values, by id."""
    columns = cast("Any", table).__table__.c
    statement = select(cast("Any", table).__table__).where(
        table.shard == session.scope.shard, *(columns[name] == value for name, value in equal.items())
    )
    return list(await session.rows((statement.with_for_update() if lock else statement).order_by(table.id)))


async def add(session: TenantSession, table: type[Sharded], values: Mapping[str, Any]) -> UUID:
    """Insert a row of the session's shard; its id."""
    return cast("UUID", await session.scalar(_adding(table), {"shard": session.scope.shard, **values}))


_ADDING: dict[type[Any], Executable] = {}


def _adding(table: type[Any]) -> Executable:
    """The statement that inserts into a table; built once, for building it costs as much as running it."""
    if table not in _ADDING:
        declared: Table = table.__table__
        _ADDING[table] = insert(declared).returning(declared.c.id)
    return _ADDING[table]


async def change(session: TenantSession, table: type[Sharded], row: Row[Any], values: Mapping[str, Any]) -> bool:
    """Change a row as it was read, raising its version; False if it has changed meanwhile or is not the scope's to change."""
    columns = cast("Any", table).__table__.c
    statement = update(table).where(table.shard == row.shard, table.id == row.id)
    new = dict(values)
    if "version" in columns:
        statement = statement.where(columns.version == row.version)
        new["version"] = row.version + 1
    return await session.execute(statement.values(new)) == 1
