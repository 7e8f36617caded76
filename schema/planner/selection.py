"""What is selected: fields by response key, with fragments spread, type conditions met, `@skip` and `@include` decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    SelectionNode,
    SelectionSetNode,
)
from graphql.execution.values import VariableValues, get_directive_values

Selected = dict[str, list[FieldNode]]


@dataclass(frozen=True, slots=True)
class Document:
    """What a selection set refers to: the schema, the document's fragments, the request's variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def fields(self, type_name: str, selection_sets: Iterable[SelectionSetNode | None]) -> Selected:
        """The fields selected on an object of this type, by response key, in the order of the document."""
        found: Selected = {}
        seen: set[str] = set()
        for selection_set in selection_sets:
            if selection_set is not None:
                self._collect(type_name, selection_set, found, seen)
        return found

    def below(self, type_name: str, nodes: Iterable[FieldNode]) -> Selected:
        """The fields selected below these field nodes, which share one response key."""
        return self.fields(type_name, [node.selection_set for node in nodes])

    def _collect(self, type_name: str, selection_set: SelectionSetNode, found: Selected, seen: set[str]) -> None:
        for selection in selection_set.selections:
            if not self._included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                found.setdefault(key, []).append(selection)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self.fragments.get(name)
                if name in seen or fragment is None:
                    continue
                seen.add(name)
                if self._applies(fragment.type_condition.name.value, type_name):
                    self._collect(type_name, fragment.selection_set, found, seen)
            else:
                condition = getattr(selection, "type_condition", None)
                if condition is None or self._applies(condition.name.value, type_name):
                    self._collect(type_name, selection.selection_set, found, seen)  # type: ignore[attr-defined]

    def _included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"] is True:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (include and include["if"] is False)

    def _applies(self, condition: str, type_name: str) -> bool:
        if condition == type_name:
            return True
        abstract = self.schema.type_map.get(condition)
        concrete = self.schema.type_map.get(type_name)
        if not isinstance(abstract, GraphQLInterfaceType | GraphQLUnionType) or not isinstance(
            concrete, GraphQLObjectType
        ):
            return False
        return self.schema.is_sub_type(abstract, concrete)


def literal(value: str) -> str:
    """A text as an SQL literal: for response keys and type names, never for what a user wrote as a value."""
    return "'" + value.replace("'", "''") + "'"


def plain(value: Any) -> Any:
    """An argument's value without enum wrappers."""
    return value.value if hasattr(value, "value") and not isinstance(value, str | int) else value
