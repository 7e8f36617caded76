"""提醒: when a last day is reminded of, and when the last reminder, still unread, becomes a task to telephone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.sdk.rules import SHANGHAI, ReminderDay, WorkingCalendar, reminder_days
from plugins.reminders.rules.terms import day_of
from plugins.reminders.settings import RemindersSettings


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One reminder (T−`offset`), sent at `send_at`; `on_rest_day` marks the second one of the setting `both`."""

    offset: int
    nominal_on: date
    send_on: date
    send_at: datetime
    short_lead: bool
    on_rest_day: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPhoneTask:
    """电话提醒: at `at` the reminder T−`offset` must have been read, else the officer telephones."""

    offset: int
    on: date
    at: datetime


def plan_reminders(
    earliest_due_on: date, registered_at: datetime, settings: RemindersSettings, calendar: WorkingCalendar
) -> tuple[PlannedReminder, ...]:
    """The reminders before a last day, earliest first: one record per offset, even where several fall on one day.

    `earliest_due_on` is the earliest last day that a calendar still to be published could give. One whose day had passed
    when the duty was registered is sent at registration and marked `short_lead`. None for a duty registered after it.
    """
    days = reminder_days(
        earliest_due_on,
        calendar,
        offsets=settings.reminder.offsets,
        nonworking=settings.reminder.nonworking,
        registered_on=day_of(registered_at),
    )
    seen: set[int] = set()
    found: list[PlannedReminder] = []
    for day in sorted(days, key=lambda one: (-one.offset, one.remind_on)):
        send_at = _at(day.remind_on, registered_at, settings, short_lead=day.short_lead)
        found.append(_planned(day, send_at, on_rest_day=day.offset in seen))
        seen.add(day.offset)
    return tuple(sorted(found, key=lambda one: (one.send_at, -one.offset)))


def plan_phone_task(
    reminders: Iterable[PlannedReminder], registered_at: datetime, settings: RemindersSettings
) -> PlannedPhoneTask | None:
    """The task of the last reminder (T−1): at noon of the day on which it is sent, at once if that has passed."""
    last = min((one for one in reminders if not one.on_rest_day), key=lambda one: one.offset, default=None)
    if last is None:
        return None
    noon = datetime.combine(last.send_on, settings.reminder.phone_at, SHANGHAI)
    return PlannedPhoneTask(last.offset, last.send_on, max(noon, last.send_at, registered_at))


def messages(reminders: Iterable[PlannedReminder]) -> Mapping[date, tuple[PlannedReminder, ...]]:
    """The reminders by the day of their one message: records that collapse into one day are told together."""
    found: dict[date, tuple[PlannedReminder, ...]] = {}
    for one in reminders:
        found[one.send_on] = (*found.get(one.send_on, ()), one)
    return found


def _at(on: date, registered_at: datetime, settings: RemindersSettings, *, short_lead: bool) -> datetime:
    morning = datetime.combine(on, settings.reminder.at, SHANGHAI)
    return registered_at if short_lead else max(morning, registered_at)


def _planned(day: ReminderDay, send_at: datetime, *, on_rest_day: bool) -> PlannedReminder:
    return PlannedReminder(day.offset, day.nominal_on, day.remind_on, send_at, day.short_lead, on_rest_day)
