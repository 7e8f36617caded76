"""What is left to do in a marked answer: compute fields in batches, and let graphql-core complete what failed or is hidden.

An answer whose marks are all computed becomes bytes again. Only where a field failed, or a non-null field is null, does
graphql-core complete the parsed answer: it knows where a null has to stop, and writes an error for each path.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from graphql import (
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
)

from core.errors import YingsuError
from schema.planner.marks import HIDDEN_NUMBER, SIGN, Batch, Marks, OfType, required_value

if TYPE_CHECKING:
    from schema.context import OperationContext

log = logging.getLogger("yingsu.graphql")


class FieldFailed(YingsuError):
    """A single field that failed, whose neighbours did not: a plugin's, or one that Python computes."""

    def __init__(self, owner: str, name: str) -> None:
        super().__init__(f"{name} of {owner} could not be answered", f"{owner} 的 {name} 未能得出", owner=owner)


class Answer(dict[str, Any]):
    """The parsed object of a field of an abstract type, which remembers its type."""

    type_name: str


class _Place:
    """Where a mark stood, and what it brought."""

    __slots__ = ("container", "key", "values")

    def __init__(self, container: Any, key: Any, values: list[Any]) -> None:
        self.container = container
        self.key = key
        self.values = values


async def finished(context: OperationContext, marks: Marks, answer: str, types: Sequence[str | None] = ()) -> Any:
    """A marked answer, finished: bytes where all is well, otherwise plain data for graphql-core to complete.

    `types` are the node types of the answer, or of its items, where the root field's type is the interface.
    """
    whole = [orjson.loads(answer)]
    places: dict[int, list[_Place]] = {}
    _collect(marks, whole, 0, whole[0], places)
    flawed = False
    for number, found in places.items():
        values = await _values(context, marks, number, found)
        for place, value in zip(found, values, strict=True):
            place.container[place.key] = value
        flawed = flawed or _flawed(marks, number, values)
    return _typed(whole[0], types) if flawed else orjson.Fragment(orjson.dumps(whole[0]))


def _collect(marks: Marks, container: Any, key: Any, value: Any, places: dict[int, list[_Place]]) -> None:
    if isinstance(value, list) and value and value[0] == SIGN:
        of_type = marks.type_of(value[1])
        if of_type is None:
            places.setdefault(value[1], []).append(_Place(container, key, value[2:]))
            return
        value = container[key] = _with_type(value[2], of_type)
        if value is None:
            return
    for inner_key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            _collect(marks, value, inner_key, item, places)


async def _values(context: OperationContext, marks: Marks, number: int, found: Sequence[_Place]) -> Sequence[Any]:
    if number == HIDDEN_NUMBER:
        return [None] * len(found)
    meaning = marks.meanings[number]
    if isinstance(meaning, Batch):
        return await _computed(context, meaning, [place.values for place in found])
    if isinstance(meaning, OfType):
        raise TypeError("an object with its type is no place to be filled")
    return [meaning.with_traceback(None)] * len(found)  # a lasting one would else collect where it was ever raised


def _flawed(marks: Marks, number: int, values: Sequence[Any]) -> bool:
    if number == HIDDEN_NUMBER:
        return True
    meaning = marks.meanings[number]
    required = isinstance(meaning, Batch) and isinstance(meaning.type, GraphQLNonNull)
    return any(isinstance(value, Exception) or (required and value is None) for value in values)


async def _computed(context: OperationContext, batch: Batch, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """The values of a field that Python computes, as its type writes them; an exception where there is none."""
    columns = batch.field.requires.items()
    given = [
        {name: required_value(value, column) for (name, column), value in zip(columns, row, strict=True)}
        for row in rows
    ]
    try:
        values = await batch.field.resolve(context, given, **batch.arguments)
        if len(values) != len(given):
            raise ValueError(f"{batch.name} answered {len(values)} values for {len(given)} rows")  # noqa: TRY301
    except Exception as failure:  # noqa: BLE001 - whatever it raises, it fails its own field and no other
        return [_failure(batch, failure)] * len(given)
    return [_written(batch, value) for value in values]


def _written(batch: Batch, value: Any) -> Any:
    if isinstance(value, Exception):
        return _failure(batch, value)
    try:
        return coerced(batch.type, value)
    except Exception as failure:  # noqa: BLE001 - a value that its type does not take
        return _failure(batch, failure)


def _failure(batch: Batch, failure: Exception) -> Exception:
    if isinstance(failure, YingsuError):
        return failure
    log.error("%s of %s failed", batch.name, batch.owner, exc_info=failure)
    return FieldFailed(batch.owner, batch.name)


def coerced(kind: GraphQLOutputType, value: Any) -> Any:
    """A Python value as a leaf type, or a list of it, writes it."""
    if isinstance(kind, GraphQLNonNull):
        return coerced(kind.of_type, value)
    if value is None:
        return None
    if isinstance(kind, GraphQLList):
        return [coerced(kind.of_type, item) for item in value]
    if not isinstance(kind, GraphQLLeafType):
        raise TypeError(f"{kind} is no leaf type")
    written = kind.coerce_output_value(value)
    if written is None or written is Undefined:
        raise TypeError(f"{kind} does not take {value!r}")
    return written


def _typed(answer: Any, types: Sequence[str | None]) -> Any:
    if not types:
        return answer
    if isinstance(answer, list):
        return [_with_type(item, name) for item, name in zip(answer, types, strict=True)]
    return _with_type(answer, types[0])


def _with_type(item: Any, name: str | None) -> Any:
    if item is None or name is None:
        return None
    typed = Answer(item)
    typed.type_name = name
    return typed


def let_complete(schema: GraphQLSchema) -> None:
    """Let graphql-core complete parsed answers of a schema: fields are found by response key, types by what the planner knows."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind is not schema.query_type:
            if any(interface.name == "Node" for interface in kind.interfaces):
                kind.is_type_of = None
            for field in kind.fields.values():
                field.resolve = _by_response_key(field.resolve)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLUnionType) or (isinstance(kind, GraphQLInterfaceType) and kind.name == "Node"):
            kind.resolve_type = _type_of


def _by_response_key(otherwise: Any) -> Any:
    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if isinstance(source, dict):
            return source.get(info.path.key)
        return otherwise(source, info, **arguments)

    return resolve


def _type_of(value: Any, _info: GraphQLResolveInfo[Any], _kind: Any) -> str | None:
    return getattr(value, "type_name", None)
