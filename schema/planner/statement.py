"""The statement under construction: bound values, fresh aliases, JSON objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schema.planner.selection import literal

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


def json_object(pairs: Sequence[tuple[str, str]]) -> str:
    """An SQL expression of a JSON object with these keys and value expressions, however many there are."""
    pieces = [pairs[start : start + MAX_PAIRS] for start in range(0, len(pairs), MAX_PAIRS)] or [pairs]
    built = [f"json_build_object({', '.join(f'{literal(key)}, {value}' for key, value in piece)})" for piece in pieces]
    if len(built) == 1:
        return built[0]
    inner = " || ',' || ".join(f"substr(left({text}::text, -1), 2)" for text in built)
    return f"('{{' || {inner} || '}}')::json"
