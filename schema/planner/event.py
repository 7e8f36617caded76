"""One event for one subscriber: the node as selected, planned like any other, in one statement that also asks who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from graphql import FieldNode
from strawberry.types.field import StrawberryField

from schema.build import TypeBuilder, nullable
from schema.catalogue import Catalogue
from schema.context import OperationContext
from schema.declared.types import NodeType
from schema.describe import Doc
from schema.names import camel
from schema.planner.compiler import Compiler
from schema.planner.completion import Answer
from schema.planner.execute import ById, Info, Resolver, document_of, read, require
from schema.planner.kept import ID_KEY, ID_SHARD, Slot
from schema.planner.selection import literal
from schema.planner.statement import json_object
from schema.scalars import DateTime
from schema.subscription import OwnedSubscription, SourceEvent, SubscriptionField

SUBJECT_KEY = Slot("subject_key")
PLAIN = {name: Slot(name) for name in ("event", "occurredAt", "eventId", "cursor")}
UNSEEN = "unseen"
"""Where the resolver leaves word (in the operation's `extras`) that the subscriber learns nothing of this event."""


class SubscriptionBuilder:
    """Makes the root field of a subscription and the type of its events."""

    def __init__(self, builder: TypeBuilder) -> None:
        self.builder = builder

    def field(self, owned: OwnedSubscription) -> StrawberryField:
        """The field of `Subscription`, and the types that it needs."""
        declared = owned.field
        kinds = self.builder.enum(declared.kinds)
        self._event_type(declared, kinds)
        made = self.builder.plain(owned.name, f"Optional[{declared.type_name}]", declared.doc)
        made.description = declared.doc.text(declared.permission)
        made.deprecation_reason = declared.deprecated
        arguments = [
            self.builder.argument("events", nullable(list[kinds]), "只要这些事件（events）；默认全部。", None),  # type: ignore[valid-type]
            self.builder.argument(
                "after", nullable(str), "从此游标之后续传（after）：先补发错过的事件，再接实时事件。", None
            ),
        ]
        if declared.by_node:
            text = f"只要这一{declared.node.doc.zh}的事件（events of this {declared.node.doc.en}）。"
            arguments.insert(0, self.builder.argument(declared.node_argument, nullable(strawberry.ID), text, None))
        made.arguments = arguments
        return made

    def _event_type(self, declared: SubscriptionField, kinds: Any) -> None:
        name = declared.type_name
        if name in self.builder.types:
            raise ValueError(f"type {name} is declared twice")
        fields = [
            self.builder.plain("event", kinds, Doc("发生了什么", "what happened")),
            self.builder.plain(declared.node.name, declared.node.target, declared.node.doc),
            self.builder.plain("subject", "Optional[Node]", Doc("事件所涉对象", "what it happened to")),
            self.builder.plain("occurred_at", DateTime, Doc("发生时间", "instant")),
            self.builder.plain("event_id", str, Doc("事件标识", "event id", "重复收到同一事件时相同，可据此去重")),
            self.builder.plain("cursor", str, Doc("游标", "cursor", "断线后放入 `after` 续传")),
        ]
        self.builder.types[name] = self.builder.object_type(name, declared.type_doc.text(), fields)


def event_resolver(catalogue: Catalogue, declared: SubscriptionField) -> Resolver:
    """The resolver of one event: None where the subscriber may not see what it is about, and so learns nothing.

    The statement is compiled once for all events about one type of row: what belongs to one event is filled in at each run.
    """

    async def resolve(source: SourceEvent, info: Info, **_arguments: Any) -> Any:
        context: OperationContext = info.context
        require(context, declared.permission)
        values = _values(catalogue, declared, source, context)
        answer = None
        if values is not None and {declared.node.target, source.subject_type} <= info.schema.type_map.keys():
            subject = catalogue.nodes[source.subject_type]

            def write(compiler: Compiler) -> str:
                return event_sql(compiler, declared, subject, info.field_nodes)

            answer = await read(catalogue, info, write, by_id=ById((declared.type_name, subject.name), values))
        context.extras[UNSEEN] = answer is None
        return _typed(answer, declared, source, info) if isinstance(answer, dict) else answer

    return resolve


def _values(
    catalogue: Catalogue, declared: SubscriptionField, source: SourceEvent, context: OperationContext
) -> Mapping[Slot, Any] | None:
    """What the statement is run with; None for an event that is not told to holders of these permissions, or not at all."""
    key = declared.node.id_in(source)
    subject = catalogue.nodes.get(source.subject_type)
    needed = declared.needs.get(source.name)
    if key is None or subject is None or not subject.sharded or source.name not in declared.events:
        return None
    if needed is not None and needed not in context.view.permissions:
        return None
    return {
        ID_SHARD: source.shard,
        ID_KEY: key,
        SUBJECT_KEY: source.subject_id,
        PLAIN["event"]: declared.events[source.name].value,
        PLAIN["occurredAt"]: source.occurred_at,
        PLAIN["eventId"]: str(source.id),
        PLAIN["cursor"]: source.cursor,
    }


def event_sql(compiler: Compiler, declared: SubscriptionField, subject: NodeType, nodes: Sequence[FieldNode]) -> str:
    """The statement of an event about a row of one type, of which nothing comes where row-level security hides it or its node."""
    node = compiler.catalogue.nodes[declared.node.target]
    alias = compiler.statement.alias()
    pairs = [
        (response_key, _field(compiler, declared, subject, alias, fields))
        for response_key, fields in compiler.document.below(declared.type_name, nodes).items()
    ]
    where = " and ".join([*_is(compiler, node, alias, ID_KEY), _seen(compiler, subject)])
    return f"select {json_object(pairs)}::text from {node.table.name} {alias} where {where}"


def _is(compiler: Compiler, node: NodeType, alias: str, key: Slot) -> list[str]:
    bind = compiler.statement.bind
    return [
        f"{alias}.shard = {bind(ID_SHARD, 'integer')}",
        f"{alias}.id = {bind(key, 'uuid')}",
        *compiler.present(node, alias),
    ]


def _seen(compiler: Compiler, subject: NodeType) -> str:
    """That the row which it happened to is visible: row-level security answers, here as for any query."""
    alias = compiler.statement.alias()
    where = " and ".join(_is(compiler, subject, alias, SUBJECT_KEY))
    return f"exists (select 1 from {subject.table.name} {alias} where {where})"


def _field(
    compiler: Compiler, declared: SubscriptionField, subject: NodeType, alias: str, nodes: Sequence[FieldNode]
) -> str:
    name = nodes[0].name.value
    if name == "__typename":
        return f"{literal(declared.type_name)}::text"
    if name == camel(declared.node.name):
        return compiler.object(compiler.catalogue.nodes[declared.node.target], alias, nodes)
    if name == "subject":
        return f"({compiler.node_at(subject, ID_SHARD, SUBJECT_KEY, nodes)})"
    return compiler.statement.bind(PLAIN[name], "text")


def _typed(answer: dict[str, Any], declared: SubscriptionField, source: SourceEvent, info: Info) -> dict[str, Any]:
    """An answer that graphql-core completes: it is told which type the subject is of."""
    for key, nodes in document_of(info).below(declared.type_name, info.field_nodes).items():
        if nodes[0].name.value == "subject" and answer[key] is not None:
            answer[key] = Answer(answer[key])
            answer[key].type_name = source.subject_type
    return answer
