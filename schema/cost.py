"""What an operation costs before it is run: an upper bound, from the declared weight of each field and the sizes of lists.

The formula, for a selection: the sum over its fields of `weight + size * (cost of the field's own selection)`, where `size`
is 1 for a single object and, for a list, the page asked for (`first`, `last`, the number of `ids`), or the size assumed of a
list without a page. An object weighs 1, a leaf 0, whatever more is declared on the field; both stand in the printed
schema as `@cost` and `@listSize`, the directives of the GraphQL cost specification. `@skip` and `@include` are taken to include.
A fragment is costed once, so that the work is linear in the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)

from schema.limits import LimitReason, Limits

ASSUMED_LIST = 10
"""Items of a list for which nobody declared a size."""
MAX_LIST = 100
"""No list answers more: neither a page nor a list of ids may be longer."""
INTROSPECTION_SIZES: Mapping[str, int] = {"types": 300, "fields": 10, "possibleTypes": 10, "directives": 6}
INTROSPECTION_SHARE = 20
"""Introspection reads no database: so many of its objects cost as much as one of another kind, in an operation that asks for
nothing else. Such a one is answered apart from the event loop; beside other fields it would hold the loop up."""


@dataclass(frozen=True, slots=True)
class FieldCost:
    """The declared cost of a field. `slicing` names the arguments that size its list; `assumed` is its size without them.

    Where `through` is set, the size counts not for the field's own object but for those lists inside it: a connection is one
    object, and its `nodes` and `edges` are a page.
    """

    weight: int
    slicing: tuple[str, ...] = ()
    assumed: int | None = None
    through: tuple[str, ...] = ()


class Cost(NamedTuple):
    """The cost of a selection, and the rows that its lists may answer."""

    cost: int = 0
    rows: int = 0


class _Page(NamedTuple):
    """The page that a connection was asked for, and which of its lists answer it."""

    size: int
    lists: tuple[str, ...]


CostTable = Mapping[tuple[str, str], FieldCost]
"""By type and field, what is declared; everything else goes by the rule of its type."""


def introspects_only(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    """Whether every field at an operation's root, fragments spread, is one of introspection, whatever it is given."""
    waiting, seen = [operation.selection_set], set[str]()
    while waiting:
        for one in waiting.pop().selections:
            if one.directives:
                return False
            if isinstance(one, FragmentSpreadNode):
                if one.name.value not in seen:
                    seen.add(one.name.value)
                    waiting.append(fragments[one.name.value].selection_set)
            elif isinstance(one, InlineFragmentNode):
                waiting.append(one.selection_set)
            elif not (isinstance(one, FieldNode) and one.name.value.startswith("__")):
                return False
    return True


def slicing_variables(document: DocumentNode) -> frozenset[str]:
    """The variables that may size a list: the only ones on which a cost depends."""
    return frozenset(_variables_of_sizes(document))


def _variables_of_sizes(document: DocumentNode) -> Iterator[str]:
    waiting: list[SelectionSetNode | None] = [getattr(one, "selection_set", None) for one in document.definitions]
    while waiting:
        found = waiting.pop()
        for selection in found.selections if found else ():
            waiting.append(getattr(selection, "selection_set", None))
            for argument in (selection.arguments or ()) if isinstance(selection, FieldNode) else ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value


@dataclass(slots=True)
class Costing:
    """Costs one operation of a validated document; `sizes` holds what its variables ask for, where they size lists."""

    schema: GraphQLSchema
    table: CostTable
    fragments: Mapping[str, FragmentDefinitionNode]
    sizes: Mapping[str, int]
    known: dict[tuple[str, _Page | None], Cost] = field(default_factory=dict)
    share: int = 1

    def operation(self, operation: OperationDefinitionNode) -> Cost:
        """The cost of the whole operation."""
        root = self.schema.get_root_type(operation.operation)
        if root is None:
            return Cost()
        self.share = INTROSPECTION_SHARE if introspects_only(operation, self.fragments) else 1
        return self._selection_set(operation.selection_set, root.name, None)

    def _selection_set(self, found: SelectionSetNode, type_name: str, page: _Page | None) -> Cost:
        cost = rows = 0
        for selection in found.selections:
            if isinstance(selection, FieldNode):
                one = self._field(selection, type_name, page)
            elif isinstance(selection, FragmentSpreadNode):
                one = self._fragment(selection.name.value, page)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = condition.name.value if condition else type_name
                one = self._selection_set(selection.selection_set, inner, page)
            else:
                continue
            cost, rows = cost + one.cost, rows + one.rows
        return Cost(cost, rows)

    def _fragment(self, name: str, page: _Page | None) -> Cost:
        known = self.known.get((name, page))
        if known is None:
            definition = self.fragments[name]
            type_name = definition.type_condition.name.value
            known = self.known[name, page] = self._selection_set(definition.selection_set, type_name, page)
        return known

    def _field(self, node: FieldNode, type_name: str, page: _Page | None) -> Cost:
        definition = self._definition(type_name, node.name.value)
        if definition is None:
            return Cost()
        declared = self.table.get((type_name, node.name.value))
        kind = get_named_type(definition.type)
        if node.selection_set is None or not is_composite_type(kind):
            return Cost(declared.weight if declared else 0)
        size = self._size(node, definition, declared, page)
        inside = _Page(self._asked(node, declared), declared.through) if declared and declared.through else None
        below = self._selection_set(node.selection_set, kind.name, inside)
        if kind.name == "__Schema":
            return Cost(1 + below.cost // self.share)
        weight = declared.weight if declared else 0
        listed = size if isinstance(get_nullable_type(definition.type), GraphQLList) else 0
        return Cost(weight + size * (1 + below.cost), listed + size * below.rows)

    def _size(self, node: FieldNode, definition: GraphQLField, declared: FieldCost | None, page: _Page | None) -> int:
        if not isinstance(get_nullable_type(definition.type), GraphQLList):
            return 1
        name = node.name.value
        if page is not None and name in page.lists:
            return page.size
        if declared is not None:
            return self._asked(node, declared)
        owner = str(get_named_type(definition.type))
        return INTROSPECTION_SIZES.get(name, 3) if owner.startswith("__") else ASSUMED_LIST

    def _asked(self, node: FieldNode, declared: FieldCost) -> int:
        for argument in node.arguments or ():
            if argument.name.value in declared.slicing:
                size = _length(argument.value, self.sizes)
                if size is not None:
                    return max(0, min(size, MAX_LIST))
        return ASSUMED_LIST if declared.assumed is None else declared.assumed

    def _definition(self, type_name: str, name: str) -> GraphQLField | None:
        kind = self.schema.type_map.get(type_name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            return self.schema.get_field(kind, name)
        return None


def _length(value: ValueNode, sizes: Mapping[str, int]) -> int | None:
    """How long a list a slicing argument asks for; None where it says nothing."""
    if isinstance(value, VariableNode):
        return sizes.get(value.name.value)
    return literal_size(value)


def literal_size(value: ValueNode | None) -> int | None:
    """The size that a written value asks for: a number, or a list's length."""
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) < 10 else MAX_LIST  # noqa: PLR2004 - beyond any page
    return len(value.values) if isinstance(value, ListValueNode) else None


def given_size(value: Any) -> int | None:
    """The size that a variable's value asks for; None where it is null, left out, or no size at all."""
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def check_cost(cost: Cost, limits: Limits) -> None:
    """Raise `CostLimitExceeded` for an operation that could answer too many rows, or costs too much."""
    limits.check(LimitReason.ROWS, cost.rows)
    limits.check(LimitReason.COST, cost.cost)
