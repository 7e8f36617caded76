"""Which slots of a schedule are due: pure, from the schedule, the last slot that was given, and the instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.clock import SHANGHAI
from core.jobs.job import Schedule

DAY = timedelta(days=1)


def due_slots(schedule: Schedule, last: datetime | None, now: datetime) -> list[datetime]:
    """The slots after `last` up to `now`, oldest first, at most the schedule's `catch_up`; the latest one if none was ever given.

    A clock that was set back gives none again: they are not after the last one.
    """
    wanted = 1 if last is None else schedule.catch_up
    found: list[datetime] = []
    for slot in _backwards(schedule, now):
        if (last is not None and slot <= last) or len(found) == wanted:
            break
        found.append(slot)
    return found[::-1]


def _backwards(schedule: Schedule, now: datetime) -> Iterator[datetime]:
    """The slots at or before an instant, latest first. Shanghai keeps one time all year."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        yield from (slot.astimezone(UTC) for slot in _of_day(schedule, midnight, now))
        midnight -= DAY


def _of_day(schedule: Schedule, midnight: datetime, now: datetime) -> Iterator[datetime]:
    """The slots of a day up to an instant, latest first; none is made that nobody asks for."""
    if schedule.at is not None:
        slot = datetime.combine(midnight.date(), schedule.at.replace(tzinfo=SHANGHAI))
        if slot <= now:
            yield slot
    elif schedule.every is not None:
        last = min((now - midnight) // schedule.every, -(-DAY // schedule.every) - 1)
        for step in range(last, -1, -1):
            yield midnight + schedule.every * step
