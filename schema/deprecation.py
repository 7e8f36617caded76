"""Use of what is deprecated（弃用）: the coordinates of deprecated fields, arguments, input fields and enum values in an operation.

What stands in the document is found once, when the document is prepared; what comes in variables, at each request, but only
where something that a variable can hold is deprecated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_input_type,
    type_from_ast,
    visit,
)


class Deprecations:
    """What is deprecated in one schema, and who uses it."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.coordinates = frozenset(coordinate for coordinate, _ in deprecation_reasons(schema))
        self._of_inputs = any(True for _ in _of_inputs(schema))

    def in_document(
        self, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> frozenset[str]:
        """What the text of a valid operation uses, its fragments included, each read once."""
        if not self.coordinates:
            return frozenset()
        types = TypeInfo(self._schema)
        uses = _Uses(types)
        visitor = TypeInfoVisitor(types, uses)
        visit(operation, visitor)
        seen: set[str] = set()
        while waiting := uses.spread - seen:
            name = waiting.pop()
            seen.add(name)
            visit(fragments[name], visitor)
        return frozenset(uses.found)

    def in_variables(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> frozenset[str]:
        """What the values of its variables use; values that do not fit their types are passed over."""
        if not self._of_inputs:
            return frozenset()
        found: set[str] = set()
        for declared in operation.variable_definitions or ():
            kind = type_from_ast(self._schema, declared.type)
            if declared.variable.name.value in variables and kind is not None and is_input_type(kind):
                found.update(_in_value(get_named_type(kind), variables[declared.variable.name.value]))
        return frozenset(found)


class _Uses(Visitor):
    """Collects deprecated coordinates, and the names of fragments, while a typed walk goes on."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: set[str] = set()
        self.spread: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field, parent = self._types.get_field_def(), self._types.get_parent_type()
        if field is not None and parent is not None and field.deprecation_reason is not None:
            self.found.add(f"{parent.name}.{node.name.value}")

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        argument, parent, field = self._types.get_argument(), self._types.get_parent_type(), self._types.get_field_def()
        if argument is None or argument.deprecation_reason is None or parent is None or field is None:
            return
        name = next(name for name, known in getattr(parent, "fields", {}).items() if known is field)
        self.found.add(f"{parent.name}.{name}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self._types.get_parent_input_type())
        if isinstance(parent, GraphQLInputObjectType):
            field = parent.fields.get(node.name.value)
            if field is not None and field.deprecation_reason is not None:
                self.found.add(f"{parent.name}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        kind = get_named_type(self._types.get_input_type())
        if isinstance(kind, GraphQLEnumType):
            self.found.update(_in_value(kind, node.value))

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.spread.add(node.name.value)


def _in_value(kind: Any, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _in_value(kind, item)
    elif isinstance(kind, GraphQLEnumType) and isinstance(value, str):
        known = kind.values.get(value)
        if known is not None and known.deprecation_reason is not None:
            yield f"{kind.name}.{value}"
    elif isinstance(kind, GraphQLInputObjectType) and isinstance(value, dict):
        for name in value.keys() & kind.fields.keys():
            field = kind.fields[name]
            if field.deprecation_reason is not None:
                yield f"{kind.name}.{name}"
            yield from _in_value(get_named_type(field.type), value[name])


def deprecation_reasons(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Every deprecated thing of a schema: its coordinate and its reason."""
    yield from _of_inputs(schema)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                if field.deprecation_reason is not None:
                    yield f"{kind.name}.{name}", field.deprecation_reason
                for argument, definition in field.args.items():
                    if definition.deprecation_reason is not None:
                        yield f"{kind.name}.{name}({argument}:)", definition.deprecation_reason


def _of_inputs(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType | GraphQLEnumType) and not kind.name.startswith("__"):
            members = kind.fields if isinstance(kind, GraphQLInputObjectType) else kind.values
            for name, member in members.items():
                if member.deprecation_reason is not None:
                    yield f"{kind.name}.{name}", member.deprecation_reason
