"""What a viewer sees, as plain rows: each table read whole, once, under the viewer's own row-level security."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from core.db.session import Database
from schema.catalogue import CORE, Catalogue
from schema.declared.types import NodeType
from tests.schema.oracle.viewers import Viewer

Row = dict[str, Any]
CASE_COLUMN = {"Case": "id", "Party": "case_id", "Hearing": "case_id", "Judgment": "case_id"}
"""Rows of the case level belong to the tenants of their case's responses."""


@dataclass
class Snapshot:
    """The rows of every table that a viewer sees."""

    viewer: Viewer
    catalogue: Catalogue
    tables: dict[str, list[Row]]
    _by: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict)

    def where(self, table: str, column: str, value: Any) -> list[Row]:
        """The rows with this value; none for null."""
        if value is None:
            return []
        index = self._by.get((table, column))
        if index is None:
            index = self._by[table, column] = {}
            for row in self.tables[table]:
                index.setdefault(row[column], []).append(row)
        return index.get(value, [])

    def enabled(self, owner: str, node: NodeType, row: Row) -> bool:
        """Whether the tenant that a row belongs to has a plugin on; for a case, the tenant of any response that is seen."""
        ranges = self.viewer.disabled.get(owner, []) if owner != CORE else []
        if not ranges:
            return True
        if node.name in CASE_COLUMN:
            codes = [one["code"] for one in self.where("response", "case_id", row[CASE_COLUMN[node.name]])]
        else:
            codes = [row["code"]] if "code" in node.table.columns else []
            if not codes:
                return True
        return any(not any(low <= code < high for low, high in ranges) for code in codes)

    def present(self, node: NodeType, rows: Iterable[Row]) -> list[Row]:
        """Rows of a plugin's own type are there only where it is enabled."""
        return [row for row in rows if self.enabled(self.catalogue.node_owners[node.name], node, row)]


def tables_of(catalogue: Catalogue) -> dict[str, Table]:
    """Every table that a type or a list stands on."""
    found = {node.table.name: node.table for node in catalogue.nodes.values()}
    return found | {source.table.name: source.table for source in catalogue.sources.values()}


async def snapshot(database: Database, catalogue: Catalogue, viewer: Viewer) -> Snapshot:
    """Read everything."""
    read: dict[str, list[Row]] = {}
    async with database.read(viewer.scope) as session:
        for name, table in tables_of(catalogue).items():
            jsons = [column.name for column in table.columns if type(column.type).__name__ == "JSONB"]
            found = [dict(row) for row in await session.driver.fetch(f"select * from {name}")]
            for row in found:
                row.update({column: json.loads(row[column]) for column in jsons if isinstance(row[column], str)})
            read[name] = found
    return Snapshot(viewer, catalogue, read)
