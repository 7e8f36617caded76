"""The calendar as data: State Council lists of 2024-2026, the provisional 2027, and years nobody loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import (
    CalendarDay,
    DateOutOfRange,
    DayKind,
    ProvisionalPolicy,
    WorkingCalendar,
    YearStatus,
    shipped_calendar,
)

CALENDAR = shipped_calendar()
ANY_DAY = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


OFF = {
    2024: [("2024-01-01", "2024-01-01"), ("2024-02-10", "2024-02-17"), ("2024-04-04", "2024-04-06"), ("2024-05-01", "2024-05-05"),
           ("2024-06-08", "2024-06-10"), ("2024-09-15", "2024-09-17"), ("2024-10-01", "2024-10-07")],
    2025: [("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"), ("2025-05-01", "2025-05-05"),
           ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08")],
    2026: [("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"), ("2026-05-01", "2026-05-05"),
           ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"), ("2026-10-01", "2026-10-07")],
}  # fmt: skip
WORKING_WEEKENDS = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_an_official_year_is_the_state_councils_list(year: int) -> None:
    off = {day for span in OFF[year] for day in days(*span)}
    working_weekends = {date.fromisoformat(f"{year}-{day}") for day in WORKING_WEEKENDS[year]}
    for day in days(f"{year}-01-01", f"{year}-12-31"):
        expected = day in working_weekends or (day not in off and day.isoweekday() < 6)
        assert CALENDAR.is_workday(day) is expected, day
    assert CALENDAR.status(year) is YearStatus.OFFICIAL


FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def test_2027_is_provisional_and_knows_weekends_and_fixed_holidays_only() -> None:
    assert CALENDAR.status(2027) is YearStatus.PROVISIONAL
    for day in days("2027-01-01", "2027-12-31"):
        assert CALENDAR.is_workday(day) is (day.isoweekday() < 6 and (day.month, day.day) not in FIXED), day


@pytest.mark.parametrize("year", [1990, 2016, 2023, 2028, 2100])
def test_a_year_that_is_not_loaded_is_unknown_and_rests_on_weekends_and_fixed_holidays(year: int) -> None:
    assert CALENDAR.status(year) is YearStatus.UNKNOWN
    assert CALENDAR.year(year).version == "none"
    weekends = CALENDAR.with_policy(ProvisionalPolicy.WEEKENDS)
    for day in days(f"{year}-01-01", f"{year}-12-31"):
        assert CALENDAR.is_workday(day) is (day.isoweekday() < 6 and (day.month, day.day) not in FIXED), day
        assert weekends.is_workday(day) is (day.isoweekday() < 6), day


def test_each_loaded_year_has_its_own_version() -> None:
    assert [(v.year, v.status) for v in CALENDAR.years] == [
        (2024, YearStatus.OFFICIAL),
        (2025, YearStatus.OFFICIAL),
        (2026, YearStatus.OFFICIAL),
        (2027, YearStatus.PROVISIONAL),
    ]
    assert len({v.version for v in CALENDAR.years}) == 4


def test_what_is_known_of_a_day() -> None:
    assert CALENDAR.day(date(2026, 2, 14)).kind is DayKind.MAKEUP_WORKDAY
    assert CALENDAR.day(date(2026, 2, 17)).holiday == "春节"
    assert CALENDAR.day(date(2031, 2, 15)).kind is DayKind.WEEKEND
    assert CALENDAR.day(date(2031, 2, 17)) == CalendarDay(
        date(2031, 2, 17), True, DayKind.WORKDAY, "", YearStatus.UNKNOWN, "none"
    )


def test_the_policy_of_fixed_holidays_is_the_default_and_touches_unpublished_years_only() -> None:
    fixed, weekends = CALENDAR, CALENDAR.with_policy(ProvisionalPolicy.WEEKENDS)
    assert fixed.policy is ProvisionalPolicy.WEEKENDS_AND_FIXED
    assert not fixed.is_workday(date(2027, 10, 1))
    assert fixed.day(date(2027, 10, 1)).holiday == "国庆节"
    assert fixed.day(date(2027, 10, 1)).kind is DayKind.HOLIDAY
    assert fixed.is_workday(date(2027, 10, 4))
    assert not fixed.is_workday(date(2030, 5, 2))
    assert [d for d in days("2024-01-01", "2026-12-31") if fixed.is_workday(d) != weekends.is_workday(d)] == []


def test_loading_a_year_replaces_that_year_alone() -> None:
    notice = [
        replace(row, status=YearStatus.OFFICIAL, version="2", is_workday=False, kind=DayKind.HOLIDAY)
        if row.date == date(2027, 10, 4)
        else replace(row, status=YearStatus.OFFICIAL, version="2")
        for row in CALENDAR.rows()
        if row.date.year == 2027
    ]
    loaded = CALENDAR.with_rows(notice)
    assert loaded.status(2027) is YearStatus.OFFICIAL
    assert not loaded.is_workday(date(2027, 10, 4))
    assert CALENDAR.is_workday(date(2027, 10, 4))
    assert loaded.year(2026) == CALENDAR.year(2026)


YEAR_2026 = [row for row in CALENDAR.rows() if row.date.year == 2026]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (YEAR_2026[1:], "2026 has 364 of 365 days"),
        ([*YEAR_2026, YEAR_2026[0]], "given twice"),
        ([replace(YEAR_2026[0], status=YearStatus.PROVISIONAL), *YEAR_2026[1:]], "mix statuses"),
        ([replace(YEAR_2026[0], version="other"), *YEAR_2026[1:]], "mix statuses or versions"),
        ([replace(YEAR_2026[0], is_workday=True), *YEAR_2026[1:]], "does not agree"),
    ],
)
def test_rows_that_make_no_calendar_are_refused(rows: list[CalendarDay], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WorkingCalendar(rows)


@pytest.mark.parametrize("day", [date(1979, 12, 31), date(2121, 1, 1), date.min, date.max])
def test_a_day_that_no_calendar_reaches_is_refused(day: date) -> None:
    with pytest.raises(DateOutOfRange) as caught:
        CALENDAR.is_workday(day)
    assert caught.value.details["value"] == day.isoformat()


def test_counting_past_the_calendars_end_is_refused() -> None:
    with pytest.raises(DateOutOfRange):
        CALENDAR.add_workdays(date(2120, 12, 30), 5)
    with pytest.raises(DateOutOfRange):
        CALENDAR.add_workdays(date(1980, 1, 2), -5)


@given(ANY_DAY)
def test_neighbouring_working_days_are_working_with_none_between(day: date) -> None:
    after, before = CALENDAR.next_workday(day), CALENDAR.previous_workday(day)
    assert before <= day <= after
    assert CALENDAR.is_workday(before)
    assert CALENDAR.is_workday(after)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(CALENDAR.is_workday(other) for other in between)


@given(ANY_DAY, st.integers(1, 300))
def test_adding_working_days_is_undone_by_counting_them(day: date, amount: int) -> None:
    end = CALENDAR.add_workdays(day, amount)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.count_workdays(day, end) == amount
    assert CALENDAR.count_workdays(end, day) == 0
    assert CALENDAR.add_workdays(end, -amount) <= day
    assert CALENDAR.add_workdays(day, 0) == day


@given(st.dates(date(2023, 6, 1), date(2028, 6, 1)), st.integers(0, 120))
def test_counting_working_days_agrees_with_looking_at_each(day: date, length: int) -> None:
    end = day + timedelta(days=length)
    looked = sum(CALENDAR.is_workday(day + timedelta(days=n)) for n in range(1, length + 1))
    assert CALENDAR.count_workdays(day, end) == looked
