"""Compiled statements kept for the next request that asks the same of the same part of the data.

What a statement's text depends on is its key: the operation and the root field in it, the schema, the scope, the permissions, where
plugins are disabled, and the values of the variables that the root field uses. The ids of `node` and `nodes` are left out of it and
filled in at each run, so that looking at one case after another compiles once.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from graphql import FragmentSpreadNode, GraphQLResolveInfo, Node, VariableNode

from core.db.scope import Scope, ScopeKind
from schema.bounded import BoundedCache
from schema.planner.marks import Marks

if TYPE_CHECKING:
    from schema.planner.compiler import Compiler, View

KEPT: Final = 2_048


class Slot:
    """A bound value that each run gives anew: the statement's text is the same whatever it is."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


ID_SHARD = Slot("id_shard")
ID_KEY = Slot("id_key")
IDS_KIND = Slot("ids_kind")
IDS_SHARD = Slot("ids_shard")
IDS_KEY = Slot("ids_key")
IDS_CODE = Slot("ids_code")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement, what it binds, and what its marks mean. `contributed`: it has SQL of a plugin, which may fail."""

    sql: str
    bound: tuple[Any, ...]
    marks: Marks
    contributed: bool

    @classmethod
    def of(cls, compiler: Compiler, sql: str) -> Compiled:
        """What a compiler has written."""
        return cls(sql, tuple(compiler.statement.arguments), compiler.marks, compiler.contributed)

    def arguments(self, given: Mapping[Slot, Any]) -> list[Any]:
        """What to bind at this run."""
        return [given[value] if type(value) is Slot else value for value in self.bound]

    @property
    def lasting(self) -> bool:
        """Whether the statement holds for every run: one with a refused field keeps the error of its first."""
        return self.marks.lasting


@dataclass(frozen=True, slots=True)
class _Entry:
    operation: Any
    """Held, so that no other operation is ever given its address, by which the key names it."""
    compiled: Compiled


class KeptStatements:
    """The statements of one catalogue, bounded: what was used longest ago goes first."""

    def __init__(self) -> None:
        self._entries: BoundedCache[Hashable, _Entry] = BoundedCache(KEPT)
        self._variables: BoundedCache[tuple[int, int], tuple[Any, frozenset[str]]] = BoundedCache(KEPT)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: Hashable) -> Compiled | None:
        """The statement of that key."""
        entry = self._entries.get(key)
        return entry.compiled if entry is not None else None

    def keep(self, key: Hashable, info: GraphQLResolveInfo[Any], compiled: Compiled) -> None:
        """Remember a statement, if it holds for every run."""
        if compiled.lasting:
            self._entries.put(key, _Entry(info.operation, compiled))

    def key(self, info: GraphQLResolveInfo[Any], view: View, ids: object, *apart: Hashable) -> Hashable:
        """What the statement of a root field depends on; `apart` is what its resolver adds to that."""
        coerced = info.variable_values.coerced
        used = self._used(info, with_arguments=not apart) if coerced else ()
        values = tuple((name, _frozen(coerced[name])) for name in used if name in coerced)
        return (
            id(info.operation),
            id(info.schema),
            id(ids),
            info.path.key,
            view.permissions,
            _scope(view.scope),
            tuple((owner, tuple(ranges)) for owner, ranges in view.disabled_ranges.items()),
            values,
            apart,
        )

    def _used(self, info: GraphQLResolveInfo[Any], *, with_arguments: bool) -> frozenset[str]:
        """The variables below a root field, and in its own arguments unless those are filled in at each run."""
        place = (id(info.field_nodes[0]), int(with_arguments))
        known = self._variables.get(place)
        if known is not None and known[0] is info.field_nodes[0]:
            return known[1]
        used = frozenset(name for node in info.field_nodes for name in _variables(node, info.fragments, with_arguments))
        self._variables.put(place, (info.field_nodes[0], used))
        return used


def _variables(root: Any, fragments: Mapping[str, Any], with_arguments: bool) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    waiting: list[Any] = [root.selection_set, *((root.arguments or ()) if with_arguments else ())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, VariableNode):
            found.add(node.name.value)
        elif isinstance(node, list | tuple):
            waiting.extend(node)
        elif isinstance(node, Node):
            if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                waiting.append(fragments[node.name.value])
            waiting.extend(getattr(node, name) for name in node.keys if name != "loc")
    return found


def _scope(scope: Scope) -> Scope:
    """The scope without whose it is, where the rows do not depend on that: colleagues share statements."""
    return scope if scope.kind is ScopeKind.ASSIGNED else replace(scope, member_id=None)


def _frozen(value: Any) -> Hashable:
    if isinstance(value, dict):
        return tuple((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return (type(value).__name__, value)
