"""Enums whose members carry their Chinese and English names.

A member is written as its code, its Chinese name (as lawyers and courts write it) and its English name::

    class ProcedureKind(Labelled):
        FIRST = "FIRST", "一审", "first instance"

    ProcedureKind.FIRST.value   # "FIRST": stored, and the GraphQL name
    ProcedureKind.FIRST.zh      # "一审"
    ProcedureKind("FIRST")      # looked up by code
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A string enum with a Chinese label (`zh`) and an English one (`en`) on every member."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        """Make a member from its code, Chinese and English name; an empty name is a `ValueError`."""
        if not (code and zh and en):
            raise ValueError(f"{cls.__name__}: a member needs a code, a Chinese and an English name, got {code!r}")
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    @classmethod
    def from_zh(cls, label: str) -> Self:
        """The member with this Chinese name; `ValueError` if there is none."""
        for member in cls:
            if member.zh == label:
                return member
        raise ValueError(f"{label!r} is no Chinese name of {cls.__name__}")
