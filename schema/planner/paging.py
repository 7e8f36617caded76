"""Keyset paging: page arguments, cursors, and the conditions and orders that they mean. There is no OFFSET anywhere."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column

from core.errors import BadUserInput
from schema.declared.lists import ListSource, Order
from schema.declared.values import column_of
from schema.planner.selection import literal
from schema.planner.statement import Statement

MAX_PAGE = 100
SQL_TYPES = {
    "TEXT": "text",
    "STRING": "text",
    "INTEGER": "integer",
    "BIGINTEGER": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DATETIME": "timestamptz",
    "NUMERIC": "numeric",
    "UUID": "uuid",
}


def sql_type(column: Any) -> str:
    """The PostgreSQL type that a column's values are bound as."""
    return SQL_TYPES[column.type.__class__.__name__.upper()]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a cursor stands: the sort value and the tie-breaker of a driver row."""

    value: Any
    tie: Any


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was asked for: `size` rows, forward from `after` or backward from `before`."""

    order: Order
    tie: Column[Any]
    size: int
    backward: bool
    after: Position | None
    before: Position | None

    @property
    def opens_after(self) -> bool:
        """Whether rows lie on the side from which the page was opened."""
        return (self.before if self.backward else self.after) is not None


def _bad(field: str, message: str, message_zh: str) -> BadUserInput:
    return BadUserInput(f"{field} {message}", f"{field} {message_zh}", field=field)


def page_of(source: ListSource, arguments: Mapping[str, Any]) -> Page:
    """Read and check the page arguments; `BadUserInput` names the argument that is wrong."""
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    if first is not None and last is not None:
        raise _bad("last", "cannot be given with first", "不能与 first 同时使用")
    for name, asked_size in (("first", first), ("last", last)):
        if asked_size is not None and not 0 <= asked_size <= MAX_PAGE:
            raise _bad(name, f"must be from 0 to {MAX_PAGE}", f"应在 0 到 {MAX_PAGE} 之间")
    asked = arguments.get("orderBy")
    order = source.orders[0]
    if asked is not None:
        wanted = getattr(asked, "value", asked)
        order = next(order for order in source.orders if order.name == wanted)
    backward = last is not None
    size: int = next((given for given in (last, first) if given is not None), source.page)
    tie = source.tie
    return Page(
        order, tie, size, backward, _position(order, tie, after, "after"), _position(order, tie, before, "before")
    )


def _position(order: Order, tie: Column[Any], cursor: str | None, field: str) -> Position | None:
    if cursor is None:
        return None
    malformed = _bad(field, "is not a cursor of this list and order", "不是此列表（及排序）的游标")
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, value, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != order.name or key is None:
            raise malformed
        return Position(_typed(column_of(order.attribute), value), _typed(tie, key))
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise malformed from None


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    kind = sql_type(column)
    if kind == "uuid":
        return UUID(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "timestamptz":
        return datetime.fromisoformat(value)
    expected = int if kind in {"integer", "bigint"} else str
    if type(value) is not expected or (isinstance(value, str) and "\x00" in value):
        raise ValueError(value)
    if isinstance(value, int) and not -(2**31) <= value < 2**31:
        raise ValueError(value)
    return value


def cursor_sql(page: Page, driver: str) -> str:
    """SQL that writes the cursor of a driver row: URL-safe base64 of [order, value, tie-breaker]."""
    value = f"{driver}.{column_of(page.order.attribute).name}"
    array = f"json_build_array({literal(page.order.name)}, {value}, {driver}.{page.tie.name})::text"
    return f"translate(encode(convert_to({array}, 'UTF8'), 'base64'), E'+/\\n=', '-_')"


def order_sql(page: Page, driver: str) -> str:
    """The ORDER BY of the page's query; a nullable column sorts its nulls last, whatever the direction."""
    column = column_of(page.order.attribute)
    name = f"{driver}.{column.name}"
    descending = page.order.descending != page.backward
    direction = "desc" if descending else "asc"
    nulls = f"({name} is null) {'desc' if page.backward else 'asc'}, " if column.nullable else ""
    tie = "" if page.tie.name == column.name else f", {driver}.{page.tie.name} {direction}"
    return f"{nulls}{name} {direction}{tie}"


def position_conditions(page: Page, driver: str, statement: Statement) -> list[str]:
    """The conditions that `after` and `before` mean."""
    conditions = []
    if page.after is not None:
        conditions.append(_beyond(page, page.after, driver, statement, forward=True))
    if page.before is not None:
        conditions.append(_beyond(page, page.before, driver, statement, forward=False))
    return conditions


def _beyond(page: Page, position: Position, driver: str, statement: Statement, *, forward: bool) -> str:
    column = column_of(page.order.attribute)
    name, key = f"{driver}.{column.name}", f"{driver}.{page.tie.name}"
    sign = "<" if page.order.descending == forward else ">"
    bound_id = statement.bind(position.tie, sql_type(page.tie))
    if position.value is None:
        side = f"{name} is null and {key} {sign} {bound_id}"
        return f"({side})" if forward else f"({name} is not null or ({side}))"
    value = statement.bind(position.value, sql_type(column))
    if not column.nullable:
        return f"({name}, {key}) {sign} ({value}, {bound_id})"
    inside = f"{name} {sign} {value} or ({name} = {value} and {key} {sign} {bound_id})"
    return f"({name} is null or {inside})" if forward else f"({inside})"
