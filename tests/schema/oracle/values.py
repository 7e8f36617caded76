"""The value of each field of a row, by its declaration: plain look-ups in the viewer's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from schema.catalogue import Catalogue, OwnedField
from schema.declared.fields import BatchField, ConnectionField, ToManyField, ToOneField, UnionField, ValueField
from schema.declared.types import NodeType
from schema.declared.values import Scalar, column_of
from schema.ids import IdCodec
from schema.names import camel
from tests.schema.oracle.paging import Listed, Names, page
from tests.schema.oracle.rows import Row, Snapshot
from tests.schema.oracle.taught import RELATED, VALUES
from tests.schema.oracle.written import cursor, written


@dataclass
class Found:
    """A row, seen as a node of a type."""

    node: NodeType
    row: Row


@dataclass
class Listing:
    """A page, and the node type that it lists."""

    node: NodeType
    page: Listed


@dataclass
class Entry:
    """One driver row of a page."""

    listing: Listing
    row: Row


@dataclass
class Asked:
    """What a batch function is told of the operation."""

    view: Any


class Values:
    """Field values on the declarations of one catalogue."""

    def __init__(self, catalogue: Catalogue, ids: IdCodec) -> None:
        self.catalogue = catalogue
        self.ids = ids

    def id_of(self, seen: Snapshot, found: Found) -> str:
        node = found.node
        key = found.row[node.key]
        return self.ids.encode(
            node.name, seen.viewer.scope.shard if node.sharded else 0, key if node.sharded else str(key)
        )

    def one(self, seen: Snapshot, target: str, rows: list[Row]) -> Found | None:
        node = self.catalogue.nodes[target]
        present = seen.present(node, rows)
        return Found(node, present[0]) if present else None

    def listed(self, seen: Snapshot, field: ConnectionField, rows: list[Row], arguments: dict[str, Any]) -> Listing:
        node = self.catalogue.nodes[field.source.target]
        present = seen.present(node, rows) if field.source.key is None else rows
        return Listing(node, page(field.source, present, Names(self.ids, seen.viewer.scope.shard), arguments))

    def of(self, seen: Snapshot, found: Found, owned: OwnedField, arguments: dict[str, Any]) -> Any:
        field = owned.field
        if field.permission is not None and field.permission not in seen.viewer.permissions:
            return None
        own = owned.owner == self.catalogue.node_owners[found.node.name]
        if not own and not seen.enabled(owned.owner, found.node, found.row):
            return None
        if isinstance(field, ValueField):
            name = f"{found.node.name}.{camel(owned.name)}"
            return written(found.row[field.column.name] if field.column is not None else VALUES[name](seen, found.row))
        if isinstance(field, BatchField):
            return self._computed(seen, field, found.row, arguments)
        if isinstance(field, ToOneField):
            return self.one(seen, field.target, self._related(seen, found, owned))
        if isinstance(field, UnionField):
            target = found.row[field.kind]
            rows = seen.where(self.catalogue.nodes[target].table.name, "id", found.row[field.key])
            return self.one(seen, target, rows)
        if isinstance(field, ToManyField):
            return self._many(seen, field, self._related(seen, found, owned))
        assert isinstance(field, ConnectionField)
        return self.listed(seen, field, self._tied(seen, field, found.row), arguments)

    def _tied(self, seen: Snapshot, field: ConnectionField, row: Row) -> list[Row]:
        assert field.on is None, "a connection by SQL has to be taught"
        rows = seen.tables[field.source.table.name]
        return [
            one for one in rows if all(row[here] is not None and one[there] == row[here] for there, here in field.where)
        ]

    def _related(self, seen: Snapshot, found: Found, owned: OwnedField) -> list[Row]:
        field = owned.field
        assert isinstance(field, ToOneField | ToManyField)
        if field.columns is None:
            return RELATED[f"{found.node.name}.{camel(owned.name)}"](seen, found.row)
        here, there = field.columns
        return seen.where(self.catalogue.nodes[field.target].table.name, there, found.row[here])

    def _many(self, seen: Snapshot, field: ToManyField, related: list[Row]) -> list[Found]:
        node = self.catalogue.nodes[field.target]
        rows = seen.present(node, related)
        for name, descending in reversed([*field.order, (node.key, False)]):
            missing = [one for one in rows if one[name] is None]
            there = sorted(
                (one for one in rows if one[name] is not None), key=lambda one: one[name], reverse=descending
            )
            rows = [*missing, *there] if descending else [*there, *missing]
        return [Found(node, one) for one in rows[: field.limit]]

    async def _computed(self, seen: Snapshot, field: BatchField, row: Row, arguments: dict[str, Any]) -> Any:
        """One row at a time, as a resolver would."""
        given = {name: row[column.name] for name, column in field.requires.items()}
        named = {
            name: date.fromisoformat(value) if kind is Scalar.DATE and value is not None else value
            for name, (kind, _) in field.arguments.items()
            if (value := arguments.get(camel(name), field)) is not field
        }
        (value,) = await field.resolve(Asked(seen.viewer.view), [given], **named)
        if isinstance(value, Exception):
            raise value
        return written(value)

    # -- connections ---------------------------------------------------------------------------------------------------

    def of_connection(self, seen: Snapshot, source: Listing | Entry, name: str) -> Any:
        """A field of a connection, an edge or page info."""
        if isinstance(source, Entry):
            return self._cursor(source) if name == "cursor" else self._node(seen, source)
        page = source.page
        match name:
            case "totalCount":
                return page.total
            case "edges":
                return [Entry(source, row) for row in page.rows]
            case "nodes":
                return [self._node(seen, Entry(source, row)) for row in page.rows]
            case "pageInfo":
                return source
            case "hasNextPage":
                return page.more_after
            case "hasPreviousPage":
                return page.more_before
            case _:
                ends = page.rows[:1] if name == "startCursor" else page.rows[-1:]
                return self._cursor(Entry(source, ends[0])) if ends else None

    def _cursor(self, entry: Entry) -> str:
        page = entry.listing.page
        return cursor(page.order.name, entry.row[column_of(page.order.attribute).name], entry.row[page.source.tie.name])

    def _node(self, seen: Snapshot, entry: Entry) -> Found | None:
        """What a driver row leads to; it may be hidden where the row is not."""
        node, source = entry.listing.node, entry.listing.page.source
        if source.key is None:
            return Found(node, entry.row)
        found = seen.where(node.table.name, "id", entry.row[column_of(source.key).name])
        return Found(node, found[0]) if found else None
