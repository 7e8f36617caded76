"""From declarations to Strawberry types. Built once for everything that is installed; each composed schema picks from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Annotated, Any, Optional

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from core.labels import Labelled
from schema.build_groups import grouping_arguments, grouping_types
from schema.catalogue import CORE, Catalogue, OwnedField
from schema.cost import FieldCost
from schema.cost_directives import COST, TOTAL_COUNT, declared_cost, printed
from schema.declared.fields import (
    AnyField,
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
from schema.declared.figures import GroupedField
from schema.declared.lists import Filter, ListSource
from schema.declared.values import Scalar, column_of
from schema.describe import Doc
from schema.labels import closed_enum, described_enum
from schema.names import camel
from schema.scalars import Date, DateTime, DecimalText, Json, Time

SCALAR_TYPES: Mapping[Scalar, Any] = MappingProxyType(
    {
        Scalar.ID: strawberry.ID,
        Scalar.STRING: str,
        Scalar.INT: int,
        Scalar.BOOLEAN: bool,
        Scalar.DATE: Date,
        Scalar.DATETIME: DateTime,
        Scalar.TIME: Time,
        Scalar.DECIMAL: DecimalText,
        Scalar.JSON: Json,
    }
)
OWNED = "yingsu.field"
"""Where a Strawberry field keeps the declaration that it was built from."""


@strawberry.interface(description="节点（node）：有全局标识的对象，可用 `node(id:)` 取得。")
class Node:
    """Every object with a global id."""

    id: strawberry.ID = strawberry.field(description="全局标识（global id）：不透明，请勿解析。")


@strawberry.type(description="分页信息（page info）。")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="后面是否还有（has next page）。")
    has_previous_page: bool = strawberry.field(description="前面是否还有（has previous page）。")
    start_cursor: str | None = strawberry.field(description="本页首条的游标（start cursor）。")
    end_cursor: str | None = strawberry.field(description="本页末条的游标（end cursor）。")


def nullable(kind: Any) -> Any:
    """The nullable form of a type that is only known at run time."""
    return Optional[kind]  # noqa: UP045


class TypeBuilder:
    """Makes and keeps the Strawberry types of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.types: dict[str, Any] = {"Node": Node, "PageInfo": PageInfo, "Optional": Optional}
        self.enums: dict[str, type[Labelled]] = {}
        for source in catalogue.sources.values():
            self._connection_types(source)
        for grouping in catalogue.groupings.values():
            grouping_types(self, grouping)
        for name in catalogue.nodes:
            self._node_type(name)
        for union in catalogue.unions.values():
            self._union_type(union)

    # -- types ---------------------------------------------------------------------------------------------------------

    def _node_type(self, name: str) -> None:
        node = self.catalogue.nodes[name]
        owned = [
            field for field in self.catalogue.fields[name].values() if field.owner == self.catalogue.node_owners[name]
        ]
        fields = [self.field(field, in_own_type=True) for field in owned]
        self.types[name] = self.object_type(name, node.doc.text(), fields, interface=Node)

    def _union_type(self, union: Union) -> None:
        members = reduce(or_, (self.types[name] for name in union.members))
        self.types[union.name] = Annotated[members, strawberry.union(union.name, description=union.doc.text())]

    def contributed(self, type_name: str) -> dict[str, list[StrawberryField]]:
        """By owner, the fields that others than its declarer add to a type."""
        declarer = self.catalogue.node_owners.get(type_name, CORE)
        added: dict[str, list[StrawberryField]] = {}
        for owned in self.catalogue.fields.get(type_name, {}).values():
            if owned.owner != declarer:
                added.setdefault(owned.owner, []).append(self.field(owned, in_own_type=False))
        return added

    def object_type(self, name: str, description: str, fields: list[StrawberryField], interface: Any = None) -> Any:
        """A Strawberry object type made of ready fields."""
        bases = (interface,) if interface is not None else ()
        made = type(name, bases, {"__module__": __name__, "__doc__": description})
        decorated: Any = strawberry.type(made, name=name, description=description)
        definition: StrawberryObjectDefinition = decorated.__strawberry_definition__
        definition.fields = [*definition.fields, *fields]
        return decorated

    def input_type(self, name: str, description: str, fields: list[StrawberryField]) -> Any:
        """A Strawberry input type made of ready fields."""
        made = type(name, (), {"__module__": __name__, "__doc__": description})
        decorated: Any = strawberry.input(made, name=name, description=description)
        decorated.__strawberry_definition__.fields = fields
        self.types[name] = decorated
        return decorated

    def _connection_types(self, source: ListSource) -> None:
        name = source.name
        target = self.catalogue.nodes[source.target].doc
        edge = [
            self.plain("node", source.target, Doc(target.zh, target.en)),
            self.plain("cursor", str, Doc("游标", "cursor", "用于 `after` 与 `before`")),
        ]
        self.types[f"{name}Edge"] = self.object_type(f"{name}Edge", f"{target.zh}列表的一条（edge）。", edge)
        fields = [
            self.plain("edges", f"list[{name}Edge]", Doc("各条及其游标", "edges")),
            self.plain("nodes", f"list[{source.target}]", Doc("各条", "nodes")),
            self.plain("page_info", "PageInfo", Doc("分页信息", "page info")),
            self.plain("total_count", int, Doc("总数", "total count", "仅在选取时才计数"), TOTAL_COUNT),
        ]
        self.types[f"{name}Connection"] = self.object_type(
            f"{name}Connection", f"{target.zh}列表（connection）。", fields
        )
        orders = {order.name: order.doc for order in source.orders}
        self.types[f"{name}Order"] = closed_enum(f"{name}Order", f"{target.zh}列表的排序（order）。", orders)
        if source.filters:
            fields = [self.filter_field(declared) for declared in source.filters]
            self.input_type(f"{name}Filter", f"{target.zh}列表的筛选（filter）；各项须同时满足。", fields)

    def filter_field(self, declared: Filter) -> StrawberryField:
        """A field of a filter input, with the operators of its column."""
        operators = self._operators(declared)
        return self.input_field(declared.name, nullable(operators), declared.doc, default=None)

    def _operators(self, declared: Filter) -> Any:
        if declared.enum is not None:
            enum = self.enum(declared.enum)
            return self._filter_input(f"{enum.__name__}Filter", f"按{enum.__name__}筛选", ("eq", "in", "notIn"), enum)
        if declared.ref is not None:
            return self._filter_input("IdFilter", "按标识筛选", ("eq", "in"), strawberry.ID)
        kind = column_of(declared.attribute).type.__class__.__name__.upper()
        scalars: dict[str, tuple[str, tuple[str, ...], Any]] = {
            "DATE": ("DateFilter", ("eq", "gt", "gte", "lt", "lte", "isNull"), Date),
            "DATETIME": ("DateTimeFilter", ("gt", "gte", "lt", "lte", "isNull"), DateTime),
            "TEXT": ("StringFilter", ("eq", "in"), str),
            "BOOLEAN": ("BooleanFilter", ("eq", "isNull"), bool),
            "INTEGER": ("IntFilter", ("eq", "in", "gte", "lte"), int),
            "NUMERIC": ("DecimalFilter", ("eq", "gte", "lte"), DecimalText),
        }
        name, operators, scalar = scalars[kind]
        return self._filter_input(name, f"按{scalar.__name__}筛选", operators, scalar)

    def _filter_input(self, name: str, description: str, operators: tuple[str, ...], scalar: Any) -> Any:
        if name in self.types:
            return self.types[name]
        words = {
            "eq": ("等于", "equals"),
            "in": ("属于其一", "is one of"),
            "notIn": ("不属于", "is none of"),
            "gt": ("晚于或大于", "greater than"),
            "gte": ("不早于或不小于", "greater than or equal"),
            "lt": ("早于或小于", "less than"),
            "lte": ("不晚于或不大于", "less than or equal"),
            "isNull": ("是否为空", "is null"),
        }
        fields = []
        for operator in operators:
            wanted: Any = list[scalar] if operator in {"in", "notIn"} else bool if operator == "isNull" else scalar
            text = Doc(*words[operator]).text()
            fields.append(self.input_field(operator, nullable(wanted), text, default=None))
        return self.input_type(name, f"{description}（filter）；各项须同时满足。", fields)

    # -- fields --------------------------------------------------------------------------------------------------------

    def enum(self, enum: type[Labelled]) -> type[Labelled]:
        """An enum of the schema; every one used is remembered for `enumLabels`."""
        self.enums[enum.__name__] = enum
        return described_enum(enum)

    def leaf(self, kind: Scalar | type[Labelled]) -> Any:
        """The type of a leaf."""
        return SCALAR_TYPES[kind] if isinstance(kind, Scalar) else self.enum(kind)

    def plain(self, name: str, annotation: Any, doc: Doc, cost: FieldCost | None = None) -> StrawberryField:
        """A field without a declaration of its own."""
        return self._strawberry_field(name, annotation, doc, **_costed(cost))

    def input_field(self, name: str, annotation: Any, doc: Doc | str, **default: Any) -> StrawberryField:
        """A field of an input type."""
        field = self._strawberry_field(name, annotation, doc, **default)
        field.graphql_name = camel(name)
        return field

    def _strawberry_field(self, name: str, annotation: Any, doc: Doc | str, **more: Any) -> StrawberryField:
        python_name = name if name.isidentifier() and name != "in" else f"{name}_"
        field = StrawberryField(
            python_name=python_name,
            graphql_name=camel(name),
            type_annotation=StrawberryAnnotation(annotation, namespace=self.types),
            **{**_described(doc), **more},
        )
        field.name = python_name
        return field

    def field(self, owned: OwnedField, *, in_own_type: bool) -> StrawberryField:
        """The Strawberry field of a declared one.

        What another owner adds, and what stands at the root, is nullable: a failure there nulls that field only.
        """
        declared: AnyField = owned.field
        annotation = self._annotation(declared)
        if not in_own_type and not (isinstance(annotation, str) and annotation.startswith("Optional[")):
            annotation = f"Optional[{annotation}]" if isinstance(annotation, str) else nullable(annotation)
        field = self._strawberry_field(
            owned.name,
            annotation,
            declared.doc,
            description=declared.doc.text(declared.permission),
            **_costed(declared_cost(declared), {OWNED: owned}),
        )
        field.arguments = self._arguments(declared)
        return field

    def _annotation(self, declared: AnyField) -> Any:
        if isinstance(declared, ValueField | BatchField):
            leaf = self.leaf(declared.type)
            whole: Any = list[leaf] if declared.many else leaf  # type: ignore[valid-type]
            return nullable(whole) if declared.nullable else whole
        if isinstance(declared, ToOneField | LookupField | UnionField):
            target = declared.union.name if isinstance(declared, UnionField) else declared.target
            return target if isinstance(declared, ToOneField) and not declared.nullable else f"Optional[{target}]"
        if isinstance(declared, ToManyField):
            return f"Optional[list[{declared.target}]]" if declared.permission else f"list[{declared.target}]"
        if isinstance(declared, ConnectionField):
            name = f"{declared.source.name}Connection"
            return f"Optional[{name}]" if declared.permission else name
        if isinstance(declared, GroupedField):
            return f"Optional[list[{declared.grouping.name}Group]]"
        return declared.type

    def _arguments(self, declared: AnyField) -> list[StrawberryArgument]:
        if isinstance(declared, ConnectionField):
            return self._page_arguments(declared.source)
        if isinstance(declared, BatchField):
            return [
                self.argument(name, nullable(self.leaf(kind)), doc, None)
                for name, (kind, doc) in declared.arguments.items()
            ]
        if isinstance(declared, GroupedField):
            return grouping_arguments(self, declared)
        if isinstance(declared, LookupField | ComputedField):
            return [self.argument(name, kind, doc) for name, (kind, doc) in declared.arguments.items()]
        return []

    def _page_arguments(self, source: ListSource) -> list[StrawberryArgument]:
        arguments = [
            self.argument("first", nullable(int), f"取前若干条（first）；默认 {source.page}，最多 100。", None),
            self.argument("after", nullable(str), "从此游标之后取（after）。", None),
            self.argument("last", nullable(int), "取末若干条（last）；最多 100，不与 first 同用。", None),
            self.argument("before", nullable(str), "到此游标之前止（before）。", None),
            self.argument(
                "order_by", f"Optional[{source.name}Order]", f"排序（order）；默认 {source.orders[0].name}。", None
            ),
        ]
        if source.filters:
            arguments.append(self.argument("filter", f"Optional[{source.name}Filter]", "筛选（filter）。", None))
        return arguments

    def argument(self, name: str, annotation: Any, doc: Doc | str, *default: Any) -> StrawberryArgument:
        """An argument of a field."""
        return StrawberryArgument(
            python_name=name,
            graphql_name=camel(name),
            type_annotation=StrawberryAnnotation(annotation, namespace=self.types),
            **_described(doc),
            **({"default": default[0]} if default else {}),
        )


def _described(doc: Doc | str) -> dict[str, Any]:
    """The description, and the reason where it should no longer be used."""
    if isinstance(doc, str):
        return {"description": doc}
    return {"description": doc.text(), "deprecation_reason": doc.deprecation_reason}


def _costed(cost: FieldCost | None, metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a Strawberry field is told of its cost: to be printed, and to be looked up."""
    if cost is None:
        return {"metadata": dict(metadata or {})}
    return {"metadata": {**(metadata or {}), COST: cost}, "directives": printed(cost)}
