"""Since when a plugin has been effective without a break (连续启用之始), from everything that was ever said of it.

To say "enabled" again, of a city or of a district in it, changes nothing about the time before: what was due in between was due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from core.extension.enablement import Choice, Policy, Range, Ranges, effective_everywhere, within
from core.extension.records import said_of

DATED = tuple[int, int, datetime]
"""A range of codes, and since when."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one tenant said of one plugin from an instant on."""

    at: datetime
    plugin: str
    low: int
    high: int
    policy: Policy
    choice: Choice


def enabled_since(
    shard: int, statements: Iterable[Statement], plugin: str, requires: Mapping[str, Iterable[str]], span: Range
) -> list[DATED]:
    """Where in `span` a plugin, and all that it requires, is effective now, and since when each part has been so."""
    ordered = sorted(statements, key=lambda one: one.at)
    steps = _steps(shard, ordered, plugin, requires, span)
    if not steps:
        return []
    edges = {edge for one in ordered for edge in (one.low, one.high)}
    open_parts = [part for low, high in steps[-1][1] for part in _cut(low, high, edges)]
    found: dict[Range, datetime] = dict.fromkeys(open_parts, steps[-1][0])
    for at, ranges in reversed(steps[:-1]):
        open_parts = [part for part in open_parts if within(ranges, *part)]
        if not open_parts:
            break
        found.update(dict.fromkeys(open_parts, at))
    return _joined(found)


def _steps(
    shard: int, ordered: Sequence[Statement], plugin: str, requires: Mapping[str, Iterable[str]], span: Range
) -> list[tuple[datetime, Ranges]]:
    """Where the plugin was effective from each instant at which something was said."""
    said: dict[tuple[str, int], Statement] = {}
    steps: dict[datetime, Ranges] = {}
    for one in ordered:
        said[one.plugin, one.low] = one
        rows = [(now.plugin, now.low, now.high, now.policy, now.choice) for now in said.values()]
        steps[one.at] = effective_everywhere(said_of(shard, rows), requires, *span)[plugin]
    return list(steps.items())


def _cut(low: int, high: int, edges: Iterable[int]) -> Iterable[Range]:
    return pairwise([low, *sorted(edge for edge in edges if low < edge < high), high])


def _joined(found: Mapping[Range, datetime]) -> list[DATED]:
    """Neighbours of one beginning as one."""
    joined: list[DATED] = []
    for (low, high), since in sorted(found.items()):
        if joined and joined[-1][1:] == (low, since):
            joined[-1] = (joined[-1][0], high, since)
        else:
            joined.append((low, high, since))
    return joined
