"""Enums of the schema: their values carry the Chinese label in the description, and `enumLabels` answers them as data."""

from __future__ import annotations

import re
from enum import StrEnum

from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from core.labels import Labelled

_ATTRIBUTE = "__strawberry_definition__"


def described_enum(enum: type[Labelled]) -> type[Labelled]:
    """The same enum, known to Strawberry: every value described as 中文（English）. Safe to call again."""
    if _ATTRIBUTE not in vars(enum):
        values = [EnumValue(member.value, member, description=f"{member.zh}（{member.en}）") for member in enum]
        setattr(enum, _ATTRIBUTE, StrawberryEnumDefinition(enum, enum.__name__, values, _description(enum)))
    return enum


def _description(enum: type[Labelled]) -> str:
    """The first line of the docstring; where it has the Chinese term alone, the name of the enum in words stands beside it."""
    first_line = (enum.__doc__ or enum.__name__).strip().split("\n", 1)[0]
    if re.search("[A-Za-z]{2}", first_line):
        return first_line
    words = " ".join(re.findall("[A-Z][a-z]*", enum.__name__)).lower()
    return f"{first_line.rstrip('。.')}（{words}）。"


def closed_enum(name: str, description: str, values: dict[str, str]) -> type[StrEnum]:
    """An enum made of names and descriptions: the orders of a list."""
    enum: type[StrEnum] = StrEnum(name, {key: key for key in values})  # type: ignore[misc]
    members = [EnumValue(member.value, member, description=values[member.value]) for member in enum]
    setattr(enum, _ATTRIBUTE, StrawberryEnumDefinition(enum, name, members, description))
    return enum
