"""What holds for every period, checked against a second, day-by-day way of counting."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.calendar import (
    DayKind,
    Extension,
    Period,
    PeriodInput,
    Suspension,
    TermUnit,
    WorkingCalendar,
    YearStatus,
    period,
    period_dates,
    recompute,
    result_of,
    shipped_calendar,
)

CALENDAR = shipped_calendar()
ONE_DAY = timedelta(days=1)
NEAR = st.dates(date(2023, 6, 1), date(2028, 6, 1))
FAR = st.dates(date(1990, 1, 1), date(2100, 12, 31))
COUNTED = st.sampled_from([TermUnit.DAY, TermUnit.WORKING_DAY, TermUnit.MONTH])
DAYS = st.sampled_from([TermUnit.DAY, TermUnit.WORKING_DAY])


@st.composite
def suspensions(draw: st.DrawFn, around: date) -> tuple[Suspension, ...]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        first = around + timedelta(days=draw(st.integers(-10, 60)))
        found.append(Suspension(first, first + timedelta(days=draw(st.integers(0, 30)))))
    return tuple(found)


@st.composite
def inputs(draw: st.DrawFn, units: st.SearchStrategy[TermUnit] = COUNTED) -> PeriodInput:
    start_on = draw(NEAR)
    amounts = st.integers(1, 60)
    extension = st.builds(Extension, st.integers(1, 30), units)
    return PeriodInput(
        amount=draw(amounts),
        unit=draw(units),
        start_on=start_on,
        roll=draw(st.booleans()),
        suspensions=draw(suspensions(start_on)),
        extensions=tuple(draw(st.lists(extension, max_size=2))),
        travel_days=draw(st.integers(0, 5)),
    )


def day_by_day(one: PeriodInput, calendar: WorkingCalendar) -> tuple[date, date]:
    """Raw last day and last day of a term in days, by looking at every single day."""

    def stands_still(on: date) -> bool:
        return any(s.resumed_on and s.suspended_on <= on < s.resumed_on for s in one.suspensions)

    last = one.start_on
    terms = [(one.amount, one.unit), *((e.amount, e.unit) for e in one.extensions), (one.travel_days, TermUnit.DAY)]
    for amount, unit in terms:
        left = amount
        while left:
            last += ONE_DAY
            counts = not stands_still(last) and (unit is TermUnit.DAY or calendar.is_workday(last))
            left -= counts
    raw = last
    while one.roll and (not calendar.is_workday(last) or (last > raw and stands_still(last))):
        last += ONE_DAY
    return raw, last


@given(inputs(DAYS))
def test_the_engine_agrees_with_counting_day_by_day(one: PeriodInput) -> None:
    found = period(one, CALENDAR)
    assert (found.raw_last_day, found.due) == day_by_day(one, CALENDAR)


@given(inputs())
def test_the_last_day_is_a_working_day_on_or_after_the_terms_own(one: PeriodInput) -> None:
    found = period(one, CALENDAR)
    assert found.due >= found.raw_last_day > one.start_on
    assert found.earliest_due <= found.due
    assert found.violation_date == found.due + ONE_DAY
    if one.roll:
        assert CALENDAR.is_workday(found.due)
    else:
        assert found.due == found.raw_last_day


@example(date(2000, 1, 1), 0, TermUnit.WORKING_DAY, False)
@given(FAR, st.integers(0, 400), COUNTED.filter(lambda unit: unit is not TermUnit.MONTH), st.booleans())
def test_any_start_of_a_century_has_an_end(start_on: date, amount: int, unit: TermUnit, roll: bool) -> None:
    found = period(PeriodInput(amount, unit, start_on, roll=roll), CALENDAR)
    loaded = {2024, 2025, 2026}
    rests_on = {v.year for v in found.versions}
    assert found.provisional is bool(rests_on - loaded)
    assert (found.due.year in rests_on) is (roll or (unit is TermUnit.WORKING_DAY and amount > 0))


@given(NEAR, st.integers(1, 60), COUNTED, st.booleans())
def test_a_later_start_never_ends_earlier(start_on: date, amount: int, unit: TermUnit, roll: bool) -> None:
    one = PeriodInput(amount, unit, start_on, roll=roll)
    later = replace(one, start_on=start_on + ONE_DAY)
    assert period_dates(later, CALENDAR).due >= period_dates(one, CALENDAR).due


@given(inputs(DAYS))
def test_a_later_start_never_ends_earlier_with_suspensions(one: PeriodInput) -> None:
    later = replace(one, start_on=one.start_on + ONE_DAY)
    assert period_dates(later, CALENDAR).due >= period_dates(one, CALENDAR).due


@given(inputs(), st.integers(1, 10))
def test_a_longer_term_never_ends_earlier(one: PeriodInput, more: int) -> None:
    longer = replace(one, amount=one.amount + more)
    assert period_dates(longer, CALENDAR).due >= period_dates(one, CALENDAR).due


@given(NEAR, st.integers(1, 200))
def test_as_many_working_days_lie_in_the_period_as_the_term_says(start_on: date, amount: int) -> None:
    found = period(PeriodInput(amount, TermUnit.WORKING_DAY, start_on), CALENDAR)
    assert CALENDAR.count_workdays(start_on, found.due) == amount
    assert not found.rolled


@given(inputs())
def test_the_trace_leads_from_the_start_to_the_result(one: PeriodInput) -> None:
    found = period(one, CALENDAR)
    assert found.trace[0].before == one.start_on
    assert result_of(found.trace) == found.due
    assert {version for step in found.trace for version in step.versions} == set(found.versions)


@given(inputs())
def test_the_dates_without_a_trace_are_the_same(one: PeriodInput) -> None:
    found = period(one, CALENDAR)
    assert period_dates(one, CALENDAR) == (found.due, found.raw_last_day, found.earliest_due, found.provisional)
    assert recompute(one, found, CALENDAR) is None


@given(inputs())
def test_input_and_result_survive_json(one: PeriodInput) -> None:
    assert PeriodInput.from_json(json.loads(json.dumps(one.to_json()))) == one
    found = period(one, CALENDAR)
    assert Period.from_json(json.loads(json.dumps(found.to_json()))) == found


@given(
    NEAR,
    st.integers(1, 60),
    st.sampled_from([TermUnit.DAY, TermUnit.MONTH]),
    st.integers(0, 60),
    st.integers(1, 40),
)
def test_a_suspension_inside_the_term_moves_its_end_by_exactly_its_days(
    start_on: date, amount: int, unit: TermUnit, after: int, length: int
) -> None:
    one = PeriodInput(amount, unit, start_on)
    plain = period_dates(one, CALENDAR)
    first = start_on + timedelta(days=1 + after)
    assume(first <= plain.raw_last_day)
    paused = replace(one, suspensions=(Suspension(first, first + timedelta(days=length)),))
    assert period_dates(paused, CALENDAR).raw_last_day - plain.raw_last_day == timedelta(days=length)


@given(inputs(), st.randoms(use_true_random=False))
def test_the_order_of_suspensions_does_not_matter(one: PeriodInput, random: object) -> None:
    shuffled = list(one.suspensions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert period(replace(one, suspensions=tuple(shuffled)), CALENDAR) == period(one, CALENDAR)


@given(inputs())
def test_the_last_day_is_never_a_suspended_day(one: PeriodInput) -> None:
    found = period_dates(one, CALENDAR)
    if one.roll:
        assert not any(s.resumed_on and s.suspended_on <= found.due < s.resumed_on for s in one.suspensions)


@given(inputs(), st.sets(st.integers(0, 364), max_size=60))
def test_no_list_that_may_come_ends_a_period_before_the_earliest_end(one: PeriodInput, swapped: set[int]) -> None:
    rows = []
    for row in CALENDAR.rows():
        if row.date.year == 2027:
            kind = row.kind
            if (row.date - date(2027, 1, 1)).days in swapped:
                kind = DayKind.MAKEUP_WORKDAY if kind is DayKind.WEEKEND else DayKind.HOLIDAY
            rows.append(replace(row, kind=kind, is_workday=kind.is_workday, status=YearStatus.OFFICIAL, version="2"))
    old = period(one, CALENDAR)
    new = period(one, CALENDAR.with_rows(rows))
    assert new.due >= old.earliest_due
    change = recompute(one, old, CALENDAR.with_rows(rows))
    if change is None:
        assert (new.due, new.provisional) == (old.due, old.provisional)
    else:
        assert change.new == new
