"""Figures by group as SQL: rows of a summary (or any) table, grouped by the chosen dimensions, each group a JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphql import FieldNode

from core.errors import BadUserInput
from schema.declared.figures import RATE_TYPE, Count, Dimension, GroupedField, GroupedRows, Rate
from schema.names import camel
from schema.planner.filtering import filter_conditions, filtered_names
from schema.planner.selection import literal, plain
from schema.planner.statement import json_object

if TYPE_CHECKING:
    from schema.planner.compiler import Compiler

MAX_GROUPS = 1_000
"""Groups that one field may answer."""


def too_many_groups() -> BadUserInput:
    """Why a field has no value whose dimensions make more groups than `MAX_GROUPS`."""
    return BadUserInput(
        f"there are more than {MAX_GROUPS} groups; take fewer dimensions, or filter",
        f"分组超过 {MAX_GROUPS} 个，请减少分组维度或增加筛选条件",
        field="by",
        limit=MAX_GROUPS,
    )


def grouped_sql(
    compiler: Compiler,
    field: GroupedField,
    arguments: Mapping[str, Any],
    nodes: Sequence[FieldNode],
    parent: str | None = None,
) -> str:
    """The JSON array of the groups, as one SQL expression; the mark of an error where there are more than `MAX_GROUPS`."""
    return _Groups(compiler, field, arguments, parent).sql(nodes)


class _Groups:
    def __init__(
        self, compiler: Compiler, field: GroupedField, arguments: Mapping[str, Any], parent: str | None
    ) -> None:
        self.compiler = compiler
        self.field = field
        self.grouping = field.grouping
        self.row = compiler.statement.alias()
        self.group = compiler.statement.alias()
        known = {one.name.upper(): one for one in self.grouping.dimensions}
        wanted = dict.fromkeys(str(plain(one)) for one in arguments.get("by") or ())
        self.chosen = [known[name] for name in wanted]
        chosen = frozenset(one.name for one in self.chosen)
        scope, bind = compiler.view.scope, compiler.statement.bind
        self.shown: set[str] = set()
        filters = arguments.get("filter")
        filtered = filtered_names(self.grouping, filters)
        self.asked = GroupedRows(self.row, chosen, filtered, self._given(arguments), scope, bind, parent)
        self.where = self._conditions(filters)

    def sql(self, nodes: Sequence[FieldNode]) -> str:
        name = f"{self.grouping.name}Group"
        selected = self.compiler.document.below(name, nodes)
        self.shown = {fields[0].name.value for fields in selected.values()}
        item = json_object([(key, self._value(name, fields)) for key, fields in selected.items()])
        order = ", ".join(f"{self.group}.{_key(one)}" for one in self.chosen)
        listed = f"json_agg({item}{f' order by {order}' if order else ''})"
        refused = self.compiler.marks.refuse(too_many_groups(), lasting=True)
        groups = (
            f"(select case when count(*) <= {MAX_GROUPS} then coalesce({listed}, '[]'::json) else {refused} end"
            f" from ({self._summed()}) {self.group})"
        )
        shown = self.field.shown
        return groups if shown is None else f"case when {shown(self.asked)} then {groups} end"

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _given(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        named = {name: (target, arguments.get(camel(name))) for name, (target, _) in self.field.references.items()}
        return {name: self._referred(text, target, camel(name)) for name, (target, text) in named.items() if text}

    def _conditions(self, filters: Mapping[str, Any] | None) -> list[str]:
        compiler, rows = self.compiler, self.field.rows
        chosen = compiler.in_scope(self.grouping.table)(self.row) if rows is None else rows(self.asked)
        filtered = filter_conditions(
            self.grouping, filters, compiler.statement, compiler.ids, compiler.view.scope.shard
        )
        return [*chosen, *(each(self.row) for each in filtered)]

    def _referred(self, text: str, target: str, argument: str) -> Any:
        """The key of a node; one of another shard is a key that no row has."""
        found = self.compiler.ids.decode_as(text, target, argument)
        node = self.compiler.catalogue.nodes[target]
        if node.sharded:
            return found.key if found.shard == self.compiler.view.scope.shard else None
        key_type = node.table.c[node.key].type.__class__.__name__.upper()
        return int(str(found.key)) if key_type in {"INTEGER", "BIGINTEGER"} else found.key

    def _summed(self) -> str:
        counts = [one for one in self.grouping.figures if isinstance(one, Count) and not one.part]
        columns = [f"{one.expression(self.row)} as {_key(one)}" for one in self.chosen]
        for one in (figure for figure in self.grouping.figures if camel(figure.name) in self.shown):
            columns += [f"{sql} as {name}" for name, sql in _columns(one, self.row)]
        sql = f"select {', '.join(columns) or 'count(*)'} from {self.grouping.table.name} {self.row}"
        if self.where:
            sql += f" where {' and '.join(self.where)}"
        if not self.chosen:
            return sql
        sql += f" group by {', '.join(str(place + 1) for place in range(len(self.chosen)))}"
        if counts:
            sql += f" having {' or '.join(f'{one.aggregate(self.row)} <> 0' for one in counts)}"
        return f"{sql} limit {MAX_GROUPS + 1}"

    # -- what a group shows --------------------------------------------------------------------------------------------

    def _value(self, type_name: str, nodes: Sequence[FieldNode]) -> str:
        name = nodes[0].name.value
        for dimension in self.grouping.dimensions:
            if camel(dimension.name) == name:
                return self._dimension(dimension, nodes) if dimension in self.chosen else "null::json"
        for figure in self.grouping.figures:
            if camel(figure.name) == name:
                return self._rate(figure, nodes) if isinstance(figure, Rate) else f"{self.group}.{_key(figure)}"
        return f"{literal(type_name)}::text"

    def _dimension(self, dimension: Dimension, nodes: Sequence[FieldNode]) -> str:
        key = f"{self.group}.{_key(dimension)}"
        if dimension.target is None:
            return key
        node, there = self.compiler.catalogue.nodes[dimension.target], self.compiler.statement.alias()
        condition = f"{there}.{node.key} = {key}"
        if node.sharded:
            shard = self.compiler.statement.bind(self.compiler.view.scope.shard, "integer")
            condition = f"{there}.shard = {shard} and {condition}"
        return f"({self.compiler.select_one(node, there, condition, nodes, ' limit 1')})"

    def _rate(self, rate: Rate, nodes: Sequence[FieldNode]) -> str:
        numerator, denominator = (f"{self.group}.{name}" for name, _ in _columns(rate, self.row))
        values = {
            "percent": f"round(100.0 * {numerator} / nullif({denominator}, 0), 2)::text",
            "numerator": numerator,
            "denominator": denominator,
            "definition": f"{literal(rate.definition)}::text",
            "__typename": f"{literal(RATE_TYPE)}::text",
        }
        selected = self.compiler.document.below(RATE_TYPE, nodes)
        return json_object([(key, values[fields[0].name.value]) for key, fields in selected.items()])


def _key(named: Dimension | Count | Rate) -> str:
    prefix = "by" if isinstance(named, Dimension) else "of"
    return f"{prefix}_{named.name}"


def _columns(figure: Count | Rate, row: str) -> list[tuple[str, str]]:
    if isinstance(figure, Count):
        return [(_key(figure), figure.aggregate(row))]
    return [
        (f"{_key(figure)}_numerator", figure.numerator(row)),
        (f"{_key(figure)}_denominator", figure.denominator(row)),
    ]
