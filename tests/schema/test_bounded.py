"""A bounded cache lets go of what was used longest ago, by number and by weight."""

from __future__ import annotations

from schema.bounded import BoundedCache


def test_by_number() -> None:
    cache: BoundedCache[str, int] = BoundedCache(2)
    for key in "ab":
        cache.put(key, 1)
    assert cache.get("a") == 1
    cache.put("c", 1)
    assert (cache.get("a"), cache.get("b"), len(cache)) == (1, None, 2)


def test_by_weight() -> None:
    cache: BoundedCache[str, int] = BoundedCache(100, 10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 4)
    cache.put("c", 3, 4)
    assert [cache.get(key) for key in "abc"] == [None, 2, 3]
    cache.put("b", 2, 9)
    assert [cache.get(key) for key in "abc"] == [None, 2, None]
    assert (cache.weight, len(cache)) == (9, 1)
    cache.put("d", 4, 11)
    assert (cache.weight, len(cache)) == (0, 0)
