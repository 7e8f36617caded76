"""Where a plugin is effective (插件生效范围), as pure rules over ranges of tenant codes.

The root tenant of a city sets a policy: ALLOWED, REQUIRED or FORBIDDEN. Within what it allows, every tenant (the city too)
may choose ENABLED or DISABLED, or leave it to the nearest tenant above that chose (INHERIT). Nobody chose: not effective.
A plugin that requires others is effective only where they are too. Source: docs/plugin-authors-guide.md.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from core.labels import Labelled

Range = tuple[int, int]
"""A half-open range of tenant codes."""
Ranges = tuple[Range, ...]
"""Disjoint ranges in ascending order, none touching the next."""


class Policy(Labelled):
    """插件策略: what a city says of a plugin, for all of its tenants."""

    ALLOWED = "ALLOWED", "允许", "allowed"
    REQUIRED = "REQUIRED", "必须启用", "required"
    FORBIDDEN = "FORBIDDEN", "禁止", "forbidden"


class Choice(Labelled):
    """启用选择: what a tenant says of a plugin, for itself and for the tenants below that say nothing."""

    ENABLED = "ENABLED", "启用", "enabled"
    DISABLED = "DISABLED", "停用", "disabled"
    INHERIT = "INHERIT", "沿用上级", "inherited from above"


@dataclass(frozen=True, slots=True)
class Said:
    """What the tenant of one range chose. Ranges of tenants lie inside each other or apart, never across."""

    low: int
    high: int
    choice: Choice

    @property
    def nearness(self) -> tuple[int, int]:
        """The smaller, the nearer; among ranges of one width the later one."""
        return self.high - self.low, -self.low


@dataclass(frozen=True, slots=True)
class PluginSaid:
    """Everything that a city and its tenants said of one plugin."""

    policy: Policy = Policy.ALLOWED
    choices: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Enabled:
    """What a viewer has: plugins that are effective somewhere in the range, and where in it each of them is not."""

    plugins: frozenset[str] = frozenset()
    disabled_ranges: Mapping[str, Sequence[Range]] = field(default_factory=dict)


def effective_at(said: PluginSaid, code: int) -> bool:
    """Whether a plugin is effective for rows of one tenant, its requirements aside."""
    if said.policy is not Policy.ALLOWED:
        return said.policy is Policy.REQUIRED
    explicit = [one for one in said.choices if one.low <= code < one.high and one.choice is not Choice.INHERIT]
    nearest = min(explicit, key=lambda one: one.nearness, default=None)
    return nearest is not None and nearest.choice is Choice.ENABLED


def effective_ranges(said: PluginSaid, low: int, high: int) -> Ranges:
    """Where in [low, high) a plugin is effective, its requirements aside: minimal disjoint ranges."""
    if said.policy is Policy.FORBIDDEN or low >= high:
        return ()
    if said.policy is Policy.REQUIRED:
        return ((low, high),)
    explicit = sorted(
        (max(one.low, low), min(one.high, high), one.nearness, one.choice is Choice.ENABLED)
        for one in said.choices
        if one.choice is not Choice.INHERIT and one.low < high and one.high > low
    )
    cuts = sorted({edge for start, end, *_ in explicit for edge in (start, end)})
    open_ones: list[tuple[tuple[int, int], int, bool]] = []
    found: list[Range] = []
    place = 0
    for start, end in pairwise(cuts):
        while place < len(explicit) and explicit[place][0] <= start:
            _, until, nearness, enabled = explicit[place]
            heapq.heappush(open_ones, (nearness, until, enabled))
            place += 1
        while open_ones and open_ones[0][1] <= start:
            heapq.heappop(open_ones)
        if open_ones and open_ones[0][2]:
            _append(found, start, end)
    return tuple(found)


def _append(ranges: list[Range], low: int, high: int) -> None:
    """Add a range after the last one, as one with it where they touch."""
    if ranges and ranges[-1][1] == low:
        ranges[-1] = (ranges[-1][0], high)
    else:
        ranges.append((low, high))


def within(ranges: Ranges, low: int, high: int) -> Ranges:
    """The part of the ranges that lies in [low, high)."""
    first = max(bisect_right(ranges, (low, low)) - 1, 0)
    clipped: list[Range] = []
    for start, end in ranges[first:]:
        if start >= high:
            break
        if max(start, low) < min(end, high):
            clipped.append((max(start, low), min(end, high)))
    return tuple(clipped)


def outside(ranges: Ranges, low: int, high: int) -> Ranges:
    """What of [low, high) the ranges leave over."""
    left: list[Range] = []
    at = low
    for start, end in within(ranges, low, high):
        if at < start:
            left.append((at, start))
        at = end
    if at < high:
        left.append((at, high))
    return tuple(left)


def common(one: Ranges, other: Ranges) -> Ranges:
    """Where both are."""
    found: list[Range] = []
    for low, high in one:
        for start, end in within(other, low, high):
            _append(found, start, end)
    return tuple(found)


def effective_everywhere(
    said: Mapping[str, PluginSaid], requires: Mapping[str, Iterable[str]], low: int, high: int
) -> dict[str, Ranges]:
    """For every installed plugin (the keys of `requires`), where in [low, high) it and all that it requires are effective.

    `requires` has no cycle: the registry refuses one.
    """
    known: dict[str, Ranges] = {}

    def ranges_of(name: str) -> Ranges:
        if name not in known:
            ranges = effective_ranges(said.get(name, PluginSaid()), low, high)
            for required in requires.get(name, ()):
                ranges = common(ranges, ranges_of(required))
            known[name] = ranges
        return known[name]

    return {name: ranges_of(name) for name in requires}


def enabled_in(everywhere: Mapping[str, Ranges], low: int, high: int) -> Enabled:
    """What a viewer of the range [low, high) has."""
    here = {name: within(ranges, low, high) for name, ranges in everywhere.items()}
    plugins = frozenset(name for name, ranges in here.items() if ranges)
    disabled = {name: outside(here[name], low, high) for name in plugins}
    return Enabled(plugins, {name: ranges for name, ranges in disabled.items() if ranges})
