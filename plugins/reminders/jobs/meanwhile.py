"""停用期间: what began, or ended, while the plugin was not enabled somewhere, and how far back one has to look for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from core.sdk.acts import Area, SettingsBook
from plugins.reminders.rules.terms import day_of
from plugins.reminders.settings import RemindersSettings

LONGEST_REST: Final = 15
"""Days by which a term can grow at its end, where that lies in the longest holidays."""
REMEMBERED: Final = timedelta(days=30)
"""So long after the plugin came back what came meanwhile is looked for: the first look finds it all."""


KNOWN_LATE: Final = timedelta(days=60)
"""So long before the plugin left may lie what was only entered afterwards."""


def begun_from(area: Area, now: datetime, term: int) -> date:
    """The first day from which a term of so many days can still run, or can have become known while the plugin was away."""
    running = day_of(now) - timedelta(days=2 * term + LONGEST_REST)
    if area.away is None or area.since <= now - REMEMBERED:
        return running
    return min(running, day_of(area.away) - KNOWN_LATE)


def happened_while_away(areas: Iterable[Area], place: tuple[int, int], at: datetime) -> bool:
    """Whether something happened in a place (shard, code) while the plugin, enabled before and now, was away."""
    away, since = _absence(areas, place)
    return away is not None and away <= at < since


def ended_while_away(areas: Iterable[Area], place: tuple[int, int], began_on: date, due_on: date) -> bool:
    """Whether a term that had not ended when the plugin left a place began before it came back."""
    away, since = _absence(areas, place)
    return away is not None and day_of(away) <= due_on and began_on <= day_of(since)


def _absence(areas: Iterable[Area], place: tuple[int, int]) -> tuple[datetime | None, datetime]:
    shard, code = place
    for area in areas:
        if area.shard == shard and area.low <= code < area.high:
            return area.away, area.since
    return None, datetime.max.replace(tzinfo=UTC)


def longest(settings: SettingsBook[RemindersSettings], part: str, default: int) -> int:
    """The longest term that any tenant has ever set in a part of the settings."""
    return max([default, *(int(one.get("term", 0)) for one in said(settings, part))])


def said(settings: SettingsBook[RemindersSettings], part: str) -> Sequence[dict[str, Any]]:
    """What tenants have ever set in a part of the settings."""
    return [one.data.get(part, {}) for versions in settings.versions.values() for one in versions]
