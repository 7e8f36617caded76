"""Writing reference data, set-based: rows travel by COPY into a temporary table and from there only where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table

from core.db.session import SystemSession
from core.reference import readers
from core.reference.tables import Cause, Court, Division


async def stage(
    session: SystemSession, table: Table, columns: Sequence[str], records: Iterable[Sequence[Any]], name: str
) -> None:
    """Make a temporary table of some of a table's columns, and fill it by COPY; it ends with the transaction."""
    await session.driver.execute(f"drop table if exists pg_temp.{name}")
    await session.driver.execute(
        f"create temp table {name} on commit drop as select {', '.join(columns)} from {table.name} with no data"
    )
    await session.driver.copy_records_to_table(name, schema_name="pg_temp", columns=list(columns), records=records)
    await session.driver.execute(f"analyze pg_temp.{name}")


async def merge(session: SystemSession, table: Table, columns: Sequence[str], records: Iterable[Sequence[Any]]) -> int:
    """Insert the rows that are missing, update those that differ, leave all others untouched; answers how many it wrote."""
    await stage(session, table, columns, records, "incoming")
    keys = [column.name for column in table.primary_key]
    listed = ", ".join(columns)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    status = await session.driver.execute(
        f"insert into {table.name} ({listed}) select {listed} from (select {listed} from pg_temp.incoming"
        f" except select {listed} from {table.name}) differing"
        f" on conflict ({', '.join(keys)}) do update set {changes}"
    )
    return affected(status)


def affected(status: str) -> int:
    """How many rows a statement touched, from PostgreSQL's command tag (`INSERT 0 3`)."""
    return int(status.rpartition(" ")[2])


async def merge_divisions(session: SystemSession, divisions: Iterable[readers.Division]) -> int:
    """行政区划."""
    columns = ("code", "parent_code", "level", "name_zh", "kind", "source", "nbs2023_code")
    return await merge(
        session,
        _table(Division),
        columns,
        ((d.code, d.parent_code, d.level, d.name_zh, d.kind, d.source, d.nbs2023_code) for d in divisions),
    )


async def merge_courts(session: SystemSession, courts: Iterable[readers.Court]) -> int:
    """人民法院."""
    columns = ("code", "name_zh", "level", "division_code", "administrative_role", "verified")
    return await merge(
        session,
        _table(Court),
        columns,
        (
            (c.code, c.name_zh, c.level, c.division_code or None, c.administrative_role or None, c.verified)
            for c in courts
        ),
    )


async def merge_causes(session: SystemSession, causes: Iterable[readers.Cause]) -> int:
    """案由."""
    columns = ("code", "parent_code", "level", "name_zh", "verified")
    return await merge(
        session, _table(Cause), columns, ((c.code, c.parent_code, c.level, c.name_zh, c.verified) for c in causes)
    )


def _table(mapped: type[Division | Court | Cause]) -> Table:
    table = mapped.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{mapped.__name__} is mapped to no table")
    return table
