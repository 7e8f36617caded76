"""A calendar as text (RFC 5545): the same entries give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

from icalendar import Calendar, Event, Timezone

from core.clock import SHANGHAI
from core.feeds.entries import FeedEntry

HEARING_LASTS = timedelta(hours=1)
"""Nobody knows how long a hearing lasts; an appointment has an end."""


@cache
def _shanghai() -> Timezone:
    """Since 1992 without summer time."""
    return Timezone.from_tzid("Asia/Shanghai", first_date=date(2000, 1, 1))


def calendar_text(entries: Iterable[FeedEntry], name: str) -> bytes:
    """The calendar of these entries, by day."""
    calendar = Calendar()
    calendar.add("prodid", "-//Yingsu//应诉日程//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_shanghai())
    for entry in sorted(entries, key=lambda one: (one.day, one.uid)):
        calendar.add_component(_event(entry))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@yingsu")
    event.add("dtstamp", entry.stamp)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    if entry.starts_at is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        begins = datetime.combine(entry.day, entry.starts_at, SHANGHAI)
        event.add("dtstart", begins)
        event.add("dtend", begins + HEARING_LASTS)
    if entry.place:
        event.add("location", entry.place)
    if entry.notes:
        event.add("description", "\n".join(entry.notes))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event
