"""The oracle: graphql-core alone, on the printed schema, with a plain resolver for every field over a viewer's rows."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute,
    is_introspection_type,
    parse,
)

from core.errors import BadUserInput, Forbidden, YingsuError
from schema.compose import House
from schema.declared.fields import ConnectionField, LookupField
from schema.ids import GlobalId, IdCodec
from tests.schema.oracle.rows import Row, Snapshot
from tests.schema.oracle.taught import LOOKUPS, NARROWED
from tests.schema.oracle.values import Found, Values

Resolver = Callable[..., Any]


class Oracle:
    """Answers operations on one composed schema."""

    def __init__(self, house: House, plugins: frozenset[str], ids: IdCodec) -> None:
        self.catalogue = house.catalogue
        self.ids = ids
        self.values = Values(house.catalogue, ids)
        self.schema: GraphQLSchema = build_schema(house.schema(plugins).as_str())
        for kind in self.schema.type_map.values():
            # Introspection types are the library's own, and shared by every schema of the process.
            if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind):
                for name, field in kind.fields.items():
                    field.resolve = self._resolver(kind.name, name)
        assert isinstance(self.schema.type_map["Node"], GraphQLInterfaceType)
        for kind in self.schema.type_map.values():
            if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
                kind.resolve_type = lambda found, *_: found.node.name

    async def answer(self, seen: Snapshot, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data, and the paths and codes of the errors."""
        pending = execute(self.schema, parse(query), context_value=seen, variable_values=variables)
        result: ExecutionResult = await pending if inspect.isawaitable(pending) else pending
        errors = [(json.dumps(error.path), code_of(error)) for error in result.errors or []]
        return {"data": result.data, "errors": sorted(errors)}

    def _resolver(self, kind: str, name: str) -> Resolver:
        if kind == "Query":
            return self._root(name)
        if kind in self.catalogue.nodes:
            return self._of_node(kind, name)
        return lambda source, info: self.values.of_connection(info.context, source, name)

    def _root(self, name: str) -> Resolver:
        if name == "node":
            return lambda _, info, **given: self._by_id(info.context, self.ids.decode(given["id"]))
        if name == "nodes":
            return lambda _, info, **given: self._by_ids(info.context, given["ids"])
        field = self.catalogue.queries[name].field

        def resolve(_: Any, info: Any, **arguments: Any) -> Any:
            seen: Snapshot = info.context
            if field.permission is not None and field.permission not in seen.viewer.permissions:
                raise Forbidden("no", "no")
            if isinstance(field, ConnectionField):
                rows = _of_shard(seen, field)
                if field.rows is not None:
                    rows = [row for row in rows if NARROWED[name](seen, row)]
                return self.values.listed(seen, field, rows, arguments)
            assert isinstance(field, LookupField), f"{name} has to be taught"
            return self.values.one(seen, field.target, LOOKUPS[name](seen, arguments))

        return resolve

    def _by_ids(self, seen: Snapshot, ids: list[str]) -> list[Found | None]:
        if len(ids) > 100:
            raise BadUserInput("ids", "ids")
        return [self._by_id(seen, found) for found in [self.ids.decode(one) for one in ids]]

    def _by_id(self, seen: Snapshot, found: GlobalId) -> Found | None:
        if found.type_name not in self.schema.type_map:
            return None
        node = self.catalogue.nodes[found.type_name]
        rows = seen.tables[node.table.name]
        if isinstance(found.key, UUID):
            same = [row for row in rows if (row["shard"], row["id"]) == (found.shard, found.key)]
        else:
            same = [row for row in rows if str(row[node.key]) == found.key]
        return self.values.one(seen, node.name, same)

    def _of_node(self, kind: str, name: str) -> Resolver:
        if name == "id":
            return lambda found, info: self.values.id_of(info.context, found)
        owned = self.catalogue.fields[kind][name]
        return lambda found, info, **given: self.values.of(info.context, found, owned, given)


def _of_shard(seen: Snapshot, field: ConnectionField) -> list[Row]:
    """A list at the root is of the viewer's own city, also where other cities' rows are public."""
    rows = seen.tables[field.source.table.name]
    return [row for row in rows if row.get("shard", seen.viewer.scope.shard) == seen.viewer.scope.shard]


def code_of(error: GraphQLError) -> str:
    """The code that a client is told."""
    own = error.original_error
    if isinstance(own, YingsuError):
        return own.code.value
    return "BAD_USER_INPUT" if own is None or isinstance(own, GraphQLError) else "INTERNAL"
