"""Declarations: what a slice or a plugin says of its types, so that the planner can make SQL of them.

A node type is a class of declared fields::

    @node(CaseShell, Doc("案件", "case"))
    class Case:
        number = column(CaseShell.number_text, Doc("案号", "case number"))
        court = to_one("Court", Doc("法院", "court"), via=CaseShell.court_code, key=Court.code)
        hearings = connection(HEARINGS, Doc("庭审", "hearings"), where={Appearance.case_id: CaseShell.id})

and a plugin adds to a core type with `@extends("Case")`. Names are written in snake case and printed in camel case.
Nothing here runs a query: `schema.planner` reads these declarations, `schema.build` makes Strawberry types of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import InstrumentedAttribute

from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc
from schema.subscription import SubscriptionField

Attribute = InstrumentedAttribute[Any] | Column[Any]
Expression = Callable[[str], str]
"""SQL over one row: given the row's alias, the text of an expression. It must be total: no input may make it fail."""


class DeclarationError(Exception):
    """A declaration that cannot be right; raised at start, never at a request."""


class Scalar(Enum):
    """The scalar types of the schema."""

    ID = "ID"
    STRING = "String"
    INT = "Int"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATETIME = "DateTime"
    TIME = "Time"
    DECIMAL = "Decimal"
    JSON = "JSON"


Leaf = Scalar | type[Labelled]
"""The type of a leaf: a scalar, or an enum with labels."""


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


@dataclass(frozen=True, slots=True)
class ConnectionField:
    """A list that can grow, as a connection; `where` ties driver columns to columns of the parent row."""

    doc: Doc
    source: ListSource
    where: tuple[tuple[str, str], ...] = ()
    on: Callable[[str, str], str] | None = None
    permission: str | None = None


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
    """What is asked of a grouping: the alias of its rows, the dimensions chosen, the keys given, the scope, the parent's alias.

    `bind` makes a placeholder of a value and its SQL type.
    """

    alias: str
    dimensions: frozenset[str]
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


PlannedField = ValueField | BatchField | ToOneField | ToManyField | ConnectionField | GroupedField
RootField = ConnectionField | GroupedField | LookupField | ComputedField
AnyField = PlannedField | LookupField | ComputedField


@dataclass(frozen=True, slots=True)
class NodeType:
    """A declared node type. `sharded` nodes are keyed by (shard, uuid), reference nodes by a text code."""

    name: str
    table: Table
    doc: Doc
    fields: Mapping[str, PlannedField]
    key: str = "id"
    sharded: bool = True
    owner_rows: Callable[[str, str], str] | None = None

    @property
    def has_number_key(self) -> bool:
        """Whether reference data of this type has a number for its key (a tenant's code, the number of its version)."""
        return not self.sharded and self.table.c[self.key].type.__class__.__name__ in {"Integer", "BigInteger"}

    def row_key(self, key: Any) -> Any:
        """The key of an id, as the table's column holds it."""
        return int(key) if isinstance(key, str) and self.has_number_key else key


@dataclass(frozen=True, slots=True)
class TypeExtension:
    """Fields that one owner adds to another's type."""

    type_name: str
    fields: Mapping[str, AnyField]


@dataclass(frozen=True, slots=True)
class Contribution:
    """All that one owner (the core's slices, or a plugin) puts into the schema.

    `nodes` are what `@node` makes and `extensions` what `@extends` makes; a type checker still takes them for classes.
    """

    owner: str
    nodes: tuple[Any, ...] = ()
    extensions: tuple[Any, ...] = ()
    queries: Mapping[str, RootField] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    enums: tuple[type[Labelled], ...] = ()
    subscriptions: Mapping[str, SubscriptionField] = field(default_factory=dict)


def column_of(attribute: Attribute) -> Column[Any]:
    """The table column behind a mapped attribute."""
    return attribute if isinstance(attribute, Column) else attribute.property.columns[0]


def _value_type(column: Column[Any], enum: type[Labelled] | None) -> tuple[Scalar | type[Labelled], bool]:
    kind = column.type.__class__.__name__.upper()
    if enum is not None:
        return enum, kind == "ARRAY"
    scalars = {
        "TEXT": Scalar.STRING,
        "STRING": Scalar.STRING,
        "INTEGER": Scalar.INT,
        "BIGINTEGER": Scalar.INT,
        "BOOLEAN": Scalar.BOOLEAN,
        "DATE": Scalar.DATE,
        "DATETIME": Scalar.DATETIME,
        "TIME": Scalar.TIME,
        "NUMERIC": Scalar.DECIMAL,
        "JSONB": Scalar.JSON,
    }
    if kind == "ARRAY":
        return Scalar.STRING, True
    if kind not in scalars:
        raise DeclarationError(f"{column}: a column of type {kind} is shown as a reference (to_one), not as a value")
    return scalars[kind], False


def _column_expression(column: Column[Any], scalar: Scalar | type[Labelled]) -> Expression:
    if scalar is Scalar.DECIMAL:
        return lambda alias: f"{alias}.{column.name}::text"
    if scalar is Scalar.TIME:
        return lambda alias: f"to_char({alias}.{column.name}, 'HH24:MI')"
    return lambda alias: f"{alias}.{column.name}"


def column(
    attribute: Attribute,
    doc: Doc,
    *,
    enum: type[Labelled] | None = None,
    permission: str | None = None,
    mask: Callable[[str], str] | None = None,
) -> Any:
    """A leaf read from a column; its type and nullability follow the column, `mask` wraps it in SQL."""
    source = column_of(attribute)
    scalar, many = _value_type(source, enum)
    plain = _column_expression(source, scalar)
    expression: Expression = (lambda alias: mask(plain(alias))) if mask else plain
    nullable = bool(source.nullable) or permission is not None
    shown = None if mask else source
    return ValueField(doc, expression, scalar, nullable, many, permission, shown)


