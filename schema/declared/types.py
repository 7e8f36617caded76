"""Types, what is added to others' types, and all that one owner puts into the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from core.labels import Labelled
from schema.act import Act
from schema.declared.fields import AnyField, PlannedField, RootField
from schema.describe import Doc
from schema.subscription import SubscriptionField


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
