"""Mutations made of acts: their input, payload and error types, and the input read back from what a client sent."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from core.errors import BadUserInput
from core.labels import Labelled
from schema.act import Act
from schema.build import TypeBuilder, nullable
from schema.catalogue import Catalogue
from schema.cost import FieldCost
from schema.describe import Doc, Ref
from schema.ids import IdCodec
from schema.names import camel
from schema.scalars import Date, DateTime, DecimalText, Time

EXPECTED_VERSION = "expected_version"
"""The input field by which a client says which version of a row it has read."""
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
        return self.builder.input_field(slot.name, whole, slot.doc, **default)

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
        versioned = any(slot.name == EXPECTED_VERSION for slot in slots_of(act.given))
        otherwise = "失败时为空；他人已修改（CONFLICT）时为当前内容" if versioned else "失败时为空"
        fields = [
            self.builder.plain(act.result_field, f"Optional[{act.returns}]", Doc(target.zh, target.en, otherwise)),
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