def expression(
    sql: Expression,
    doc: Doc,
    kind: Scalar | type[Labelled],
    *,
    nullable: bool = True,
    permission: str | None = None,
    cost: int = 1,
) -> Any:
    """A leaf computed in SQL from its row. `cost` is what one value costs, beside 1 for an object read (`schema.cost`)."""
    return ValueField(doc, sql, kind, nullable or permission is not None, False, permission, cost=cost)


def computed_many(
    resolve: Callable[..., Awaitable[Sequence[Any]]],
    doc: Doc,
    kind: Scalar | type[Labelled],
    *,
    requires: Mapping[str, Attribute],
    arguments: Mapping[str, tuple[Leaf, Doc]] | None = None,
    nullable: bool = True,
    many: bool = False,
    permission: str | None = None,
) -> Any:
    """A leaf that Python computes: `await resolve(context, rows, **arguments)` answers a value for each row, in their order.

    Its arguments are optional; one that the query leaves out is not passed.
    `rows` are mappings of the names in `requires` to the values of those columns. It is called once for each place of the
    field in a query, whatever the number of rows, after the one statement has answered; it reads nothing itself. A value may
    be an exception, which fails its own place.
    """
    read = {name: column_of(attribute) for name, attribute in requires.items()}
    allowed = nullable or permission is not None
    return BatchField(doc, kind, read, resolve, dict(arguments or {}), allowed, many, permission)


def to_one(
    target: str,
    doc: Doc,
    *,
    via: Attribute,
    key: Attribute | None = None,
    nullable: bool = True,
    permission: str | None = None,
) -> Any:
    """Another node by a column of this row: within the shard by (shard, id), or a reference node by its `key`.

    With `nullable=False` a row whose target is missing, or hidden from the viewer, is an error of the answer.
    """
    local = column_of(via).name
    remote = column_of(key).name if key is not None else "id"
    shard = "" if key is not None else "{there}.shard = {here}.shard and "

    def on(here: str, there: str) -> str:
        return shard.format(here=here, there=there) + f"{there}.{remote} = {here}.{local}"

    return ToOneField(doc, target, on, nullable or permission is not None, permission, columns=(local, remote))


def to_many(
    target: str,
    doc: Doc,
    *,
    via: Attribute,
    order: Iterable[tuple[Attribute, bool]],
    key: Attribute | None = None,
    limit: int = 100,
    permission: str | None = None,
    assumed: int = 3,
) -> Any:
    """The rows of `target` whose column `via` names this row; `order` pairs columns with "descending".

    `assumed` is how many of them an operation is costed for, since nobody says how many there are.
    """
    remote = column_of(via).name
    local = column_of(key).name if key is not None else "id"
    orders = tuple((column_of(attribute).name, descending) for attribute, descending in order)
    shard = "" if key is not None else "{there}.shard = {here}.shard and "

    def on(here: str, there: str) -> str:
        return shard.format(here=here, there=there) + f"{there}.{remote} = {here}.{local}"

    return ToManyField(doc, target, on, orders, limit, permission, columns=(local, remote), assumed=assumed)


def connection(
    source: ListSource,
    doc: Doc,
    *,
    where: Mapping[Attribute, Attribute] | None = None,
    on: Callable[[str, str], str] | None = None,
    permission: str | None = None,
) -> Any:
    """A connection: at the root the whole list in the viewer's range, in a node those rows that `where` or `on` ties to it."""
    pairs = tuple((column_of(driver).name, column_of(parent).name) for driver, parent in (where or {}).items())
    return ConnectionField(doc, source, pairs, on, permission)


def grouped(
    grouping: Grouping,
    doc: Doc,
    *,
    rows: Callable[[GroupedRows], list[str]] | None = None,
    shown: Callable[[GroupedRows], str] | None = None,
    references: Mapping[str, tuple[str, Doc]] | None = None,
    permission: str | None = None,
) -> Any:
    """Figures by group, at the root or, with `rows` that tie them to the parent, on a node."""
    return GroupedField(doc, grouping, rows, shown, references or {}, permission)


def _fields(cls: type[Any]) -> dict[str, Any]:
    kinds = (
        *(ValueField, BatchField, ToOneField, ToManyField, ConnectionField, GroupedField),
        *(LookupField, ComputedField),
    )
    found = {name: value for name, value in vars(cls).items() if isinstance(value, kinds)}
    if not found:
        raise DeclarationError(f"{cls.__name__} declares no field")
    return found


def node(
    table: type[Any],
    doc: Doc,
    *,
    name: str | None = None,
    key: Attribute | None = None,
    owner_rows: Callable[[str, str], str] | None = None,
) -> Callable[[type[Any]], NodeType]:
    """Declare a node type over a table. `key` names the text key of reference data; without it, (shard, id) is the key.

    `owner_rows(alias, condition_on_code)` says how to reach the tenant codes that a row belongs to, for the fields that plugins
    add; by default the row's own `code`.
    """

    def declare(cls: type[Any]) -> NodeType:
        sql_table: Table = table.__table__
        fields = _fields(cls)
        local = column_of(key).name if key is not None else "id"
        return NodeType(name or cls.__name__, sql_table, doc, fields, local, key is None, owner_rows)

    return declare


def extends(type_name: str) -> Callable[[type[Any]], TypeExtension]:
    """Declare fields that are added to another owner's type."""
    return lambda cls: TypeExtension(type_name, _fields(cls))
