"""Which slots are due: tables for what is promised, a property for what holds of any history."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from core.jobs.job import Job, NoPayload, Schedule
from core.jobs.slots import due_slots


async def nothing(_context: Any, _payload: Any) -> None: ...


JOB = Job("core.nothing", "无", "nothing", NoPayload, nothing, system=True)
DAILY = Schedule(JOB, at=time(7, 30))
MINUTES = Schedule(JOB, every=timedelta(minutes=1))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("schedule", "last", "now", "due"),
    [
        (DAILY, None, "2026-03-10 07:29", ["2026-03-09 07:30"]),
        (DAILY, None, "2026-03-10 07:30", ["2026-03-10 07:30"]),
        (DAILY, "2026-03-09 07:30", "2026-03-10 07:29", []),
        (DAILY, "2026-03-09 07:30", "2026-03-10 23:59", ["2026-03-10 07:30"]),
        (DAILY, "2026-03-07 07:30", "2026-03-10 08:00", ["2026-03-08 07:30", "2026-03-09 07:30", "2026-03-10 07:30"]),
        (DAILY, "2026-03-10 07:30", "2026-03-10 06:40", []),  # a clock that was set back
        (MINUTES, "2026-03-09 23:59", "2026-03-10 00:01", ["2026-03-10 00:00", "2026-03-10 00:01"]),
        (Schedule(JOB, every=timedelta(hours=7)), "2026-03-09 21:00", "2026-03-10 07:00", ["2026-03-10 00:00", "2026-03-10 07:00"]),
        (Schedule(JOB, at=time(0, 0)), "2026-03-09 00:00", "2026-03-10 00:00", ["2026-03-10 00:00"]),
    ],
)  # fmt: skip
def test_slots_are_those_of_shanghai(schedule: Schedule, last: str | None, now: str, due: list[str]) -> None:
    found = due_slots(schedule, shanghai(last) if last else None, shanghai(now))
    assert found == [shanghai(slot) for slot in due]


def test_a_long_outage_is_caught_up_within_bounds_with_the_latest_slots() -> None:
    found = due_slots(
        Schedule(JOB, at=time(7, 30), catch_up=3), shanghai("2026-01-01 07:30"), shanghai("2026-03-10 08:00")
    )
    assert found == [shanghai(f"2026-03-{day:02} 07:30") for day in (8, 9, 10)]


SCHEDULES = st.one_of(
    st.builds(lambda at: Schedule(JOB, at=at, catch_up=10_000), st.times(max_value=time(23, 59))),
    st.builds(
        lambda minutes: Schedule(JOB, every=timedelta(minutes=minutes), catch_up=10_000), st.integers(5, 24 * 60)
    ),
)


@given(SCHEDULES, st.lists(st.integers(0, 3 * 24 * 60), min_size=1, max_size=12))
def test_however_often_it_is_asked_every_slot_is_given_once_and_in_order(
    schedule: Schedule, minutes: list[int]
) -> None:
    """Whenever the scheduler looks, with a clock that goes forth and back: the same slots as if it had looked all the time."""
    start = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)
    first = due_slots(schedule, None, start)
    last, seen = first[-1], list(first)
    for minute in minutes:
        for slot in due_slots(schedule, last, start + timedelta(minutes=minute)):
            seen.append(slot)
            last = slot
    whole = first + due_slots(schedule, first[-1], start + timedelta(minutes=max(minutes)))
    assert seen == whole
    assert sorted(set(seen)) == seen
