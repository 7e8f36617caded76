"""The month, its day of publication, which months are due, and the number."""

from __future__ import annotations

from datetime import date

import pytest

from core.sdk.rules import SHANGHAI, shipped_calendar
from plugins.reminders.circular.publication import Month, months_to_publish, number_text, publication_day

CALENDAR = shipped_calendar()


def month(year: int, number: int) -> Month:
    return Month(date(year, number, 1))


# The 5th of the next month, rolled to a working day, month by month (State Council calendars 2024-2026; 2027 by weekends).
DAYS = [
    ((2024, 1), date(2024, 2, 5)),
    ((2024, 2), date(2024, 3, 5)),
    ((2024, 3), date(2024, 4, 7)),  # 04-04..06 清明; Sunday 04-07 is a working day in exchange
    ((2024, 4), date(2024, 5, 6)),  # 05-01..05 劳动节
    ((2024, 5), date(2024, 6, 5)),
    ((2024, 9), date(2024, 10, 8)),  # 10-01..07 国庆节
    ((2025, 3), date(2025, 4, 7)),  # Saturday, inside 清明
    ((2025, 4), date(2025, 5, 6)),
    ((2025, 9), date(2025, 10, 9)),  # 10-01..08 国庆、中秋
    ((2026, 1), date(2026, 2, 5)),
    ((2026, 3), date(2026, 4, 7)),  # Sunday, 04-04..06 清明
    ((2026, 4), date(2026, 5, 6)),
    ((2026, 7), date(2026, 8, 5)),
    ((2026, 8), date(2026, 9, 7)),  # domain G7: Saturday
    ((2026, 9), date(2026, 10, 8)),
    ((2026, 12), date(2027, 1, 5)),
]


@pytest.mark.parametrize(("about", "published"), DAYS)
def test_a_circular_is_published_on_the_fifth_rolled_to_a_working_day(about: tuple[int, int], published: date) -> None:
    assert publication_day(month(*about), 5, CALENDAR) == published


def test_another_day_may_be_set() -> None:
    assert publication_day(month(2026, 8), 10, CALENDAR) == date(2026, 9, 10)
    assert publication_day(month(2026, 12), 1, CALENDAR) == date(2027, 1, 4)


def test_a_month_knows_its_neighbours_its_end_and_its_name() -> None:
    august = month(2026, 8)
    assert (august.previous, august.next) == (month(2026, 7), month(2026, 9))
    assert month(2026, 12).next == month(2027, 1)
    assert month(2024, 2).last == date(2024, 2, 29)
    assert august.zh == "2026年8月"
    assert august.over_at.isoformat() == "2026-09-01T00:00:00+08:00"
    assert august.over_at.tzinfo is SHANGHAI
    assert date(2026, 8, 31) in august
    assert date(2026, 9, 1) not in august
    with pytest.raises(ValueError, match="first day"):
        Month(date(2026, 8, 2))


def test_nothing_is_due_before_the_day_and_the_month_is_due_from_it_on() -> None:
    july = month(2026, 7)
    assert months_to_publish(july, date(2026, 9, 5), 5, CALENDAR) == ()
    assert months_to_publish(july, date(2026, 9, 6), 5, CALENDAR) == ()
    assert months_to_publish(july, date(2026, 9, 7), 5, CALENDAR) == (month(2026, 8),)
    assert months_to_publish(july, date(2026, 9, 30), 5, CALENDAR) == (month(2026, 8),)
    assert months_to_publish(month(2026, 8), date(2026, 9, 30), 5, CALENDAR) == ()


def test_months_that_nobody_published_are_caught_up_in_order() -> None:
    due = months_to_publish(month(2026, 5), date(2026, 10, 1), 5, CALENDAR)
    assert due == (month(2026, 6), month(2026, 7), month(2026, 8))


def test_a_city_without_a_circular_begins_with_the_last_month_alone() -> None:
    assert months_to_publish(None, date(2026, 9, 6), 5, CALENDAR) == ()
    assert months_to_publish(None, date(2026, 9, 7), 5, CALENDAR) == (month(2026, 8),)


def test_a_number_has_the_year_in_six_cornered_brackets_and_no_leading_zero() -> None:
    assert number_text("穗应诉通报", 2026, 8) == "穗应诉通报〔2026〕8号"
