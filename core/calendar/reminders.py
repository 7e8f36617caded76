"""Reminder days (提醒日): some days before a period ends, moved off rest days."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.calendar.working_days import WorkingCalendar

DEFAULT_OFFSETS: Final = (7, 1)
"""One week and one day before (setting `reminder.offsets`)."""


class NonworkingRule(enum.StrEnum):
    """What happens to a reminder that falls on a rest day: setting `reminder.nonworking`."""

    ADVANCE = "advance"
    KEEP = "keep"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ReminderDay:
    """One reminder (提醒): T−`offset`, nominally on `nominal_on`, sent on `remind_on`.

    `short_lead`: its day was past when the duty was registered, so it is sent on the day of registration, a rest day
    or not.
    """

    offset: int
    nominal_on: date
    remind_on: date
    short_lead: bool

    @property
    def moved(self) -> bool:
        """Whether it is sent on another day than its nominal one."""
        return self.remind_on != self.nominal_on


def reminder_days(
    due: date,
    calendar: WorkingCalendar,
    *,
    offsets: Sequence[int] = DEFAULT_OFFSETS,
    nonworking: NonworkingRule = NonworkingRule.ADVANCE,
    registered_on: date | None = None,
) -> tuple[ReminderDay, ...]:
    """The reminders before a last day, one record per offset even where two fall on one day, none after `due`.

    Pass `Period.earliest_due` as `due`, which for a settled period is its last day. `ADVANCE` moves a reminder on a
    rest day earlier to a working day, `KEEP` leaves it, `BOTH` gives a record for each of the two days.
    A duty registered after `due` gets none: it is missed already.
    Raises ValueError for a negative offset and DateOutOfRange.
    """
    if any(offset < 0 for offset in offsets):
        raise ValueError("a reminder's offset counts days before the last day")
    if registered_on is not None and registered_on > due:
        return ()
    found: dict[tuple[int, date], ReminderDay] = {}
    for offset in offsets:
        nominal_on = due - timedelta(days=offset)
        for day in _days(nominal_on, calendar, nonworking):
            remind_on = day if registered_on is None else max(day, registered_on)
            found.setdefault((offset, remind_on), ReminderDay(offset, nominal_on, remind_on, remind_on != day))
    return tuple(found.values())


def _days(nominal_on: date, calendar: WorkingCalendar, nonworking: NonworkingRule) -> Iterator[date]:
    working = calendar.previous_workday(nominal_on)
    if nonworking is not NonworkingRule.KEEP:
        yield working
    if nonworking is NonworkingRule.KEEP or (nonworking is NonworkingRule.BOTH and working != nominal_on):
        yield nominal_on
