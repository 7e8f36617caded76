"""Whether two servers answer the same: the same values in the same order, ids aside, which each writes in its own way."""

from __future__ import annotations

from typing import Any

ENCODED = {"id"}
"""Fields that each server encodes in its own way."""
OURS_ALONE = {"errors"}
"""What a payload of ours has beside the others', empty where all went well."""


WRAPPERS = ({"nodes"}, {"case"})
"""What stands around a value in some servers and not in others, where nothing stands beside it."""


def plain(value: Any) -> Any:
    """An answer without ids, without empty payload errors, without wrappers."""
    if isinstance(value, dict):
        kept = {
            key: plain(one)
            for key, one in value.items()
            if key not in ENCODED and not (key in OURS_ALONE and one == [])
        }
        return next(iter(kept.values())) if set(kept) in WRAPPERS else kept
    return [plain(one) for one in value] if isinstance(value, list) else value


def difference(one: Any, other: Any, path: str = "data") -> str | None:
    """Where two plain answers first differ, in words; None where they are equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        if set(one) != set(other):
            return f"{path}: fields {sorted(set(one) ^ set(other))} on one side only"
        return next(filter(None, (difference(one[key], other[key], f"{path}.{key}") for key in one)), None)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{path}: {len(one)} against {len(other)} items"
        pairs = enumerate(zip(one, other, strict=True))
        return next(filter(None, (difference(*pair, f"{path}[{place}]") for place, pair in pairs)), None)
    return None if one == other else f"{path}: {one!r} against {other!r}"
