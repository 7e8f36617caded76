"""Names: snake case in Python, camel case in the schema."""

from __future__ import annotations

from functools import cache


@cache
def camel(name: str) -> str:
    """`head_attended` → `headAttended`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@cache
def pascal(name: str) -> str:
    """`head_attended` → `HeadAttended`."""
    whole = camel(name)
    return whole[0].upper() + whole[1:]
