"""Fields: leaves, references, lists, figures, and what stands at the root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column

from core.labels import Labelled
from schema.declared.figures import GroupedField
from schema.declared.lists import ListSource
from schema.declared.values import Expression, Leaf, Scalar
from schema.describe import Doc


@dataclass(frozen=True, slots=True)
class ValueField:
    """A leaf: a column, or an SQL expression over its row. `column` is set where the column itself is shown, unmasked."""

    doc: Doc
    expression: Expression
    type: Scalar | type[Labelled]
    nullable: bool
    many: bool = False
    permission: str | None = None
    column: Column[Any] | None = None
    cost: int = 0


@dataclass(frozen=True, slots=True)
class BatchField:
    """A leaf that Python computes of columns of its row, for all rows of an answer in one call.

    `requires` names the columns that it is computed of.
    """

    doc: Doc
    type: Scalar | type[Labelled]
    requires: Mapping[str, Column[Any]]
    resolve: Callable[..., Awaitable[Sequence[Any]]]
    arguments: Mapping[str, tuple[Leaf, Doc]]
    nullable: bool
    many: bool = False
    permission: str | None = None
    cost: int = 1


@dataclass(frozen=True, slots=True)
class ToOneField:
    """Another node by a key of this row. Null where there is none, or where the viewer may not see it.

    `columns` are the column of this row and that of the target.
    """

    doc: Doc
    target: str
    on: Callable[[str, str], str]
    nullable: bool = True
    permission: str | None = None
    columns: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """Node types of which a field leads to one, or another. All are of the shard of the row that leads to them."""

    name: str
    doc: Doc
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnionField:
    """Another node, of the type that this row says. Null where there is none, or where the viewer may not see it.

    `kind` is the column of this row that has the type's name, `key` the one with the node's id.
    """

    doc: Doc
    union: Union
    kind: str
    key: str
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class ToManyField:
    """A list that cannot grow large (the responses of a case): at most `limit` rows, in one order, `assumed` when costed."""

    doc: Doc
    target: str
    on: Callable[[str, str], str]
    order: tuple[tuple[str, bool], ...]
    limit: int = 100
    permission: str | None = None
    columns: tuple[str, str] | None = None
    assumed: int = 3


@dataclass(frozen=True, slots=True)
class ConnectionField:
    """A list that can grow, as a connection; `where` ties driver columns to columns of the parent row.

    At the root, `rows` adds the conditions on driver rows, under an alias, that make it this list and no other: what waits for
    the viewer, by the permissions they hold.
    """

    doc: Doc
    source: ListSource
    where: tuple[tuple[str, str], ...] = ()
    on: Callable[[str, str], str] | None = None
    permission: str | None = None
    rows: Callable[[str, frozenset[str]], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class LookupField:
    """A root field that finds one node by a natural key. `match` binds its arguments: alias and binder to a condition."""

    doc: Doc
    target: str
    arguments: Mapping[str, tuple[Any, Doc]]
    match: Callable[[str, Mapping[str, Any], Callable[[Any, str], str], Any], str]
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class ComputedField:
    """A root field that Python answers (viewer, labels): `resolve(context, arguments)` gives plain data or a dataclass."""

    doc: Doc
    type: Any
    resolve: Callable[..., Any]
    arguments: Mapping[str, tuple[Any, Doc]] = field(default_factory=dict)
    permission: str | None = None
    cost: int = 1


PlannedField = ValueField | BatchField | ToOneField | UnionField | ToManyField | ConnectionField | GroupedField
RootField = ConnectionField | GroupedField | LookupField | ComputedField
AnyField = PlannedField | LookupField | ComputedField
