"""Lists: what drives them, their orders and filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from core.labels import Labelled
from schema.declared.values import Attribute
from schema.describe import Doc


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort a list: a member of the list's order enum. `id` breaks ties, in the same direction."""

    name: str
    attribute: Attribute
    descending: bool
    doc: Doc


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of a list's filter input. `kind` follows the column; `ref` makes it an id of that node type."""

    name: str
    attribute: Attribute
    doc: Doc
    enum: type[Labelled] | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class ListSource:
    """A list: the node type that it lists, the table that drives it, its orders and filters.

    `driver` is the response-level table that lists are driven from (architecture §9); its rows name the listed node by `key`.
    Where one node has several driver rows (a case with two respondents), `once` is the driver column that numbers them: the
    node is listed at its first row within the viewer's range.
    """

    name: str
    target: str
    driver: type[Any]
    orders: tuple[Order, ...]
    filters: tuple[Filter, ...] = ()
    key: Attribute | None = None
    once: Attribute | None = None
    page: int = 20

    @property
    def table(self) -> Table:
        """The driver's table."""
        table: Table = self.driver.__table__
        return table

    @property
    def tie(self) -> Column[Any]:
        """The column that breaks ties: the row's id, or the code of reference data."""
        columns = self.table.columns
        return columns["id"] if "id" in columns else next(iter(self.table.primary_key.columns))
