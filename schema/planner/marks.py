"""Marks: places in a statement's answer that are not finished when PostgreSQL answers.

A mark is a JSON array that begins with the character U+0000, which no text and no jsonb of PostgreSQL can hold: nothing that a
user writes is ever taken for one. Three kinds of places are marked:

- a non-null field whose value turned out to be null (`HIDDEN`),
- a field that failed before the statement ran, or was left out of it, with the reason (`refuse`),
- a field that Python computes, with the values that it is computed of (`batch`),
- an object whose type only its row knows, where another mark may need graphql-core to complete the answer (`typed`).

Most selections can have no mark; their answer is never looked at. Where there can be some, they are found by one search
through the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from graphql import GraphQLOutputType
from sqlalchemy import Column

from schema.declared.fields import BatchField

SIGN = "\x00"
IN_ANSWER = '["\\u0000"'
"""How a mark begins in the answer's text."""
HIDDEN_NUMBER = -1
HIDDEN = f"""'["\\u0000",{HIDDEN_NUMBER}]'::json"""


@dataclass(frozen=True, slots=True)
class Batch:
    """A field that Python computes, at one response path with one set of arguments: one call for all its places."""

    owner: str
    name: str
    field: BatchField
    type: GraphQLOutputType
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OfType:
    """The type of an object behind a field that leads to one type or another."""

    name: str


PARSED: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "UUID": UUID,
        "DATE": date.fromisoformat,
        "DATETIME": datetime.fromisoformat,
        "TIME": time.fromisoformat,
        "NUMERIC": Decimal,
    }
)
"""What makes a Python value of a column's JSON; the other types are JSON's own."""


def _kind(column: Column[Any]) -> str:
    return column.type.__class__.__name__.upper()


def required_sql(alias: str, column: Column[Any]) -> str:
    """A column that Python computes of. A decimal goes as text: as a JSON number it would be read as a float."""
    return f"{alias}.{column.name}{'::text' if _kind(column) == 'NUMERIC' else ''}"


def required_value(value: Any, column: Column[Any]) -> Any:
    """The Python value of what `required_sql` answered."""
    parse = PARSED.get(_kind(column))
    return value if value is None or parse is None else parse(value)


class Marks:
    """What the marks of one statement mean, by their numbers."""

    def __init__(self) -> None:
        self.meanings: list[Exception | Batch | OfType] = []
        self.possible = False
        self.lasting = True
        """Whether they mean the same at every run of the statement."""

    def required(self, json: str) -> str:
        """A JSON value that must not be null: a mark stands where it is."""
        self.possible = True
        return f"coalesce({json}, {HIDDEN})"

    def refuse(self, reason: Exception, *, lasting: bool = False) -> str:
        """The mark of a field that has no value for a reason: of this run's arguments, or a lasting one."""
        self.lasting = self.lasting and lasting
        return f"""'["\\u0000",{self._number(reason)}]'::json"""

    def batch(self, batch: Batch, values: Sequence[str]) -> str:
        """The mark of a field that Python computes of these values."""
        return f"json_build_array('\"\\u0000\"'::json, {', '.join([str(self._number(batch)), *values])})"

    def typed(self, type_name: str, json: str) -> str:
        """The mark of an object, or null, with its type's name."""
        return f"json_build_array('\"\\u0000\"'::json, {self._number(OfType(type_name))}, {json})"

    def _number(self, meaning: Exception | Batch | OfType) -> int:
        self.possible = True
        self.meanings.append(meaning)
        return len(self.meanings) - 1

    def type_of(self, number: int) -> str | None:
        """The type that a mark is there to tell; None of every other mark."""
        meaning = self.meanings[number] if number >= 0 else None
        return meaning.name if isinstance(meaning, OfType) else None

    def found_in(self, answer: str) -> bool:
        """Whether an answer has a mark. The backslash is rare, and found much faster than the whole sign."""
        return self.possible and "\\" in answer and IN_ANSWER in answer
