"""改码: giving the rows of moved and merged tenants their new code, in every table there is, plugins' tables included.

The tables are found in the metadata: whatever holds `shard` and `code` holds rows of a tenant. There are two kinds:

- *data* (cases, agencies, members, the trail …) follows the tenant, wherever it goes;
- *settings of a tenant as a range*, told by a column `high` beside `code`, follow a tenant that goes on under a new code. A
  tenant that is merged into another leaves its settings behind: those of the tenant that remains stand.

A row that would meet an equal one at its new code (two merged towns with one import key) stays under the closed code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
from sqlalchemy import Table, UniqueConstraint

from core.db.session import SystemSession
from core.db.table_registry import all_tables, load_tables
from core.errors import Conflict
from core.reference.records import affected
from core.tenancy.register import ChangePlan

ATTEMPT_MS = 300
"""How long one attempt may hold others off while it waits; under `deadlock_timeout`, so that nobody is chosen a victim."""
PAUSE_SECONDS = 0.2
ATTEMPTS = 100

Pause = Callable[[float], Awaitable[None]]


class TenantBusy(Conflict):
    """租户正忙: an import or another long write goes on, and the change did not get its turn."""

    def __init__(self) -> None:
        super().__init__(
            "the tenant's rows are being written by somebody else; try again when the import has ended",
            "该租户的数据正在被写入，请待导入结束后重试",
        )


@dataclass(frozen=True, slots=True)
class CodedTable:
    """A table whose rows have a tenant code; `unique` are the sets of columns that stand beside the code in a unique key."""

    name: str
    settings: bool
    unique: tuple[tuple[str, ...], ...]


def coded_tables(tables: Sequence[Table] | None = None) -> tuple[CodedTable, ...]:
    """Every declared table with a shard and a tenant code, by name."""
    if tables is None:
        load_tables()
        tables = all_tables()
    found = [table for table in tables if {"shard", "code"} <= set(table.columns.keys()) and not _is_tenant(table)]
    return tuple(
        CodedTable(table.name, "high" in table.columns, tuple(sorted(set(_unique_beside_code(table)))))
        for table in sorted(found, key=lambda table: table.name)
    )


def _is_tenant(table: Table) -> bool:
    # There `code` is the key of the tenant itself.
    return [column.name for column in table.primary_key] == ["code"]


def _unique_beside_code(table: Table) -> Iterator[tuple[str, ...]]:
    keys = [[column.name for column in table.primary_key]]
    keys += [[c.name for c in rule.columns] for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    keys += [[c.name for c in index.columns] for index in table.indexes if index.unique]
    for key in keys:
        if "code" in key:
            yield tuple(name for name in key if name not in ("code", "shard"))


async def hold_still(session: SystemSession, tables: Sequence[CodedTable], pause: Pause = asyncio.sleep) -> None:
    """Take the tables for this transaction alone, so that no row is written beside us with the old code.

    Whoever has read an agency or a response, and so may be about to write its code, is waited for; who comes later reads the
    new code. Nobody else is held off longer than `ATTEMPT_MS` at a time while we wait. Raises `TenantBusy` after some
    `ATTEMPTS * (ATTEMPT_MS + PAUSE_SECONDS)`.
    """
    names = ", ".join(table.name for table in tables)
    driver = session.driver
    for _ in range(ATTEMPTS):
        await driver.execute("savepoint hold_still")
        try:
            await driver.execute(f"set local lock_timeout = {ATTEMPT_MS}; lock table {names} in access exclusive mode")
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await driver.execute("rollback to savepoint hold_still")
            await pause(PAUSE_SECONDS)
        else:
            await driver.execute("set local lock_timeout = 0; release savepoint hold_still")
            return
    raise TenantBusy


async def recode(session: SystemSession, shard: int, plan: ChangePlan, tables: Sequence[CodedTable]) -> dict[str, int]:
    """Give every row its new code; answers how many rows changed, by table. The caller holds the tables still."""
    moved = going_on(plan)
    changed: dict[str, int] = {}
    for table in tables:
        recoding = {old: plan.recode[old] for old in moved} if table.settings else plan.recode
        if not recoding:
            continue
        count = await _recode_table(session, shard, table, recoding)
        if table.settings:
            await _set_ranges(session, shard, table, [recoding[old] for old in recoding])
        if count:
            changed[table.name] = count
    return changed


def going_on(plan: ChangePlan) -> frozenset[int]:
    """The codes of tenants that go on, alone, as a tenant that the plan opens: a moved town, a district with a new code."""
    opened = {version.code for version in plan.opened} - {version.code for version in plan.closed}
    targets = list(plan.recode.values())
    return frozenset(old for old, new in plan.recode.items() if new in opened and targets.count(new) == 1)


async def _recode_table(session: SystemSession, shard: int, table: CodedTable, recoding: Mapping[int, int]) -> int:
    statement = (
        f"update {table.name} t set code = m.new_code from unnest($2::bigint[], $3::bigint[]) m(old_code, new_code)"
    )
    statement += " where t.shard = $1 and t.code = m.old_code"
    for beside in table.unique:
        equal = "".join(f" and other.{name} is not distinct from t.{name}" for name in beside)
        statement += (
            f" and not exists (select 1 from {table.name} other where other.shard = t.shard"
            f" and other.code = m.new_code{equal})"
        )
    # Where codes are part of a key, two tenants that become one may bring equal rows: one after the other, the first stays.
    steps = [{old: new} for old, new in recoding.items()] if table.unique else [recoding]
    total = 0
    for step in steps:
        arguments = (shard, list(step.keys()), list(step.values()))
        total += affected(await _execute(session, statement, arguments))
    return total


async def _set_ranges(session: SystemSession, shard: int, table: CodedTable, codes: Sequence[int]) -> None:
    await _execute(
        session,
        f"update {table.name} s set high = t.high from tenant t"
        " where s.shard = $1 and s.code = any($2::bigint[]) and t.code = s.code and s.high <> t.high",
        (shard, list(codes)),
    )


async def _execute(session: SystemSession, statement: str, arguments: tuple[object, ...]) -> str:
    return str(await session.driver.execute(statement, *arguments))
