"""What a composed schema knows of its declarations: node types, and every type's fields with their owners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schema.declared.fields import AnyField, PlannedField, RootField, Union
from schema.declared.figures import Grouping
from schema.declared.lists import ListSource
from schema.declared.types import Contribution, NodeType
from schema.declared.values import DeclarationError
from schema.ids import IdCodec
from schema.names import camel
from schema.planner.kept import KeptStatements
from schema.subscription import OwnedSubscription

CORE = "core"


@dataclass(frozen=True, slots=True)
class OwnedField:
    """A declared field, its name in Python and the owner that contributed it."""

    name: str
    owner: str
    field: AnyField


@dataclass(slots=True)
class Catalogue:
    """Every declaration, by the names that the schema prints."""

    nodes: dict[str, NodeType] = field(default_factory=dict)
    node_owners: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, OwnedField]] = field(default_factory=dict)
    queries: dict[str, OwnedField] = field(default_factory=dict)
    sources: dict[str, ListSource] = field(default_factory=dict)
    groupings: dict[str, Grouping] = field(default_factory=dict)
    unions: dict[str, Union] = field(default_factory=dict)
    statements: KeptStatements = field(default_factory=KeptStatements)
    subscriptions: dict[str, OwnedSubscription] = field(default_factory=dict)

    def field_of(self, type_name: str, name: str) -> OwnedField:
        """The declaration of a node type's field."""
        return self.fields[type_name][name]

    def id_codec(self, secret: bytes) -> IdCodec:
        """The codec of this catalogue's ids."""
        sharded = frozenset(name for name, node in self.nodes.items() if node.sharded)
        return IdCodec(secret, sharded, frozenset(self.nodes) - sharded)


def catalogue_of(contributions: Iterable[Contribution]) -> Catalogue:
    """Collect contributions; `DeclarationError` names both owners where two declare one type or field."""
    catalogue = Catalogue()
    ordered = sorted(contributions, key=lambda part: (part.owner != CORE, part.owner))
    for part in ordered:
        for node in part.nodes:
            _claim(catalogue.node_owners, node.name, part.owner, "type")
            catalogue.nodes[node.name] = node
            catalogue.fields[node.name] = {}
            _add_fields(catalogue, node.name, node.fields, part.owner)
        for name, query in part.queries.items():
            _claim_field(catalogue.queries, "Query", name, OwnedField(name, part.owner, query))
            _remember_source(catalogue, query, part.owner)
        for name, subscription in part.subscriptions.items():
            _add_subscription(catalogue, OwnedSubscription(name, part.owner, subscription))
    for part in ordered:
        for extension in part.extensions:
            if extension.type_name not in catalogue.nodes:
                raise DeclarationError(f"{part.owner} extends {extension.type_name}, which nobody declares")
            _add_fields(catalogue, extension.type_name, extension.fields, part.owner)
    _check_targets(catalogue)
    _check_unions(catalogue)
    return catalogue


def _claim(owners: dict[str, str], name: str, owner: str, what: str) -> None:
    if name in owners:
        raise DeclarationError(f"{what} {name} is declared by {owners[name]} and by {owner}")
    owners[name] = owner


def _claim_field(fields: dict[str, OwnedField], type_name: str, name: str, owned: OwnedField) -> None:
    printed = camel(name)
    if printed in fields:
        raise DeclarationError(
            f"field {type_name}.{printed} is declared by {fields[printed].owner} and by {owned.owner}"
        )
    fields[printed] = owned


def _add_fields(catalogue: Catalogue, type_name: str, fields: Mapping[str, AnyField], owner: str) -> None:
    for name, declared in fields.items():
        _claim_field(catalogue.fields[type_name], type_name, name, OwnedField(name, owner, declared))
        _remember_source(catalogue, declared, owner)


def _remember_source(catalogue: Catalogue, declared: AnyField | RootField, owner: str) -> None:
    source: ListSource | None = getattr(declared, "source", None)
    if source is not None and catalogue.sources.setdefault(source.name, source) is not source:
        raise DeclarationError(f"two lists are called {source.name}; one is of {owner}")
    union: Union | None = getattr(declared, "union", None)
    if union is not None and catalogue.unions.setdefault(union.name, union) is not union:
        raise DeclarationError(f"two unions are called {union.name}; one is of {owner}")
    grouping: Grouping | None = getattr(declared, "grouping", None)
    if grouping is not None and catalogue.groupings.setdefault(grouping.name, grouping) is not grouping:
        raise DeclarationError(f"two groupings are called {grouping.name}; one is of {owner}")


def _add_subscription(catalogue: Catalogue, owned: OwnedSubscription) -> None:
    printed = camel(owned.name)
    known = catalogue.subscriptions.setdefault(printed, owned)
    if known is not owned:
        raise DeclarationError(f"subscription {printed} is declared by {known.owner} and by {owned.owner}")


def _check_unions(catalogue: Catalogue) -> None:
    for union in catalogue.unions.values():
        for member in union.members:
            if member not in catalogue.nodes or not catalogue.nodes[member].sharded:
                raise DeclarationError(f"{union.name} has {member}, which is no node of a shard")


def _check_targets(catalogue: Catalogue) -> None:
    for printed, subscription in catalogue.subscriptions.items():
        if subscription.field.node.target not in catalogue.nodes:
            raise DeclarationError(
                f"Subscription.{printed} of {subscription.owner} leads to {subscription.field.node.target},"
                " which nobody declares"
            )
    for type_name, fields in {**catalogue.fields, "Query": catalogue.queries}.items():
        for name, owned in fields.items():
            source = getattr(owned.field, "source", None)
            target: str | None = source.target if source else getattr(owned.field, "target", None)
            if target is not None and target not in catalogue.nodes:
                raise DeclarationError(f"{type_name}.{name} of {owned.owner} leads to {target}, which nobody declares")
    for grouping in catalogue.groupings.values():
        for dimension in grouping.dimensions:
            if dimension.target is not None and dimension.target not in catalogue.nodes:
                raise DeclarationError(
                    f"{grouping.name}.{dimension.name} leads to {dimension.target}, which nobody declares"
                )


__all__ = ["CORE", "Catalogue", "OwnedField", "OwnedSubscription", "PlannedField", "catalogue_of"]
