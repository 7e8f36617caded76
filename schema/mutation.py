"""Mutations made of acts: input, payload, closed error codes; each runs in a transaction of its own."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from graphql import FieldNode
from strawberry.types.field import StrawberryField

from core.db.session import TenantSession
from core.errors import ActRefused, BadUserInput
from core.labels import Labelled
from schema.act import Act
from schema.build import TypeBuilder, nullable
from schema.catalogue import Catalogue
from schema.context import OperationContext
from schema.cost import FieldCost
from schema.describe import Doc, Ref
from schema.ids import GlobalId, IdCodec
from schema.names import camel
from schema.planner.compiler import Compiler
from schema.planner.execute import ById, Info, Planned, document_of, require
from schema.scalars import Date, DateTime, DecimalText, Time

LEAVES: dict[Any, Any] = {
    str: str,
    int: int,
    bool: bool,
    date: Date,
    datetime: DateTime,
    time: Time,
    Decimal: DecimalText,
    UUID: strawberry.ID,
}


@strawberry.interface(description="可由使用者修正的错误（user error）。")
class UserError:
    """What an act was refused for; every mutation has its own type of it, with a closed code enum."""

    message: str = strawberry.field(description="英文说明（message in English）。")
    message_zh: str = strawberry.field(description="中文说明（message in Chinese）。")
    path: list[str] = strawberry.field(description='有误的输入项（path of the input），如 `["input", "heldOn"]`。')


@dataclass(slots=True)
class Payload:
    """What a mutation answers: node fragments by response key, errors, and the client's own mark."""

    nodes: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[Any] = ()
    client_mutation_id: str | None = None
    revealed: Any = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of an act's input: its name, its type without wrappers, and what it refers to."""

    name: str
    leaf: Any
    many: bool
    optional: bool
    doc: Doc
    ref: str | None
    default: Any


_SLOTS: dict[type[Any], tuple[Slot, ...]] = {}


def slots_of(given: type[Any]) -> tuple[Slot, ...]:
    """The fields of an act's input dataclass, from its annotations; read once, for that costs more than reading an input."""
    if given not in _SLOTS:
        hints = get_type_hints(given, include_extras=True)
        _SLOTS[given] = tuple(_slot(declared, hints[declared.name]) for declared in dataclasses.fields(given))
    return _SLOTS[given]


def revealed_slots(act: Act) -> list[Slot]:
    """The plain fields that an act's payload has beside the node: those of `reveals`, without its id."""
    if act.reveals is None:
        return []
    hints = get_type_hints(act.reveals, include_extras=True)
    return [
        _slot(declared, hints[declared.name]) for declared in dataclasses.fields(act.reveals) if declared.name != "id"
    ]


def _slot(declared: Any, hint: Any) -> Slot:
    marks: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *rest = get_args(hint)
        marks = tuple(rest)
    optional = False
    if get_origin(hint) in {Union, types.UnionType}:
        members = [member for member in get_args(hint) if member is not type(None)]
        optional = len(members) < len(get_args(hint))
        hint = members[0]
    many = get_origin(hint) in {tuple, list}
    leaf = get_args(hint)[0] if many else hint
    doc = next((mark for mark in marks if isinstance(mark, Doc)), None)
    if doc is None:
        raise TypeError(f"{declared.name}: an act's input field needs a Doc")
    ref = next((mark.node for mark in marks if isinstance(mark, Ref)), None)
    default = declared.default
    if declared.default_factory is not dataclasses.MISSING:
        default = declared.default_factory()
    return Slot(declared.name, leaf, many, optional, doc, ref, default)


class MutationBuilder:
    """Makes the mutation field, and its types, of every act."""

    def __init__(self, builder: TypeBuilder, catalogue: Catalogue) -> None:
        self.builder = builder
        self.catalogue = catalogue
        self.builder.types["UserError"] = UserError

    def field(self, act: Act) -> StrawberryField:
        """The field of `Mutation` for an act, and the types that it needs."""
        given = self._input(act.given, f"{act.type_stem}Input", act.doc)
        self._error_type(act)
        payload = self._payload_type(act)
        made = self.builder.plain(act.name, nullable(payload), act.doc, FieldCost(act.cost))
        made.graphql_name = act.name
        made.description = act.doc.text(act.permission)
        made.arguments = [self.builder.argument("input", given, "输入（input）。")]
        return made

    def _input(self, given: type[Any], name: str, doc: Doc, *, nested: bool = False) -> Any:
        if name in self.builder.types:
            return self.builder.types[name]
        fields = [self._input_field(slot) for slot in slots_of(given)]
        if not nested:
            mark = Doc("客户端标记", "client mutation id", "原样返回").text()
            fields.append(self.builder.input_field("client_mutation_id", nullable(str), mark, default=None))
        return self.builder.input_type(name, f"{doc.zh}的输入（input）。", fields)

    def _input_field(self, slot: Slot) -> StrawberryField:
        leaf = self._leaf(slot)
        whole: Any = list[leaf] if slot.many else leaf  # type: ignore[valid-type]
        has_default = slot.default is not dataclasses.MISSING
        if slot.optional or (has_default and slot.many):
            whole = nullable(whole)
        default: dict[str, Any] = {}
        if has_default:
            default["default"] = None if slot.many and not slot.default else slot.default
        return self.builder.input_field(slot.name, whole, slot.doc.text(), **default)

    def _leaf(self, slot: Slot) -> Any:
        if isinstance(slot.leaf, type) and issubclass(slot.leaf, Labelled):
            return self.builder.enum(slot.leaf)
        if dataclasses.is_dataclass(slot.leaf) and isinstance(slot.leaf, type):
            return self._input(slot.leaf, f"{slot.leaf.__name__}Input", slot.doc, nested=True)
        return LEAVES[slot.leaf]

    def _error_type(self, act: Act) -> None:
        codes = self.builder.enum(act.refusals)
        code = self.builder.plain("code", codes, Doc("错误代码", "error code"))
        name = f"{act.type_stem}Error"
        self.builder.types[name] = self.builder.object_type(name, f"{act.doc.zh}的错误（error）。", [code], UserError)

    def _payload_type(self, act: Act) -> Any:
        target = self.catalogue.nodes[act.returns].doc
        fields = [
            self.builder.plain(act.result_field, f"Optional[{act.returns}]", Doc(target.zh, target.en, "失败时为空")),
            self.builder.plain("errors", f"list[{act.type_stem}Error]", Doc("错误", "errors", "成功时为空列表")),
            self.builder.plain("client_mutation_id", nullable(str), Doc("客户端标记", "client mutation id")),
        ]
        fields += [self.builder.plain(slot.name, nullable(LEAVES[slot.leaf]), slot.doc) for slot in revealed_slots(act)]
        name = f"{act.type_stem}Payload"
        self.builder.types[name] = self.builder.object_type(name, f"{act.doc.zh}的结果（payload）。", fields)
        return self.builder.types[name]


