"""The `Range` header: one range of bytes, as RFC 9110 §14 reads it."""

from __future__ import annotations

import re

_ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,19})-([0-9]{0,19})[ \t]*", re.IGNORECASE)


class NotSatisfiable(Exception):
    """The range lies outside the file."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last; None for the whole file (no range, several, or one that cannot be read).

    Raises `NotSatisfiable` for a range that begins behind the end.
    """
    found = _ONE_RANGE.fullmatch(header) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        if length == 0:
            raise NotSatisfiable
        return size - length, size
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise NotSatisfiable
    return start, end
