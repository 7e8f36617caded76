"""Enums of the schema: their values carry the Chinese label in the description, and `enumLabels` answers them as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from core.labels import Labelled
from schema.describe import Deprecation, Doc

_ATTRIBUTE = "__strawberry_definition__"
_DEPRECATED = "__deprecated_values__"
_Kind = TypeVar("_Kind", bound=Labelled)


def deprecated_values(**values: Deprecation) -> Callable[[type[_Kind]], type[_Kind]]:
    """Mark members of an enum, by name, as no longer to be used."""

    def mark(enum: type[_Kind]) -> type[_Kind]:
        unknown = values.keys() - enum.__members__.keys()
        if unknown:
            raise ValueError(f"{enum.__name__} has no {', '.join(sorted(unknown))}")
        setattr(enum, _DEPRECATED, values)
        return enum

    return mark


def described_enum(enum: type[Labelled]) -> type[Labelled]:
    """The same enum, known to Strawberry: every value described as 中文（English）. Safe to call again."""
    if _ATTRIBUTE not in vars(enum):
        deprecated: Mapping[str, Deprecation] = getattr(enum, _DEPRECATED, {})
        values = [_value(member, deprecated.get(member.name)) for member in enum]
        setattr(enum, _ATTRIBUTE, StrawberryEnumDefinition(enum, enum.__name__, values, _description(enum)))
    return enum


def _value(member: Labelled, deprecated: Deprecation | None) -> EnumValue:
    reason = deprecated.reason() if deprecated else None
    return EnumValue(member.value, member, deprecation_reason=reason, description=f"{member.zh}（{member.en}）")


def _description(enum: type[Labelled]) -> str:
    """The first line of the docstring; where it has the Chinese term alone, the name of the enum in words stands beside it."""
    first_line = (enum.__doc__ or enum.__name__).strip().split("\n", 1)[0]
    if re.search("[A-Za-z]{2}", first_line):
        return first_line
    words = " ".join(re.findall("[A-Z][a-z]*", enum.__name__)).lower()
    return f"{first_line.rstrip('。.')}（{words}）。"


def closed_enum(name: str, description: str, values: Mapping[str, Doc]) -> type[StrEnum]:
    """An enum made of names and what they mean: the orders of a list."""
    enum: type[StrEnum] = StrEnum(name, {key: key for key in values})  # type: ignore[misc]
    members = [
        EnumValue(
            member.value,
            member,
            deprecation_reason=values[member.value].deprecation_reason,
            description=values[member.value].text(),
        )
        for member in enum
    ]
    setattr(enum, _ATTRIBUTE, StrawberryEnumDefinition(enum, name, members, description))
    return enum
