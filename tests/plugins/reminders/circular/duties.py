"""Plain duties for the tests of circulars: invented at random, or written down."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st

from core.sdk.rules import SHANGHAI
from plugins.reminders.circular.figures import Cut, Duty
from plugins.reminders.circular.publication import Month

NAMESPACE = UUID("00000000-0000-0000-0000-000000000001")
AGENCIES = tuple(uuid5(NAMESPACE, name) for name in ("police", "housing", "labour"))
DISTRICTS = (440100000, 440106000, 440112000)
KINDS = ("REPORT", "DEFENCE", "HEARING", "PERFORMANCE")
AUGUST = Month(date(2026, 8, 1))
JULY = AUGUST.previous
SEPTEMBER = AUGUST.next


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def cut(month: Month, known_on: date | None = None) -> Cut:
    return Cut(month, at(known_on, 9) if known_on else month.over_at + timedelta(days=5))


def duty(due_on: date, **more: Any) -> Duty:
    values = {"id": uuid5(NAMESPACE, repr((due_on, sorted(more.items())))), "agency": AGENCIES[0]}
    return Duty(**{**values, "district": DISTRICTS[0], "kind": "PERFORMANCE", "due_on": due_on, **more})


FIRST_DAY, LAST_DAY = date(2026, 6, 1), date(2026, 10, 31)
days = st.dates(FIRST_DAY, LAST_DAY)
instants = st.builds(at, days, st.integers(0, 23))


@st.composite
def invented(draw: st.DrawFn) -> Duty:
    """Any duty, likely or not: marks may come in any order, acts before or after anything."""
    due_on, acted_on = draw(days), draw(st.none() | days)
    acted_at = (
        None if acted_on is None else at(acted_on + timedelta(days=draw(st.integers(0, 20))), draw(st.integers(0, 23)))
    )
    missed_at = draw(st.none() | instants)
    return Duty(
        id=draw(st.uuids()),
        agency=draw(st.sampled_from(AGENCIES)),
        district=draw(st.sampled_from(DISTRICTS)),
        kind=draw(st.sampled_from(KINDS)),
        due_on=due_on,
        acted_on=acted_on,
        acted_at=acted_at,
        missed_at=missed_at,
        violation_on=missed_at.date() if missed_at else None,
        void_at=draw(st.none() | st.none() | instants),
        suspended_at=draw(st.none() | st.none() | instants),
        remedied_at=draw(st.none() | instants),
    )
