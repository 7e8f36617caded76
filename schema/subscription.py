"""Subscriptions as data: which domain events a root field of `Subscription` tells, and the node that each brings along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.values import get_argument_values, get_variable_values

from core.labels import Labelled
from schema.describe import Doc
from schema.names import camel
from schema.planner.selection import Document


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """领域事件: a committed event, as it is told. `cursor` is the place right after it, to resume from."""

    id: UUID
    name: str
    shard: int
    subject_type: str
    subject_id: UUID
    payload: Mapping[str, Any]
    occurred_at: str
    cursor: str


@dataclass(frozen=True, slots=True)
class OwnedSubscription:
    """A declared subscription, its name in Python and the owner that contributed it."""

    name: str
    owner: str
    field: SubscriptionField


@dataclass(frozen=True, slots=True)
class EventNode:
    """The node that comes with an event: `key` names the entry of the event's payload that holds its id; None, its subject."""

    name: str
    target: str
    doc: Doc
    key: str | None = None

    def id_in(self, event: SourceEvent) -> UUID | None:
        """The node's id; None where the event is about no such node."""
        if self.key is None:
            return event.subject_id if event.subject_type == self.target else None
        found = event.payload.get(self.key)
        try:
            return UUID(str(found)) if found is not None else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class SubscriptionField:
    """订阅: one root field of `Subscription`, over all owners alike.

    `events` says which domain events it tells, by class name, and as which member of `kinds`; `needs` names a permission
    for those that not every holder of `permission` may learn of. An event is told to those who see the row that it happened
    to and its node, by row-level security at the moment of telling; nobody declares an audience.
    """

    doc: Doc
    type_name: str
    type_doc: Doc
    kinds: type[Labelled]
    events: Mapping[str, Labelled]
    node: EventNode
    needs: Mapping[str, str] = field(default_factory=dict)
    by_node: bool = True
    permission: str | None = None
    deprecated: str | None = None
    names: frozenset[str] = field(init=False)
    """The domain events' names: one set, shared by all who ask for all of them."""

    def __post_init__(self) -> None:
        """Collect the names."""
        object.__setattr__(self, "names", frozenset(self.events))

    @property
    def node_argument(self) -> str:
        """The argument that narrows the stream to one node: `case_id`."""
        return f"{self.node.name}_id"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one subscription asks for: the declared field, the kinds of events, the node's id as written, the cursor."""

    field: SubscriptionField
    names: frozenset[str]
    node_id: str | None = None
    after: str | None = None


def asked_of(
    schema: GraphQLSchema,
    subscriptions: Mapping[str, OwnedSubscription],
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> Asked:
    """Read the one root field of a validated subscription; `GraphQLError` for variables and arguments that do not fit."""
    root = schema.subscription_type
    values = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    if isinstance(values, list):
        raise values[0]
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    selected = Document(schema, fragments, values).fields("Subscription", [operation.selection_set])
    nodes = next(iter(selected.values()), None)
    if root is None or nodes is None:
        raise GraphQLError("the subscription selects no field")
    name = nodes[0].name.value
    field_ = subscriptions[name].field
    given = get_argument_values(root.fields[name], nodes[0], values)
    kinds = given.get("events")
    told = field_.names if kinds is None else frozenset(name for name, kind in field_.events.items() if kind in kinds)
    return Asked(field_, told, given.get(camel(field_.node_argument)), given.get("after"))
