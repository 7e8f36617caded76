"""What every table of ours must be like, so that it can be isolated and distributed: checked for plugins when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint

from core.db.base import RowClass
from core.db.rls import POLICIES

UNSHARDED = frozenset({RowClass.SHARED, RowClass.SYSTEM})
"""Tables that belong to no city."""
OPTIONAL_COLUMNS = frozenset({"high", "id"})
"""Columns that a policy is left out without, or that every sharded table has."""
_COLUMN = re.compile(r"\{t\}\.(\w+)")


def columns_needed(row_class: RowClass) -> frozenset[str]:
    """The columns by which the policies of a row class decide."""
    expressions = [text for policy in POLICIES[row_class] for text in (policy.using, policy.check) if text]
    found = {name for text in expressions for name in _COLUMN.findall(text)}
    return frozenset(found - OPTIONAL_COLUMNS)


def table_faults(table: Table) -> list[str]:
    """What is wrong with a table, in words; nothing for a good one."""
    declared: RowClass | None = table.info.get("row_class")
    if declared is None:
        return [f"table {table.name} declares no row_class: say who may see its rows"]
    if declared in UNSHARDED:
        return []
    lacking = sorted(columns_needed(declared) - set(table.columns.keys()))
    faults = [f"table {table.name} is {declared.value} and lacks the column {name}" for name in lacking]
    keys = [("primary key", table.primary_key.columns)]
    keys += [("unique key", one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [("unique index", one.columns) for one in table.indexes if one.unique]
    faults += [
        f"a {kind} of {table.name} does not start with shard" for kind, columns in keys if _first(columns) != "shard"
    ]
    return faults + [
        f"a foreign key of {table.name} does not start with shard"
        for one in table.constraints
        if isinstance(one, ForeignKeyConstraint) and _first(one.columns) != "shard" and not _to_shared(one)
    ]


def _first(columns: Iterable[Column[object]]) -> str | None:
    return next((column.name for column in columns), None)


def _to_shared(key: ForeignKeyConstraint) -> bool:
    """Whether a foreign key leads to reference data of the nation."""
    return key.referred_table.info.get("row_class") is RowClass.SHARED
