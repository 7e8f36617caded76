"""The statement under construction: bound values, fresh aliases, JSON objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schema.planner.selection import literal

MAX_NAME = 63
"""Bytes of a column's name, and so of a key that a row can give an object."""
MAX_COLUMNS = 1_600
MAX_PAIRS = 49
"""A function call takes at most 100 arguments in PostgreSQL: objects with more fields are joined from pieces."""


class Statement:
    """Collects what one SQL statement binds. Equal values with equal types are bound once."""

    def __init__(self) -> None:
        self.arguments: list[Any] = []
        self._bound: dict[tuple[str, Any], str] = {}
        self._aliases = 0

    def bind(self, value: Any, type_name: str) -> str:
        """A placeholder with its type: `$3::date`."""
        key = (type_name, tuple(value) if isinstance(value, list) else value)
        known = self._bound.get(key)
        if known is None:
            self.arguments.append(value)
            known = self._bound[key] = f"${len(self.arguments)}::{type_name}"
        return known

    def alias(self) -> str:
        """A table alias not used before in this statement."""
        self._aliases += 1
        return f"t{self._aliases}"


class ObjectRows:
    """Rows of a query as JSON objects.

    Where there are `many`, each is written from a row whose columns have the object's keys: PostgreSQL writes it a third faster than by
    `json_build_object`, and closer together. For a few objects it is the other way round, since a type of row is made first; and a
    key may be too long for the name of a column.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], rest: str, alias: str, *, many: bool) -> None:
        """`rest` is the query from its FROM on, which the value expressions of `pairs` are asked of."""
        self._alias = alias
        self._rest = rest
        self._pairs = pairs
        self._by_row = many and 0 < len(pairs) <= MAX_COLUMNS and all(len(key) <= MAX_NAME for key, _ in pairs)

    @property
    def each(self) -> str:
        """A query of the objects."""
        if not self._by_row:
            return f"select {json_object(self._pairs)} {self._rest}"
        # With `.*` it is the row, also where a column is called like the alias.
        return f"select row_to_json({self._alias}.*) from ({self._rows}) {self._alias}"

    @property
    def listed(self) -> str:
        """A query of the JSON array of the objects, in their order: an aggregate takes the rows of a sorted subquery as they come."""
        item = f"{self._alias}.{'*' if self._by_row else 'item'}"
        rows = self._rows if self._by_row else f"select {json_object(self._pairs)} as item {self._rest}"
        return f"select coalesce(json_agg({item}), '[]'::json) from ({rows}) {self._alias}"

    @property
    def _rows(self) -> str:
        columns = ", ".join(f'{value} as "{key}"' for key, value in self._pairs)
        return f"select {columns} {self._rest}"


def json_object(pairs: Sequence[tuple[str, str]]) -> str:
    """An SQL expression of a JSON object with these keys and value expressions, however many there are."""
    pieces = [pairs[start : start + MAX_PAIRS] for start in range(0, len(pairs), MAX_PAIRS)] or [pairs]
    built = [f"json_build_object({', '.join(f'{literal(key)}, {value}' for key, value in piece)})" for piece in pieces]
    if len(built) == 1:
        return built[0]
    inner = " || ',' || ".join(f"substr(left({text}::text, -1), 2)" for text in built)
    return f"('{{' || {inner} || '}}')::json"
