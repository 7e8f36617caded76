"""Filters, orders, pages and counts, slowly: over all rows, in Python."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cmp_to_key
from typing import Any
from uuid import UUID

from core.errors import BadUserInput
from schema.declared.lists import ListSource, Order
from schema.declared.values import column_of
from schema.ids import IdCodec
from schema.names import camel
from tests.schema.oracle.rows import Row

PARSE: dict[str, Callable[[str], Any]] = {
    "Date": date.fromisoformat,
    "DateTime": datetime.fromisoformat,
    "Uuid": UUID,
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda have, want: have == want,
    "gt": lambda have, want: have > want,
    "gte": lambda have, want: have >= want,
    "lt": lambda have, want: have < want,
    "lte": lambda have, want: have <= want,
    "in": lambda have, want: have in want,
    "notIn": lambda have, want: have not in want,
}


@dataclass(frozen=True)
class Names:
    """How ids are read, and the shard that the viewer's ids are of."""

    ids: IdCodec
    shard: int


@dataclass
class Listed:
    """A page: its rows, and what lies around them."""

    source: ListSource
    order: Order
    rows: list[Row]
    total: int
    more_before: bool
    more_after: bool


def page(source: ListSource, rows: list[Row], names: Names, arguments: dict[str, Any]) -> Listed:
    """The page of a list that these arguments ask for."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise BadUserInput("both", "both")
    if any(size is not None and not 0 <= size <= 100 for size in (first, last)):
        raise BadUserInput("size", "size")
    name = arguments.get("orderBy") or source.orders[0].name
    order = next(order for order in source.orders if order.name == name)
    wanted = _wanted_of(source, arguments.get("filter"), names)
    after, before = (_position(source, order, arguments.get(side)) for side in ("after", "before"))
    kept = _once(source, [row for row in rows if all(_passes(row[column], *rest) for column, *rest in wanted)])
    compare = _comparison(source, order)
    ordered = sorted(
        kept, key=cmp_to_key(lambda one, other: compare(_key(source, order, one), _key(source, order, other)))
    )
    inside = [
        row
        for row in ordered
        if (after is None or compare(_key(source, order, row), after) > 0)
        and (before is None or compare(_key(source, order, row), before) < 0)
    ]
    size = last if last is not None else source.page if first is None else first
    if last is not None:
        shown = inside[max(0, len(inside) - size) :]
        return Listed(source, order, shown, len(kept), len(inside) > size, before is not None)
    return Listed(source, order, inside[:size], len(kept), after is not None, len(inside) > size)


def _key(source: ListSource, order: Order, row: Row) -> tuple[Any, Any]:
    return row[column_of(order.attribute).name], row[source.tie.name]


def _comparison(source: ListSource, order: Order) -> Callable[[tuple[Any, Any], tuple[Any, Any]], int]:
    """Nulls last in either direction; ties by the row's own key, in the order's direction."""
    sign = -1 if order.descending else 1

    def compare(one: tuple[Any, Any], other: tuple[Any, Any]) -> int:
        if (one[0] is None) != (other[0] is None):
            return 1 if one[0] is None else -1
        for here, there in zip(one, other, strict=True):
            if here is not None and here != there:
                return sign if here > there else -sign
        return 0

    return compare


def _once(source: ListSource, rows: list[Row]) -> list[Row]:
    """A node with several rows is listed at its first."""
    if source.once is None or source.key is None:
        return rows
    key, ordinal = column_of(source.key).name, column_of(source.once).name
    first: dict[Any, Row] = {}
    for row in rows:
        known = first.get(row[key])
        if known is None or row[ordinal] < known[ordinal]:
            first[row[key]] = row
    return list(first.values())


def _wanted_of(source: ListSource, given: dict[str, Any] | None, names: Names) -> list[tuple[str, str, Any]]:
    """The conditions of a filter: column, operator, value; read, and refused, before any row is looked at."""
    return [
        (column_of(declared.attribute).name, operator, _wanted(declared, operator, want, names))
        for declared in source.filters
        for operator, want in ((given or {}).get(camel(declared.name)) or {}).items()
        if want is not None
    ]


def _passes(have: Any, operator: str, want: Any) -> bool:
    if operator == "isNull":
        return (have is None) == want
    if operator == "notIn" and want == []:
        return True  # excludes nothing, not even what is null
    return have is not None and want is not None and COMPARE[operator](have, want)


def _wanted(declared: Any, operator: str, want: Any, names: Names) -> Any:
    if operator == "isNull":
        return want
    if isinstance(want, list):
        return [one for one in (_wanted(declared, operator, item, names) for item in want) if one is not None]
    kind = type(column_of(declared.attribute).type).__name__
    if declared.ref is not None:
        found = names.ids.decode_as(want, declared.ref, "filter")
        if isinstance(found.key, str):
            return int(found.key) if kind in {"BigInteger", "Integer"} else found.key
        return found.key if found.shard == names.shard else None
    return PARSE[kind](want) if kind in PARSE else want


def _position(source: ListSource, order: Order, text: str | None) -> tuple[Any, Any] | None:
    if text is None:
        return None
    try:
        name, value, tie = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise BadUserInput("cursor", "cursor") from None
    if name != order.name:
        raise BadUserInput("cursor", "cursor")
    return _typed(column_of(order.attribute), value), _typed(source.tie, tie)


def _typed(column: Any, value: Any) -> Any:
    parse = PARSE.get(type(column.type).__name__)
    return value if value is None or parse is None else parse(value)
