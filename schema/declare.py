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
from typing import Any

from sqlalchemy import Column, Table

from core.labels import Labelled
from schema.declared.fields import (
    BatchField,
    ComputedField,
    ConnectionField,
    LookupField,
    ToManyField,
    ToOneField,
    Union,
    UnionField,
    ValueField,
)
from schema.declared.figures import GroupedField, GroupedRows, Grouping
from schema.declared.lists import ListSource
from schema.declared.types import NodeType, TypeExtension
from schema.declared.values import Attribute, DeclarationError, Expression, Leaf, Scalar, column_of
from schema.describe import Doc


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


def to_one_of(union: Union, doc: Doc, *, kind: Attribute, key: Attribute, permission: str | None = None) -> Any:
    """A node of one of several types: `kind` is the column with the type's name, `key` the one with the id, within the shard."""
    return UnionField(doc, union, column_of(kind).name, column_of(key).name, permission)


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
    rows: Callable[[str, frozenset[str]], Sequence[str]] | None = None,
) -> Any:
    """A connection: at the root the whole list in the viewer's range, in a node those rows that `where` or `on` ties to it.

    `rows(alias, permissions)` narrows a list at the root to the part that the field is about.
    """
    pairs = tuple((column_of(driver).name, column_of(parent).name) for driver, parent in (where or {}).items())
    return ConnectionField(doc, source, pairs, on, permission, rows)


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
        *(ValueField, BatchField, ToOneField, UnionField, ToManyField, ConnectionField, GroupedField),
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
