"""Figures by group: dimensions, counts, rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from core.labels import Labelled
from schema.declared.lists import Filter
from schema.declared.values import Expression, Scalar
from schema.describe import Doc


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures can be broken down by: a member of the grouping's enum, and a nullable field of each group.

    `expression` is the value over a row of the grouping's table; with a `target` it is the key of that node, and the field shows
    the node.
    """

    name: str
    doc: Doc
    expression: Expression
    type: Scalar | type[Labelled] = Scalar.STRING
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A figure: an SQL aggregate that counts (never null), over the rows of a group. Shown as an Int.

    `part` says that it counts some of what another counts, and so is zero where that is.
    """

    name: str
    doc: Doc
    aggregate: Expression
    part: bool = False


RATE_TYPE = "RateFigure"
"""The type in which every rate is shown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent, shown with the two counts that it is made of and its definition. Nothing to divide by: null, never 0."""

    name: str
    doc: Doc
    numerator: Expression
    denominator: Expression
    definition: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Figures that can be grouped: the table that they are summed from, its dimensions, figures and filters.

    A group in which every count is zero is left out; without dimensions there is exactly one group.
    """

    name: str
    doc: Doc
    driver: type[Any]
    dimensions: tuple[Dimension, ...]
    figures: tuple[Count | Rate, ...]
    filters: tuple[Filter, ...] = ()

    @property
    def table(self) -> Table:
        """The driver's table."""
        table: Table = self.driver.__table__
        return table


@dataclass(frozen=True, slots=True)
class GroupedRows:
    """What is asked of a grouping, and of whom.

    The alias of its rows, the dimensions chosen, the filters that say something, the keys given, the scope, the parent's alias.
    `bind` makes a placeholder of a value and its SQL type.
    """

    alias: str
    dimensions: frozenset[str]
    filtered: frozenset[str]
    given: Mapping[str, Any]
    scope: Any
    bind: Callable[[Any, str], str]
    parent: str | None


@dataclass(frozen=True, slots=True)
class GroupedField:
    """Figures by group. `rows` says which rows are summed for what is asked; without it, those in the viewer's scope.

    `shown` is a condition on the parent row under which the viewer has figures of it at all; else the field is null.
    `references` are arguments that name a node by its id: the argument, the node type, what it means.
    """

    doc: Doc
    grouping: Grouping
    rows: Callable[[GroupedRows], list[str]] | None = None
    shown: Callable[[GroupedRows], str] | None = None
    references: Mapping[str, tuple[str, Doc]] = field(default_factory=dict)
    permission: str | None = None