def given_of(given: type[Any], values: Mapping[str, Any], ids: IdCodec, shard: int, path: str = "input") -> Any:
    """The act's input dataclass from coerced arguments: ids decoded, absent values at their defaults."""
    built: dict[str, Any] = {}
    for slot in slots_of(given):
        value = values.get(camel(slot.name))
        here = f"{path}.{camel(slot.name)}"
        if value is None:
            if slot.default is dataclasses.MISSING:
                built[slot.name] = () if slot.many else None
            continue
        if slot.many:
            _stay_within_list(value, here)
            built[slot.name] = tuple(_one(slot, item, ids, shard, f"{here}[{n}]") for n, item in enumerate(value))
        else:
            built[slot.name] = _one(slot, value, ids, shard, here)
    return given(**built)


MAX_ITEMS = 100
"""Items of one list of an input."""


def _stay_within_list(value: Sequence[Any], path: str) -> None:
    if len(value) > MAX_ITEMS:
        raise BadUserInput(
            f"{path} takes at most {MAX_ITEMS}", f"{path} 最多 {MAX_ITEMS} 项", field=path, limit=MAX_ITEMS
        )


NOWHERE = UUID(int=0)
"""What an id of another shard is decoded to: no row has it, so the act answers NOT_FOUND as for any missing row."""


def _one(slot: Slot, value: Any, ids: IdCodec, shard: int, path: str) -> Any:
    if slot.ref is not None:
        found = ids.decode_as(str(value), slot.ref, path)
        return found.key if found.shard in {shard, 0} else NOWHERE
    if dataclasses.is_dataclass(slot.leaf) and isinstance(slot.leaf, type):
        return given_of(slot.leaf, value, ids, shard, path)
    if isinstance(slot.leaf, type) and issubclass(slot.leaf, Enum) and not isinstance(value, slot.leaf):
        return slot.leaf(value)
    return value


def act_resolver(act: Act, catalogue: Catalogue) -> Any:
    """The resolver of an act's mutation: one transaction, committed only when the answer has been read in it."""

    async def resolve(_root: Any, info: Info, **arguments: Any) -> Payload:
        context: OperationContext = info.context
        require(context, act.permission)
        values = arguments["input"]
        mark = values.get("clientMutationId")
        given = given_of(act.given, values, context.ids, context.view.scope.shard)
        try:
            async with context.database.write(context.view.scope, context.timeout_ms) as session:
                done = await act.perform(await context.begin_act(session), given)
                key = done.id if act.reveals is not None else done
                nodes = await _read_back(act, catalogue, info, session, key)
        except ActRefused as refused:
            return Payload(errors=[_error(refused)], client_mutation_id=mark)
        return Payload(nodes, (), mark, done if act.reveals is not None else None)

    return resolve


async def _read_back(act: Act, catalogue: Catalogue, info: Info, session: TenantSession, key: UUID) -> dict[str, Any]:
    """The changed node as selected, under each of its response keys, read in the act's own transaction."""
    context: OperationContext = info.context
    wanted: dict[str, list[FieldNode]] = {
        response_key: nodes
        for response_key, nodes in document_of(info).below(f"{act.type_stem}Payload", info.field_nodes).items()
        if nodes[0].name.value == act.result_field
    }
    by_id = ById.of(catalogue, GlobalId(act.returns, context.view.scope.shard, key))
    answers: dict[str, Any] = {}
    for response_key, nodes in wanted.items():
        write = partial(Compiler.root_node, type_name=act.returns, nodes=nodes)
        planned = Planned(catalogue, info, write, by_id, response_key)
        await planned.fetch(session)
        answers[response_key] = await planned.finish()
    return answers


def _error(refused: ActRefused) -> RefusedAct:
    return RefusedAct(refused.code, refused.message, refused.message_zh, list(refused.path))


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """A refusal as the payload shows it."""

    code: Enum
    message: str
    message_zh: str
    path: list[str]


def payload_field(act: Act, name: str) -> Any:
    """The resolver of one field of an act's payload."""

    def resolve(payload: Payload, info: Info) -> Any:
        if name == act.result_field:
            return payload.nodes.get(str(info.path.key))
        if name == "errors":
            return payload.errors
        if name == "clientMutationId":
            return payload.client_mutation_id
        return getattr(payload.revealed, _snake(name, act), None)

    return resolve


def _snake(name: str, act: Act) -> str:
    return next((slot.name for slot in revealed_slots(act) if camel(slot.name) == name), name)
