"""Since when a plugin has been effective without a break (连续启用之始), from everything that was ever said of it.

To say "enabled" again, of a city or of a district in it, changes nothing about the time before: what was due in between was due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from core.extension.enablement import Choice, Policy, Range, Ranges, effective_everywhere, within
from core.extension.records import said_of


@dataclass(frozen=True, slots=True)
class Span:
    """A range of codes, since when a plugin has been effective there, and since when it had been away before, if it ever was on."""

    low: int
    high: int
    since: datetime
    away: datetime | None


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
) -> list[Span]:
    """Where in `span` a plugin, and all that it requires, is effective now, and since when each part has been so."""
    ordered = sorted(statements, key=lambda one: one.at)
    steps = _steps(shard, ordered, plugin, requires, span)
    if not steps:
        return []
    edges = {edge for one in ordered for edge in (one.low, one.high)}
    parts = [part for low, high in steps[-1][1] for part in _cut(low, high, edges)]
    return _joined([Span(*part, *_beginnings(part, steps)) for part in parts])


def _beginnings(part: Range, steps: Sequence[tuple[datetime, Ranges]]) -> tuple[datetime, datetime | None]:
    """Of a part that is effective now: when that began, and when the time without the plugin before it began."""
    history = [(at, bool(within(ranges, *part))) for at, ranges in steps]
    place = len(history) - 1
    while place and history[place - 1][1]:
        place -= 1
    since = history[place][0]
    while place and not history[place - 1][1]:
        place -= 1
    return since, history[place][0] if place else None


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


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours of one history as one."""
    joined: list[Span] = []
    for one in spans:
        last = joined[-1] if joined else None
        if last is not None and (last.high, last.since, last.away) == (one.low, one.since, one.away):
            joined[-1] = replace(last, high=one.high)
        else:
            joined.append(one)
    return joined
