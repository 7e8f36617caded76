"""The shape of a document before it is validated: how deep, how wide, how often. One look at each node, whatever it spreads.

A fragment is measured once and remembered, so that thirty fragments which each spread the next one twice take thirty steps
and not two to the thirtieth. Fragments that spread themselves are left to validation, which names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from schema.limits import LimitReason, Limits


class Shape(NamedTuple):
    """The measure of a selection, fragments spread. `width` counts its own fields, `fields` also those below."""

    depth: int = 0
    width: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: Shape) -> Shape:
        """Two selections in one."""
        return Shape(
            max(self.depth, other.depth),
            self.width + other.width,
            self.fields + other.fields,
            self.aliases + other.aliases,
        )


NOTHING = Shape()


@dataclass(slots=True)
class _Measure:
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, Shape] = field(default_factory=dict)
    repeats: int = 0

    def selection_set(self, selection_set: SelectionSetNode | None) -> Shape:
        if selection_set is None:
            return NOTHING
        self.repeats += _repeats(selection_set.selections)
        return self.selections(selection_set.selections)

    def selections(self, selections: Iterable[SelectionNode]) -> Shape:
        shape = NOTHING
        for selection in selections:
            shape = shape.beside(self.selection(selection))
        return shape

    def selection(self, selection: SelectionNode) -> Shape:
        if isinstance(selection, FieldNode):
            below = self.selection_set(selection.selection_set)
            aliased = selection.alias is not None
            return Shape(below.depth + 1, 1, below.fields + 1, below.aliases + aliased)
        if isinstance(selection, FragmentSpreadNode):
            return self.fragment(selection.name.value)
        if isinstance(selection, InlineFragmentNode):
            return self.selections(selection.selection_set.selections)
        return NOTHING

    def fragment(self, name: str) -> Shape:
        known = self.known.get(name)
        if known is None:
            self.known[name] = NOTHING
            definition = self.fragments.get(name)
            known = self.known[name] = self.selection_set(definition.selection_set if definition else None)
        return known


def _repeats(selections: Iterable[SelectionNode]) -> int:
    """How many fields of a selection, inline fragments included, say a response key that another says already."""
    seen: set[str] = set()
    repeated = 0
    waiting = list(selections)
    while waiting:
        selection = waiting.pop()
        if isinstance(selection, FieldNode):
            key = selection.alias.value if selection.alias else selection.name.value
            repeated += key in seen
            seen.add(key)
        elif isinstance(selection, InlineFragmentNode):
            waiting.extend(selection.selection_set.selections)
    return repeated


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Raise `CostLimitExceeded` for a document that no operation of may be validated, let alone executed."""
    limits.check(LimitReason.DEFINITIONS, len(document.definitions))
    measure = _Measure({one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)})
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            shape = measure.selection_set(one.selection_set)
            limits.check(LimitReason.DEPTH, shape.depth)
            limits.check(LimitReason.ROOT_FIELDS, shape.width)
            limits.check(LimitReason.ALIASES, shape.aliases)
            limits.check(LimitReason.FIELDS, shape.fields)
        elif isinstance(one, FragmentDefinitionNode):
            measure.fragment(one.name.value)
    limits.check(LimitReason.REPEATS, measure.repeats)
