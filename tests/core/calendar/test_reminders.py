"""Reminder days: T−7 and T−1, moved earlier off rest days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import NonworkingRule, reminder_days, shipped_calendar

CALENDAR = shipped_calendar()
DUES = st.dates(date(2023, 6, 1), date(2028, 6, 1)).map(CALENDAR.next_workday)
OFFSETS = st.lists(st.integers(0, 30), min_size=1, max_size=4, unique=True)


def sent(due: str, **options: object) -> list[tuple[int, str]]:
    found = reminder_days(date.fromisoformat(due), CALENDAR, **options)  # type: ignore[arg-type]
    return [(r.offset, r.remind_on.isoformat()) for r in found]


def test_two_records_even_when_both_fall_on_one_day() -> None:
    assert sent("2026-02-24") == [(7, "2026-02-14"), (1, "2026-02-14")]


def test_keep_leaves_a_reminder_on_its_rest_day() -> None:
    assert sent("2026-02-24", nonworking=NonworkingRule.KEEP) == [(7, "2026-02-17"), (1, "2026-02-23")]


def test_both_gives_the_working_day_and_the_rest_day() -> None:
    assert sent("2026-03-23", nonworking=NonworkingRule.BOTH) == [
        (7, "2026-03-16"),
        (1, "2026-03-20"),
        (1, "2026-03-22"),
    ]


def test_offsets_are_a_setting() -> None:
    assert sent("2026-03-25", offsets=(10, 3, 0)) == [(10, "2026-03-13"), (3, "2026-03-20"), (0, "2026-03-25")]


def test_a_late_registration_sends_at_once_and_says_so() -> None:
    found = reminder_days(date(2026, 3, 25), CALENDAR, registered_on=date(2026, 3, 22))
    assert [(r.offset, r.remind_on, r.short_lead, r.moved) for r in found] == [
        (7, date(2026, 3, 22), True, True),
        (1, date(2026, 3, 24), False, False),
    ]


def test_registered_on_the_reminders_own_day_is_not_short() -> None:
    found = reminder_days(date(2026, 3, 25), CALENDAR, registered_on=date(2026, 3, 18))
    assert [r.short_lead for r in found] == [False, False]


def test_registered_on_the_rest_day_that_the_reminder_left_is_short() -> None:
    found = reminder_days(
        date(2026, 3, 23), CALENDAR, offsets=(1,), nonworking=NonworkingRule.BOTH, registered_on=date(2026, 3, 22)
    )
    assert [(r.remind_on, r.short_lead) for r in found] == [(date(2026, 3, 22), True)]


def test_a_duty_registered_after_its_end_is_not_reminded() -> None:
    assert reminder_days(date(2026, 3, 25), CALENDAR, registered_on=date(2026, 3, 26)) == ()
    assert len(reminder_days(date(2026, 3, 25), CALENDAR, registered_on=date(2026, 3, 25))) == 2


def test_a_negative_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        reminder_days(date(2026, 3, 25), CALENDAR, offsets=(-1,))


@given(DUES, OFFSETS)
def test_an_advanced_reminder_is_a_working_day_not_after_its_nominal_day(due: date, offsets: list[int]) -> None:
    found = reminder_days(due, CALENDAR, offsets=offsets)
    assert [r.offset for r in found] == offsets
    for reminder in found:
        assert CALENDAR.is_workday(reminder.remind_on)
        assert reminder.remind_on <= reminder.nominal_on <= due
        assert CALENDAR.count_workdays(reminder.remind_on, reminder.nominal_on) == 0


@given(DUES, OFFSETS, st.integers(-5, 40), st.sampled_from(NonworkingRule))
def test_no_reminder_is_after_the_end_or_before_registration(
    due: date, offsets: list[int], lead: int, nonworking: NonworkingRule
) -> None:
    registered_on = date.fromordinal(due.toordinal() - lead)
    found = reminder_days(due, CALENDAR, offsets=offsets, nonworking=nonworking, registered_on=registered_on)
    assert bool(found) is (lead >= 0)
    for reminder in found:
        assert registered_on <= reminder.remind_on <= due
        assert reminder.remind_on == registered_on or not reminder.short_lead
    assert len({(r.offset, r.remind_on) for r in found}) == len(found)
