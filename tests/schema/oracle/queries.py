"""Queries generated from a schema: whatever may be selected is selected some time, in every shape that the language has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from schema.catalogue import Catalogue
from tests.schema.oracle.arguments import Arguments, Pool
from tests.schema.oracle.drawing import Choices
from tests.schema.oracle.taught import answerable

DEPTH = 5
LONG = "k" * 70
"""Longer than PostgreSQL lets a name be."""


@dataclass(frozen=True)
class Generated:
    """An operation with its variables."""

    text: str
    variables: dict[str, Any]


class Writer:
    """Writes one operation."""

    def __init__(self, choices: Choices, schema: GraphQLSchema, catalogue: Catalogue, pool: Pool) -> None:
        self.choices = choices
        self.schema = schema
        self.catalogue = catalogue
        self.arguments = Arguments(choices, pool)
        self.fragments: dict[str, list[tuple[str, int]]] = {}
        self.definitions: list[str] = []
        self.names = 0
        self.left = 18

    def operation(self) -> Generated:
        roots = [name for name in self._root_names() if name != "nodes"]
        fields = []
        for _ in range(self.choices.number(1, 3)):
            name = (
                "nodes" if self.choices.chance(8) else "node" if self.choices.chance(15) else self.choices.pick(roots)
            )
            fields.append(self._field("Query", name, DEPTH, alone=True))
        if self.choices.chance(10):
            fields.append("__typename")
        declared = f"({', '.join(self.arguments.declared)})" if self.arguments.declared else ""
        text = " ".join([f"query Q{declared} {{ {' '.join(fields)} }}", *self.definitions])
        return Generated(text, self.arguments.variables)

    def _root_names(self) -> list[str]:
        assert self.schema.query_type is not None
        return [name for name in self.schema.query_type.fields if answerable(self.catalogue, "Query", name)]

    # -- fields --------------------------------------------------------------------------------------------------------

    def _field(self, parent: str, name: str, depth: int, *, alone: bool) -> str:
        """A field with arguments, directives and what is selected of it. `alone` gives it a response key of its own."""
        kind = self.schema.type_map[parent]
        assert isinstance(kind, GraphQLObjectType)
        field: GraphQLField = kind.fields[name]
        self.left -= 1
        given = self._given(parent, name, field)
        text = name + self._written(field, given)
        if alone or given:
            text = f"{self._alias()}: {text}"
        text += self._directive()
        if is_leaf_type(get_named_type(field.type)):
            return text
        whole = f"{text} {{ {self.selection(get_named_type(field.type).name, depth - 1)} }}"
        if self.choices.chance(6):
            whole += f" {text} {{ {self.selection(get_named_type(field.type).name, min(depth - 1, 1))} }}"
        return whole

    def _given(self, parent: str, name: str, field: GraphQLField) -> dict[str, Any]:
        if "orderBy" in field.args:
            connection = get_named_type(field.type).name.removesuffix("Connection")
            return self.arguments.of_connection(connection, field.args, nested=parent != "Query")
        if parent == "Query":
            return {argument: self.arguments.of_root(name, argument) for argument in field.args}
        return {argument: "2026-03-20" for argument in field.args if self.choices.chance(50)}

    def _written(self, field: GraphQLField, given: dict[str, Any]) -> str:
        parts = [f"{name}: {self.arguments.written(field.args[name].type, value)}" for name, value in given.items()]
        return f"({', '.join(parts)})" if parts else ""

    def _alias(self) -> str:
        self.names += 1
        return f"{LONG}{self.names}" if self.choices.chance(4) else f"a{self.names}"

    def _directive(self) -> str:
        if not self.choices.chance(8):
            return ""
        return f" @{self.choices.pick(['include', 'skip'])}(if: {self.arguments.flag()})"

    # -- selections ----------------------------------------------------------------------------------------------------

    def selection(self, parent: str, depth: int) -> str:
        kind = self.schema.type_map[parent]
        if isinstance(kind, GraphQLUnionType):
            members = [one.name for one in kind.types]
            return self._of_types(["__typename", "... on Node { id }"], members, members, depth)
        if parent == "Node":
            return self._of_node(depth)
        fields = self._selectable(parent)
        leaves = [name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))]
        deeper = [name for name in fields if name not in leaves] if depth > 0 and self.left > 0 else []
        chosen = [self._one(parent, leaves, deeper, depth) for _ in range(self.choices.number(1, 4))]
        return " ".join(chosen)

    def _one(self, parent: str, leaves: list[str], deeper: list[str], depth: int) -> str:
        kind = self.choices.number(0, 19)
        if kind >= 19:
            return "__typename" + self._directive()
        if kind >= 17 and self.left > 0:
            return self._inline(parent, depth)
        if kind >= 15 and self.left > 0:
            return f"...{self._fragment(parent, depth)}{self._directive()}"
        if deeper and (kind >= 6 or not leaves):
            return self._field(parent, self.choices.pick(deeper), depth, alone=self.choices.chance(30))
        if not leaves:
            return "__typename"
        return self._field(parent, self.choices.pick(leaves), depth, alone=self.choices.chance(20))

    def _selectable(self, parent: str) -> dict[str, GraphQLField]:
        kind = self.schema.type_map[parent]
        assert isinstance(kind, GraphQLObjectType)
        return {name: field for name, field in kind.fields.items() if answerable(self.catalogue, parent, name)}

    def _inline(self, parent: str, depth: int) -> str:
        conditions = ["", f" on {parent}"]
        if parent in self.catalogue.nodes and self.choices.chance(30):
            return f"... on Node{self._directive()} {{ __typename }}"
        return f"...{self.choices.pick(conditions)}{self._directive()} {{ {self.selection(parent, depth)} }}"

    def _fragment(self, parent: str, depth: int) -> str:
        """A named fragment: a new one, or one that was written before and is not too deep."""
        known = [name for name, height in self.fragments.get(parent, []) if height <= depth]
        if known and self.choices.chance(50):
            return self.choices.pick(known)
        body = self.selection(parent, depth)
        name = f"F{len(self.definitions)}"
        self.definitions.append(f"fragment {name} on {parent} {{ {body} }}")
        self.fragments.setdefault(parent, []).append((name, depth))
        return name

    def _of_node(self, depth: int) -> str:
        types = [name for name in self.catalogue.nodes if name in self.schema.type_map]
        common = [name for name in ("Case", "Response", "Document", "Hearing", "Period", "Agency") if name in types]
        return self._of_types(["__typename", "id", "... on Node { id }"], common, types, depth)

    def _of_types(self, shared: list[str], common: list[str], types: list[str], depth: int) -> str:
        """Inline fragments on some types; their fields have response keys of their own, since types differ in nullability."""
        parts = [self.choices.pick(shared)]
        for _ in range(self.choices.number(1, 4)):
            kind = self.choices.pick(common if self.choices.chance(50) else types)
            names = self._selectable(kind)
            leaves = [name for name, field in names.items() if is_leaf_type(get_named_type(field.type))]
            few = depth <= 0 or self.left <= 0
            wanted = [
                self.choices.pick(leaves if few or self.choices.chance(50) else list(names))
                for _ in range(self.choices.number(1, 3))
            ]
            fields = " ".join(self._field(kind, name, depth, alone=True) for name in wanted)
            parts.append(f"... on {kind}{self._directive()} {{ {fields} }}")
        return " ".join(parts)
