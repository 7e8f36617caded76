"""Connections as SQL: a page of driver rows by an index, the listed nodes as JSON, page info from the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql import FieldNode

from schema.declared.lists import ListSource
from schema.declared.values import column_of
from schema.planner.filtering import filter_conditions
from schema.planner.paging import Page, cursor_sql, order_sql, page_of, position_conditions
from schema.planner.selection import literal
from schema.planner.statement import json_object

if TYPE_CHECKING:
    from schema.planner.compiler import Compiler

Restriction = Callable[[str], list[str]]
"""Given the alias of a driver row, the conditions that tie it to the scope or to its parent."""


def connection_sql(
    compiler: Compiler,
    source: ListSource,
    arguments: Mapping[str, Any],
    nodes: Sequence[FieldNode],
    restriction: Restriction,
) -> str:
    """The JSON object of a connection, as one SQL expression."""
    return _Connection(compiler, source, arguments, restriction).sql(nodes)


class _Connection:
    def __init__(
        self, compiler: Compiler, source: ListSource, arguments: Mapping[str, Any], restriction: Restriction
    ) -> None:
        self.compiler = compiler
        self.source = source
        self.statement = compiler.statement
        self.page: Page = page_of(source, arguments)
        filters = filter_conditions(
            source, arguments.get("filter"), self.statement, compiler.ids, compiler.view.scope.shard
        )
        node = compiler.catalogue.nodes[source.target]
        listed = replace(node, table=source.table, owner_rows=node.owner_rows if source.key is None else None)
        self.rows_of: Restriction = lambda driver: [
            *restriction(driver),
            *(each(driver) for each in filters),
            *compiler.present(listed, driver),
        ]
        self.columns: list[tuple[str, str]] = []
        self.row = self.statement.alias()
        self.outer = self.statement.alias()
        self.numbered = True
        self.alone = False
        """Whether the nodes are all that is shown of the rows."""

    def sql(self, nodes: Sequence[FieldNode]) -> str:
        name = f"{self.source.name}Connection"
        selected = self.compiler.document.below(name, nodes)
        # Rows that are only shown need no numbers, and no row beyond the page: a quarter of the time of a case with everything.
        names = [fields[0].name.value for fields in selected.values()]
        self.numbered = self.page.backward or "pageInfo" in names
        self.alone = not self.numbered and [one for one in names if one in {"nodes", "edges"}] == ["nodes"]
        pairs = [(key, self._field(name, fields)) for key, fields in selected.items()]
        body = json_object(pairs)
        if not self.columns:
            return body
        rows = self._numbered_rows() if self.numbered else self._shown_rows()
        return f"(select {body} from ({rows}) {self.outer})"

    def _field(self, type_name: str, nodes: Sequence[FieldNode]) -> str:
        name = nodes[0].name.value
        if name == "nodes" and self.alone and self.source.key is None:
            return self._listed(nodes)
        if name == "nodes":
            return self._aggregate(self._node(nodes))
        if name == "edges":
            return self._aggregate(self._edge(nodes))
        if name == "pageInfo":
            return self._page_info(nodes)
        if name == "totalCount":
            return self._count()
        return f"{literal(type_name)}::text"

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _where(self, driver: str, more: Sequence[str] = ()) -> str:
        conditions = [*self.rows_of(driver), *more, *self._first_of_node(driver)]
        return " where " + " and ".join(conditions) if conditions else ""

    def _first_of_node(self, driver: str) -> list[str]:
        """A node with several driver rows is listed at the first of them that the same conditions leave."""
        if self.source.once is None or self.source.key is None:
            return []
        other = self.statement.alias()
        ordinal, key = column_of(self.source.once).name, column_of(self.source.key).name
        same = [
            f"{other}.shard = {driver}.shard",
            f"{other}.{key} = {driver}.{key}",
            f"{other}.{ordinal} < {driver}.{ordinal}",
            *self.rows_of(other),
        ]
        exists = f"exists (select 1 from {self.source.table.name} {other} where {' and '.join(same)})"
        return [f"({driver}.{ordinal} = 0 or not {exists})"]

    def _numbered_rows(self) -> str:
        driver = self.statement.alias()
        order = order_sql(self.page, driver)
        more = position_conditions(self.page, driver, self.statement)
        page = (
            f"select {driver}.*, row_number() over (order by {order}) as place from {self.source.table.name} {driver}"
            f"{self._where(driver, more)} order by {order} limit {self.page.size + 1}"
        )
        columns = ", ".join(f"{expression} as {name}" for name, expression in self.columns)
        return f"select {self.row}.place, {columns} from ({page}) {self.row}"

    def _shown_rows(self) -> str:
        columns = ", ".join(f"{expression} as {name}" for name, expression in self.columns)
        return f"select {columns} {self._page_of_rows()}"

    def _page_of_rows(self) -> str:
        more = position_conditions(self.page, self.row, self.statement)
        return (
            f"from {self.source.table.name} {self.row}{self._where(self.row, more)}"
            f" order by {order_sql(self.page, self.row)} limit {self.page.size}"
        )

    def _listed(self, nodes: Sequence[FieldNode]) -> str:
        node = self.compiler.catalogue.nodes[self.source.target]
        return f"({self.compiler.object_rows(node, self.row, self._page_of_rows(), nodes).listed})"

    def _column(self, expression: str) -> str:
        for name, known in self.columns:
            if known == expression:
                return f"{self.outer}.{name}"
        name = f"c{len(self.columns) + 1}"
        self.columns.append((name, expression))
        return f"{self.outer}.{name}"

    def _aggregate(self, item: str) -> str:
        if not self.numbered:
            return f"coalesce(json_agg({self._column(item)}), '[]'::json)"
        inside = f"case when {self.row}.place <= {self.page.size} then {item} end"
        # The rows come numbered in the page's order, and an aggregate takes them so; only a page from the end is turned round.
        turned = f" order by {self.outer}.place desc" if self.page.backward else ""
        items = f"json_agg({self._column(inside)}{turned})"
        return f"coalesce({items} filter (where {self.outer}.place <= {self.page.size}), '[]'::json)"

    # -- what a row shows ----------------------------------------------------------------------------------------------

    def _node(self, nodes: Sequence[FieldNode]) -> str:
        node = self.compiler.catalogue.nodes[self.source.target]
        if self.source.key is None:
            return self.compiler.object(node, self.row, nodes)
        there = self.statement.alias()
        key = column_of(self.source.key).name
        tie = f"{there}.shard = {self.row}.shard and {there}.id = {self.row}.{key}"
        found = self.compiler.object_rows(node, there, f"from {node.table.name} {there} where {tie}", nodes)
        return self.compiler.marks.required(f"({found.each})")

    def _edge(self, nodes: Sequence[FieldNode]) -> str:
        name = f"{self.source.name}Edge"
        pairs = []
        for key, fields in self.compiler.document.below(name, nodes).items():
            match fields[0].name.value:
                case "node":
                    pairs.append((key, self._node(fields)))
                case "cursor":
                    pairs.append((key, cursor_sql(self.page, self.row)))
                case _:
                    pairs.append((key, f"{literal(name)}::text"))
        return json_object(pairs)

    def _page_info(self, nodes: Sequence[FieldNode]) -> str:
        pairs = []
        for key, fields in self.compiler.document.below("PageInfo", nodes).items():
            match fields[0].name.value:
                case "__typename":
                    pairs.append((key, "'PageInfo'::text"))
                case "hasNextPage" | "hasPreviousPage" as name:
                    ahead = (name == "hasNextPage") != self.page.backward
                    pairs.append((key, self._more() if ahead else "true" if self.page.opens_after else "false"))
                case name:
                    pairs.append((key, self._edge_cursor(name)))
        return json_object(pairs)

    def _more(self) -> str:
        """Whether rows lie beyond the page; rows are read only where this, or what they show, is asked."""
        return f"coalesce(max({self._column(f'{self.row}.place')}) > {self.page.size}, false)"

    def _edge_cursor(self, name: str) -> str:
        cursor = self._column(cursor_sql(self.page, self.row))
        at_first_row = (name == "startCursor") != self.page.backward
        last = self._column(f"least({self.page.size}, count(*) over ())")
        wanted = "1" if at_first_row else last
        return f"max({cursor}) filter (where {self.outer}.place = {wanted} and {self.outer}.place <= {self.page.size})"

    def _count(self) -> str:
        driver = self.statement.alias()
        return f"(select count(*) from {self.source.table.name} {driver}{self._where(driver)})"
