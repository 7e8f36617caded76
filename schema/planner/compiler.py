"""The compiler: declarations and a selection in, one SQL statement out, with permissions and scope decided on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField, GraphQLObjectType
from graphql.execution.values import get_argument_values
from sqlalchemy import Table

from core.db.scope import Scope
from core.errors import BadUserInput
from schema.catalogue import CORE, Catalogue, OwnedField
from schema.declared.fields import (
    BatchField,
    ConnectionField,
    LookupField,
    ToManyField,
    ToOneField,
    UnionField,
    ValueField,
)
from schema.declared.figures import GroupedField
from schema.declared.types import NodeType
from schema.ids import IdCodec, text_id_sql, uuid_id_sql
from schema.names import camel
from schema.planner.completion import FieldFailed
from schema.planner.connection import Restriction, connection_sql
from schema.planner.grouping import grouped_sql
from schema.planner.kept import ID_KEY, ID_SHARD, IDS_CODE, IDS_KEY, IDS_KIND, IDS_SHARD
from schema.planner.marks import Batch, Marks, required_sql
from schema.planner.narrowing import narrowed
from schema.planner.ordering import one_order
from schema.planner.paging import sql_type
from schema.planner.selection import Document, Selected, literal
from schema.planner.statement import ObjectRows, Statement, json_object


@dataclass(frozen=True, slots=True)
class View:
    """For whom a statement is compiled: scope, permissions, and where in the scope each plugin is enabled.

    `disabled_ranges[plugin]` are the half-open ranges of tenant codes inside the scope where the plugin is not effective.
    """

    scope: Scope
    permissions: frozenset[str]
    disabled_ranges: Mapping[str, Sequence[tuple[int, int]]]


class Compiler:
    """Compiles the planned fields of one operation root field into one statement."""

    def __init__(
        self,
        catalogue: Catalogue,
        ids: IdCodec,
        view: View,
        document: Document,
        *,
        without_contributed: bool = False,
        typed: bool = False,
    ) -> None:
        self.catalogue = catalogue
        self.ids = ids
        self.view = view
        self.document = document
        self.statement = Statement()
        self.marks = Marks()
        self.without_contributed = without_contributed
        self.contributed = False
        """Whether the statement has SQL of a plugin, which may fail."""
        self.typed = typed
        """Whether an object of a union is written with its type: graphql-core may have to complete the answer."""
        self.lacks_types = False
        self.many = False
        """Whether its objects are written many times: those of a list, and below it."""

    # -- roots ---------------------------------------------------------------------------------------------------------

    def root_connection(self, field: ConnectionField, arguments: Mapping[str, Any], nodes: Sequence[FieldNode]) -> str:
        """A whole list, narrowed to the scope, or the part of it that the field is about."""
        self.many = True
        within, chosen = self.in_scope(field.source.table), field.rows

        def restriction(driver: str) -> list[str]:
            return [*within(driver), *(chosen(driver, self.view.permissions) if chosen else ())]

        return "select " + connection_sql(self, field.source, arguments, nodes, restriction) + "::text"

    def root_grouped(self, field: GroupedField, arguments: Mapping[str, Any], nodes: Sequence[FieldNode]) -> str:
        """Figures by group, within the scope."""
        return f"select {grouped_sql(self, field, arguments, nodes)}::text"

    def root_lookup(self, field: LookupField, arguments: Mapping[str, Any], nodes: Sequence[FieldNode]) -> str:
        """One node by a natural key."""
        node = self.catalogue.nodes[field.target]
        alias = self.statement.alias()
        condition = field.match(alias, arguments, self.statement.bind, self.view.scope)
        return f"select ({self.select_one(node, alias, condition, nodes)})::text"

    def root_node(self, type_name: str, nodes: Sequence[FieldNode]) -> str:
        """One node by its global id, which each run fills in."""
        return f"select ({self.node_at(self.catalogue.nodes[type_name], ID_SHARD, ID_KEY, nodes)})::text"

    def root_nodes(self, types: Sequence[str], nodes: Sequence[FieldNode]) -> str:
        """Nodes by their ids, in order, null where there is none; each type is compiled once, and each run fills in the ids.

        An id of another shard runs the same look-up, and row-level security hides what it finds.
        """
        self.many = True
        given, bind = self.statement.alias(), self.statement.bind
        kinds, shards = bind(IDS_KIND, "integer[]"), bind(IDS_SHARD, "integer[]")
        keys, codes = bind(IDS_KEY, "uuid[]"), bind(IDS_CODE, "text[]")
        found = " ".join(
            f"when {number} then ({self._node_of_row(self.catalogue.nodes[name], given, nodes)})"
            for number, name in enumerate(types)
        )
        rows = f"unnest({kinds}, {shards}, {keys}, {codes}) with ordinality {given}(kind, shard, key, code, place)"
        each = f"select case {given}.kind {found} end as item from {rows} order by {given}.place"
        whole = self.statement.alias()
        return f"select coalesce(json_agg({whole}.item), '[]'::json)::text from ({each}) {whole}"

    def _node_of_row(self, node: NodeType, given: str, nodes: Sequence[FieldNode]) -> str:
        alias = self.statement.alias()
        condition = f"{alias}.shard = {given}.shard and {alias}.id = {given}.key"
        if not node.sharded:
            condition = f"{alias}.{node.key} = {given}.code::{sql_type(node.table.c[node.key])}"
        return self.select_one(node, alias, condition, nodes)

    def node_at(self, node: NodeType, shard: object, key: object, nodes: Sequence[FieldNode]) -> str:
        """A subquery of the node with this key, which each run may fill in."""
        alias, bind = self.statement.alias(), self.statement.bind
        if not node.sharded:
            condition = f"{alias}.{node.key} = {bind(key, sql_type(node.table.c[node.key]))}"
        else:
            condition = f"{alias}.shard = {bind(shard, 'integer')} and {alias}.id = {bind(key, 'uuid')}"
        return self.select_one(node, alias, condition, nodes)

    def select_one(
        self, node: NodeType, alias: str, condition: str, nodes: Sequence[FieldNode], limit: str = ""
    ) -> str:
        """A query of the rows of a node type that a condition names, as JSON objects."""
        where = " and ".join([condition, *self.present(node, alias)])
        rest = f"from {node.table.name} {alias} where {where}{limit}"
        return self.object_rows(node, alias, rest, nodes).each

    def object_rows(self, node: NodeType, alias: str, rest: str, nodes: Sequence[FieldNode]) -> ObjectRows:
        """The rows of a query, `rest` from its FROM on, as JSON objects of a node type."""
        return ObjectRows(self.pairs(node, alias, nodes), rest, self.statement.alias(), many=self.many)

    # -- objects -------------------------------------------------------------------------------------------------------

    def object(self, node: NodeType, alias: str, nodes: Sequence[FieldNode]) -> str:
        """The JSON object of one row."""
        return json_object(self.pairs(node, alias, nodes))

    def pairs(self, node: NodeType, alias: str, nodes: Sequence[FieldNode]) -> list[tuple[str, str]]:
        """The keys and values of that object."""
        selected: Selected = self.document.below(node.name, nodes)
        return [(key, self._field(node, alias, fields)) for key, fields in selected.items()]

    def _field(self, node: NodeType, alias: str, nodes: Sequence[FieldNode]) -> str:
        name = nodes[0].name.value
        if name == "__typename":
            return f"{literal(node.name)}::text"
        if name == "id":
            return self.id_sql(node, alias)
        owned = self.catalogue.field_of(node.name, name)
        if owned.field.permission is not None and owned.field.permission not in self.view.permissions:
            return "null::json"
        value = self._own_or_refused(node, alias, owned, nodes)
        if owned.owner == self.catalogue.node_owners[node.name]:
            return value
        condition = self._enabled(owned.owner, node, alias)
        return value if condition is None else f"case when {condition} then {value} end"

    def _own_or_refused(self, node: NodeType, alias: str, owned: OwnedField, nodes: Sequence[FieldNode]) -> str:
        """The field's value; or the mark of a field whose arguments are wrong, or that is left out of a second try."""
        if self._may_fail(node, owned):
            if self.without_contributed:
                return self.marks.refuse(FieldFailed(owned.owner, camel(owned.name)))
            self.contributed = True
        try:
            return self._value(node, alias, owned, nodes)
        except (BadUserInput, GraphQLError) as refused:
            return self.marks.refuse(refused)

    def _may_fail(self, node: NodeType, owned: OwnedField) -> bool:
        """SQL that a plugin wrote, or that reads its tables for somebody else's type, is tried with a way back."""
        if owned.owner == CORE or isinstance(owned.field, BatchField):
            return False
        if owned.owner != self.catalogue.node_owners[node.name]:
            return True
        return isinstance(owned.field, ValueField) and owned.field.column is None

    def _value(self, node: NodeType, alias: str, owned: OwnedField, nodes: Sequence[FieldNode]) -> str:
        field = owned.field
        own = owned.owner == self.catalogue.node_owners[node.name]
        if isinstance(field, ValueField):
            value = field.expression(alias)
            surely = field.nullable or field.column is not None or not own
            return value if surely else self.marks.required(f"to_json({value})")
        if isinstance(field, BatchField):
            return self._batch(node, alias, owned, nodes)
        if isinstance(field, ToOneField | UnionField):
            return self._one(field, alias, nodes, required=own and isinstance(field, ToOneField) and not field.nullable)
        if isinstance(field, ToManyField):
            return self._list(field, alias, nodes)
        if isinstance(field, ConnectionField):
            arguments = self.arguments(node.name, nodes)
            return connection_sql(self, field.source, arguments, nodes, self._below(field, node, alias))
        if isinstance(field, GroupedField):
            return grouped_sql(self, field, self.arguments(node.name, nodes), nodes, alias)
        raise TypeError(f"{node.name}.{owned.name} is not planned into SQL")

    def _batch(self, node: NodeType, alias: str, owned: OwnedField, nodes: Sequence[FieldNode]) -> str:
        field = owned.field
        if not isinstance(field, BatchField):
            raise TypeError(f"{node.name}.{owned.name} is not computed by Python")
        given = self.arguments(node.name, nodes)
        arguments = {name: given[camel(name)] for name in field.arguments if camel(name) in given}
        kind = self._definition(node.name, nodes).type
        batch = Batch(owned.owner, f"{node.name}.{camel(owned.name)}", field, kind, arguments)
        return self.marks.batch(batch, [required_sql(alias, column) for column in field.requires.values()])

    def _one(self, field: ToOneField | UnionField, alias: str, nodes: Sequence[FieldNode], *, required: bool) -> str:
        if isinstance(field, UnionField):
            return self._one_of(field, alias, nodes)
        target, there = self.catalogue.nodes[field.target], self.statement.alias()
        # By the node's own key there is one at most, and PostgreSQL need not count.
        limit = "" if field.columns is not None and field.columns[1] == target.key else " limit 1"
        one = f"({self.select_one(target, there, field.on(alias, there), nodes, limit)})"
        return self.marks.required(one) if required else one

    def _one_of(self, field: UnionField, alias: str, nodes: Sequence[FieldNode]) -> str:
        self.lacks_types = not self.typed
        members = " ".join(
            f"when {literal(name)} then {self._member(name, f'{alias}.{field.key}', alias, nodes)}"
            for name in field.union.members
        )
        return f"case {alias}.{field.kind} {members} end"

    def _member(self, name: str, key: str, alias: str, nodes: Sequence[FieldNode]) -> str:
        there = self.statement.alias()
        condition = f"{there}.shard = {alias}.shard and {there}.id = {key}"
        found = f"({self.select_one(self.catalogue.nodes[name], there, condition, nodes)})"
        return self.marks.typed(name, found) if self.typed else found

    def _list(self, field: ToManyField, alias: str, nodes: Sequence[FieldNode]) -> str:
        target, there = self.catalogue.nodes[field.target], self.statement.alias()
        sorts = dict(field.order)
        fixed = {"shard", *(field.columns or ())[1:]}
        if not one_order(target.table, fixed | sorts.keys()):
            sorts.setdefault(target.key, False)
        order = ", ".join(f"{there}.{name}{' desc' if descending else ''}" for name, descending in sorts.items())
        where = " and ".join([field.on(alias, there), *self.present(target, there)])
        rest = f"from {target.table.name} {there} where {where} order by {order} limit {field.limit}"
        return f"({self.object_rows(target, there, rest, nodes).listed})"

    def id_sql(self, node: NodeType, alias: str) -> str:
        """SQL that writes the row's global id."""
        shard = self.view.scope.shard if node.sharded else 0
        header = self.statement.bind(self.ids.header(node.name, shard), "bytea")
        seed = self.statement.bind(self.ids.seed(node.name, shard), "bytea")
        write = uuid_id_sql if node.sharded else text_id_sql
        return write(f"{alias}.{node.key}", header, seed)

    def arguments(self, type_name: str, nodes: Sequence[FieldNode]) -> dict[str, Any]:
        """The coerced arguments of a field, by their names in the schema."""
        return get_argument_values(self._definition(type_name, nodes), nodes[0], self.document.variables)

    def _definition(self, type_name: str, nodes: Sequence[FieldNode]) -> GraphQLField:
        parent = self.document.schema.type_map[type_name]
        if not isinstance(parent, GraphQLObjectType):
            raise TypeError(f"{type_name} is no object type")
        definition: GraphQLField = parent.fields[nodes[0].name.value]
        return definition

    # -- where ---------------------------------------------------------------------------------------------------------

    def in_scope(self, table: Table) -> Restriction:
        """What ties a table's rows to the viewer's scope."""
        return lambda driver: narrowed(table, driver, self.view.scope, self.statement.bind)

    def _below(self, field: ConnectionField, node: NodeType, alias: str) -> Restriction:
        """Tie the driver's rows to the parent row."""

        def tie(driver: str) -> list[str]:
            conditions = [f"{driver}.{there} = {alias}.{here}" for there, here in field.where]
            if field.on is not None:
                conditions.append(field.on(alias, driver))
            if node.sharded:
                conditions.insert(0, f"{driver}.shard = {alias}.shard")
            elif "shard" in field.source.table.columns:
                conditions.insert(0, f"{driver}.shard = {self.statement.bind(self.view.scope.shard, 'integer')}")
            return conditions

        return tie

    def present(self, node: NodeType, alias: str) -> list[str]:
        """A row of a plugin's own type, whose tenant has not enabled the plugin, is not there for now: not listed, not found."""
        condition = self._enabled(self.catalogue.node_owners[node.name], node, alias)
        return [] if condition is None else [condition]

    def _enabled(self, owner: str, node: NodeType, alias: str) -> str | None:
        """A plugin's field on a row whose own tenant has not enabled the plugin is empty (architecture §5)."""
        ranges = self.view.disabled_ranges.get(owner, ()) if owner != CORE else ()
        if not ranges:
            return None

        def outside(code: str) -> str:
            bind = self.statement.bind
            return " and ".join(
                f"not ({code} >= {bind(low, 'bigint')} and {code} < {bind(high, 'bigint')})" for low, high in ranges
            )

        if node.owner_rows is not None:
            return node.owner_rows(alias, outside("r.code"))
        return f"({outside(f'{alias}.code')})" if "code" in node.table.columns else None
