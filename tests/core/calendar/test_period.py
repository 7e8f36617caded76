"""The counting rules by example: rest days, months, suspension, extension, travel, posting, unpublished years."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from core.calendar import (
    CalendarDay,
    DateOutOfRange,
    DayKind,
    Direction,
    Extension,
    Outcome,
    Period,
    PeriodInput,
    PeriodSuspended,
    ProvisionalPolicy,
    Suspension,
    TermUnit,
    TraceRule,
    YearStatus,
    in_time,
    is_on_time,
    late_from,
    period,
    period_dates,
    recompute,
    result_of,
    shipped_calendar,
)
from core.clock import SHANGHAI

CALENDAR = shipped_calendar()
DAY, WORKING, MONTH, YEAR = TermUnit.DAY, TermUnit.WORKING_DAY, TermUnit.MONTH, TermUnit.YEAR


def day(text: str) -> date:
    return date.fromisoformat(text)


def given(amount: int, unit: TermUnit, start: str, **more: object) -> PeriodInput:
    return PeriodInput(amount, unit, day(start), **more)  # type: ignore[arg-type]


def due(amount: int, unit: TermUnit, start: str, **more: object) -> str:
    return period(given(amount, unit, start, **more), CALENDAR).due.isoformat()


def pause(first: str, resumed: str | None = None, reason: str = "") -> Suspension:
    return Suspension(day(first), day(resumed) if resumed else None, reason)


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        ("2024-01-26", 15, "2024-02-18"),  # raw 02-10, first day of the Spring Festival; the Sunday after it works
        ("2024-01-20", 15, "2024-02-04"),  # a working Sunday does not roll
        ("2024-09-15", 15, "2024-09-30"),
        ("2024-09-16", 15, "2024-10-08"),
        ("2024-09-27", 15, "2024-10-12"),  # a working Saturday after National Day
        ("2024-09-28", 15, "2024-10-14"),
        ("2025-01-11", 15, "2025-01-26"),  # a working Sunday before the Spring Festival
        ("2025-01-13", 15, "2025-02-05"),
        ("2025-01-24", 15, "2025-02-08"),
        ("2025-09-16", 15, "2025-10-09"),  # National Day and Mid-Autumn together: eight days
        ("2025-12-17", 15, "2026-01-04"),  # over the year's end, to a working Sunday
        ("2026-01-31", 15, "2026-02-24"),
        ("2026-01-30", 15, "2026-02-14"),
        ("2026-09-16", 15, "2026-10-08"),
        ("2026-09-25", 15, "2026-10-10"),
        ("2026-09-26", 15, "2026-10-12"),
    ],
)
def test_the_last_day_moves_off_rest_days_to_the_next_working_day(start: str, amount: int, last: str) -> None:
    assert due(amount, DAY, start) == last


def test_a_rest_day_inside_the_period_is_counted() -> None:
    assert due(15, DAY, "2026-02-10") == "2026-02-25"


@pytest.mark.parametrize(
    ("amount", "unit", "start", "raw"),
    [
        (1, MONTH, "2026-01-31", "2026-02-28"),
        (1, MONTH, "2024-01-31", "2024-02-29"),
        (1, MONTH, "2026-02-28", "2026-03-28"),
        (6, MONTH, "2026-08-31", "2027-02-28"),
        (1, MONTH, "2026-12-15", "2027-01-15"),
        (13, MONTH, "2024-12-31", "2026-01-31"),
        (2, YEAR, "2024-02-29", "2026-02-28"),
        (4, YEAR, "2024-02-29", "2028-02-29"),
        (1, YEAR, "2025-10-01", "2026-10-01"),
    ],
)
def test_months_and_years_end_on_the_corresponding_day_or_the_months_last(
    amount: int, unit: TermUnit, start: str, raw: str
) -> None:
    found = period(given(amount, unit, start), CALENDAR)
    assert found.raw_last_day.isoformat() == raw
    assert any("民法典 202" in step.law for step in found.trace)


@pytest.mark.parametrize(
    ("amount", "start", "last"),
    [
        (1, "2026-02-13", "2026-02-14"),
        (2, "2026-02-13", "2026-02-24"),
        (10, "2026-03-10", "2026-03-24"),
        (4, "2025-09-26", "2025-10-09"),
        (6, "2024-04-30", "2024-05-11"),
    ],
)
def test_working_days_count_swapped_weekends(amount: int, start: str, last: str) -> None:
    assert due(amount, WORKING, start) == last


def test_a_strict_term_stays_on_its_rest_day_and_rests_on_no_calendar() -> None:
    found = period(given(15, DAY, "2027-09-17", roll=False), CALENDAR)
    assert found.due == day("2027-10-02")
    assert (found.rolled, found.provisional, found.versions) == (False, False, ())
    assert found.trace[-1].rule is TraceRule.STRICT_NO_ROLL


@pytest.mark.parametrize(
    ("pauses", "last"),
    [
        ([pause("2026-03-12", "2026-03-16")], "2026-03-30"),  # raw 03-29, a Sunday
        ([pause("2026-03-12", "2026-03-17")], "2026-03-30"),
        ([pause("2026-03-01", "2026-03-13")], "2026-03-27"),  # two days of it lie after the start
        ([pause("2026-03-01", "2026-03-10")], "2026-03-25"),
        ([pause("2026-03-25", "2026-04-03")], "2026-04-03"),  # stopped on the last day: that day is still to come
        ([pause("2026-03-26", "2026-04-03")], "2026-03-25"),
        ([pause("2026-03-26")], "2026-03-25"),
        ([pause("2026-03-12", "2026-03-12")], "2026-03-25"),
        ([pause("2026-03-12", "2026-03-16"), pause("2026-03-14", "2026-03-18")], "2026-03-31"),
        ([pause("2026-03-27", "2026-04-01"), pause("2026-03-12", "2026-03-16")], "2026-04-03"),
    ],
)
def test_suspended_days_are_not_counted(pauses: list[Suspension], last: str) -> None:
    assert due(15, DAY, "2026-03-10", suspensions=tuple(pauses)) == last


def test_suspended_days_do_not_count_as_working_days() -> None:
    assert due(5, WORKING, "2026-03-10", suspensions=(pause("2026-03-12", "2026-03-16"),)) == "2026-03-19"


def test_months_move_on_by_the_days_suspended() -> None:
    found = period(given(2, MONTH, "2026-03-10", suspensions=(pause("2026-04-01", "2026-04-11"),)), CALENDAR)
    assert found.raw_last_day == day("2026-05-20")


def test_a_last_day_does_not_roll_into_a_suspension() -> None:
    found = period(given(15, DAY, "2026-03-06", suspensions=(pause("2026-03-22", "2026-03-25"),)), CALENDAR)
    assert found.raw_last_day == day("2026-03-21")
    assert found.due == day("2026-03-25")
    with pytest.raises(PeriodSuspended):
        period(given(15, DAY, "2026-03-06", suspensions=(pause("2026-03-22"),)), CALENDAR)


def test_reasons_of_overlapping_suspensions_stand_together() -> None:
    pauses = (pause("2026-03-14", "2026-03-18", "鉴定"), pause("2026-03-12", "2026-03-16", "调解"))
    step = next(
        s
        for s in period(given(15, DAY, "2026-03-10", suspensions=pauses), CALENDAR).trace
        if s.rule is TraceRule.SUSPENDED
    )
    assert (step.note, step.amount, step.law) == ("调解；鉴定", 6, "适用解释 50")
    assert "2026-03-12 至 2026-03-17 中止" in step.text_zh


@pytest.mark.parametrize(
    ("unit", "amount", "start", "extensions", "last"),
    [
        (DAY, 60, "2026-03-02", [Extension(30)], "2026-06-01"),  # 90 days: raw 05-31, a Sunday
        (MONTH, 1, "2026-01-31", [Extension(1, MONTH)], "2026-03-31"),
        (MONTH, 1, "2026-01-31", [Extension(1, YEAR), Extension(1, MONTH)], "2027-03-31"),
        (MONTH, 1, "2026-01-31", [Extension(3), Extension(1, MONTH)], "2026-04-03"),
        (DAY, 15, "2026-03-10", [Extension(3, WORKING)], "2026-03-30"),
        (DAY, 15, "2026-03-10", [Extension(until=day("2026-04-05"), granted_on=day("2026-03-20"))], "2026-04-07"),
        (DAY, 15, "2026-03-10", [Extension(until=day("2026-03-20"), granted_on=day("2026-03-12")), Extension(5)], "2026-03-25"),
    ],
)  # fmt: skip
def test_more_time_is_added_before_the_last_day_rolls(
    unit: TermUnit, amount: int, start: str, extensions: list[Extension], last: str
) -> None:
    assert due(amount, unit, start, extensions=tuple(extensions)) == last


def test_a_new_last_day_moves_only_by_suspensions_after_it_was_granted() -> None:
    new = Extension(until=day("2026-04-10"), granted_on=day("2026-03-20"))
    early, late = pause("2026-03-12", "2026-03-16"), pause("2026-04-07", "2026-04-09")
    assert due(15, DAY, "2026-03-10", extensions=(new,), suspensions=(early,)) == "2026-04-10"
    assert due(15, DAY, "2026-03-10", extensions=(new,), suspensions=(late, early)) == "2026-04-13"


def test_travel_is_not_counted() -> None:
    found = period(given(15, DAY, "2026-03-10", travel_days=3), CALENDAR)
    assert found.due == day("2026-03-30")
    assert [step.rule for step in found.trace][2:] == [TraceRule.TRAVEL_EXCLUDED, TraceRule.ROLL_REST_DAY]
    assert found.trace[2].law == "民诉法 85(4); 适用解释 48(4)"


def test_a_term_before_an_event_moves_earlier() -> None:
    found = period(given(3, WORKING, "2026-10-09", direction=Direction.BEFORE), CALENDAR)
    assert found.due == day("2026-09-29")
    strict = period(given(3, DAY, "2026-10-09", direction=Direction.BEFORE, roll=False), CALENDAR)
    assert strict.due == day("2026-10-06")


def test_the_trace_names_rule_article_dates_and_calendar() -> None:
    found = period(given(15, DAY, "2026-02-05", source="行诉法 67"), CALENDAR)
    assert [(s.rule, s.before.isoformat(), s.after.isoformat()) for s in found.trace] == [
        (TraceRule.EXCLUDE_START, "2026-02-05", "2026-02-06"),
        (TraceRule.COUNT_TERM, "2026-02-06", "2026-02-20"),
        (TraceRule.ROLL_REST_DAY, "2026-02-20", "2026-02-24"),
    ]
    roll = found.trace[-1]
    assert roll.law == "民诉法 85(3); 适用解释 48(3)"
    assert roll.versions == found.versions == (CALENDAR.year(2026),)
    assert roll.text_zh == "2026-02-20（周五）为休息日（春节），以其后第一个工作日 2026-02-24（周二）为期间届满日"
    assert found.trace[0].text_zh == "2026-02-05（周四）为期间开始之日，不计入期间，自 2026-02-06 起算"
    assert found.trace[1].law.startswith("行诉法 67; ")


def test_the_trace_says_when_a_working_weekend_is_kept() -> None:
    found = period(given(15, DAY, "2026-01-30"), CALENDAR)
    assert found.trace[-1].rule is TraceRule.KEEP_MAKEUP_WORKDAY
    assert found.trace[-1].text_zh == "2026-02-14（周六）为调休上班日（春节），属工作日，不顺延"


def test_an_ordinary_last_day_still_names_the_calendar_it_rests_on() -> None:
    found = period(given(15, DAY, "2026-03-10"), CALENDAR)
    assert [s.rule for s in found.trace] == [TraceRule.EXCLUDE_START, TraceRule.COUNT_TERM]
    assert found.versions == (CALENDAR.year(2026),)


def test_every_kind_of_step_has_its_chinese_text() -> None:
    inputs = [
        given(
            15,
            DAY,
            "2027-09-01",
            suspensions=(pause("2027-09-05", "2027-09-08"),),
            extensions=(Extension(until=day("2027-09-30"), granted_on=day("2027-09-03")), Extension(2)),
            travel_days=7,
        ),
        given(15, DAY, "2026-01-30"),
        given(0, TermUnit.FIXED_DATE, "2026-01-30", fixed_on=day("2026-02-28"), roll=False),
        given(3, DAY, "2026-10-09", direction=Direction.BEFORE),
    ]
    steps = [step for one in inputs for step in period(one, CALENDAR).trace]
    assert {step.rule for step in steps} == set(TraceRule)
    assert all(step.text_zh and step.after.isoformat() in step.text_zh for step in steps)


@pytest.mark.parametrize(
    ("start", "shown", "earliest"),
    [
        ("2027-09-16", "2027-10-04", "2027-10-01"),  # National Day stands on its date; how long it lasts is unknown
        ("2027-09-17", "2027-10-04", "2027-10-02"),  # a Saturday that a notice might make a working day
        ("2031-06-06", "2031-06-23", "2031-06-21"),
        ("2019-06-07", "2019-06-24", "2019-06-22"),
    ],
)
def test_an_unpublished_year_gives_a_provisional_end_and_the_earliest_one(
    start: str, shown: str, earliest: str
) -> None:
    found = period(given(15, DAY, start), CALENDAR)
    assert found.provisional
    assert (found.due.isoformat(), found.earliest_due.isoformat()) == (shown, earliest)
    step = found.trace[-1]
    assert step.rule is TraceRule.UNPUBLISHED_YEAR
    assert step.span == (found.earliest_due, found.due)
    assert [v.status for v in step.versions] == [CALENDAR.status(day(start).year)]
    assert ("未载入" in step.text_zh) is (day(start).year != 2027)


def test_a_working_day_term_in_an_unpublished_year_counts_every_day_for_the_earliest_end() -> None:
    found = period(given(10, WORKING, "2026-12-28"), CALENDAR)
    assert found.due == day("2027-01-12")  # 12-29, 30, 31, 01-04 .. 08, 11, 12
    assert found.earliest_due == day("2027-01-07")
    assert [v.year for v in found.versions] == [2026, 2027]
    assert [v.year for v in found.trace[-1].versions] == [2027]


def test_a_term_that_begins_before_but_ends_in_a_published_year_is_settled() -> None:
    found = period(given(15, DAY, "2023-12-20"), CALENDAR)
    assert (found.due, found.provisional, found.earliest_due) == (day("2024-01-04"), False, day("2024-01-04"))


def test_the_policy_of_fixed_holidays_shows_a_later_end_and_the_same_earliest_one() -> None:
    found = period(given(15, DAY, "2027-09-16"), CALENDAR)
    assert (found.due, found.earliest_due, found.provisional) == (day("2027-10-04"), day("2027-10-01"), True)
    plain = period(given(15, DAY, "2027-09-16"), CALENDAR.with_policy(ProvisionalPolicy.WEEKENDS))
    assert (plain.due, plain.earliest_due, plain.provisional) == (day("2027-10-01"), day("2027-10-01"), True)
    assert "固定日期的法定节日" in found.trace[-1].text_zh


NATIONAL_DAY_2027 = {day("2027-10-01") + timedelta(days=n) for n in range(7)}


def official_2027() -> list[CalendarDay]:
    """A list as a notice might bring it: seven days off for National Day, a working Saturday before."""
    rows = []
    for row in CALENDAR.rows():
        if row.date.year == 2027:
            kind = row.kind
            if row.date in NATIONAL_DAY_2027:
                kind = DayKind.HOLIDAY
            if row.date == day("2027-09-25"):
                kind = DayKind.MAKEUP_WORKDAY
            rows.append(
                replace(row, kind=kind, is_workday=kind.is_workday, status=YearStatus.OFFICIAL, version="2027-2")
            )
    return rows


@pytest.mark.parametrize(
    ("one", "days"),
    [
        (given(15, DAY, "2027-09-16"), 4),  # 10-04, after three fixed days, moves to 10-08
        (given(15, DAY, "2027-09-10"), -2),  # Saturday 09-25 had moved to Monday, and works after all
        (given(15, DAY, "2027-03-10"), 0),  # the day stays, and is certain now
        (given(5, WORKING, "2027-09-24"), -4),  # 10-04, the fifth working day as far as was known, becomes 09-30
    ],
)
def test_loading_the_year_recomputes_a_provisional_period(one: PeriodInput, days: int) -> None:
    old = period(one, CALENDAR)
    change = recompute(one, old, CALENDAR.with_rows(official_2027()))
    assert change is not None
    assert change.days == days
    assert change.due_moved is (days != 0)
    assert change.old == Outcome(old.due, old.raw_last_day, old.earliest_due, True)
    assert not change.new.provisional
    assert change.new.due >= old.earliest_due
    assert [v.version for v in change.new.versions] == ["2027-2"]


def test_what_rests_on_other_years_does_not_change() -> None:
    loaded = CALENDAR.with_rows(official_2027())
    for one in (given(15, DAY, "2026-03-10"), given(15, DAY, "2031-06-06"), given(15, DAY, "2027-09-16", roll=False)):
        assert recompute(one, period(one, CALENDAR), loaded) is None
        assert recompute(one, period_dates(one, CALENDAR), CALENDAR) is None


def test_the_last_day_ends_at_midnight_in_shanghai() -> None:
    last = day("2026-03-09")
    assert late_from(last) == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert is_on_time(last, datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC))
    assert not is_on_time(last, datetime(2026, 3, 9, 16, tzinfo=UTC))
    assert is_on_time(last, datetime(2026, 3, 10, 0, 30, tzinfo=timezone(timedelta(hours=9))))
    with pytest.raises(ValueError, match="time zone"):
        is_on_time(last, datetime(2026, 3, 9))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("received", "posted", "expected"),
    [
        ("2026-03-25 23:59", None, True),
        ("2026-03-26 00:00", None, False),
        ("2026-03-28 10:00", "2026-03-25", True),
        ("2026-03-28 10:00", "2026-03-26", False),
        (None, "2026-03-25", True),
        ("2026-03-25 09:00", "2026-03-26", True),
    ],
)
def test_a_paper_posted_by_the_last_day_is_in_time(received: str | None, posted: str | None, expected: bool) -> None:
    received_at = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI) if received else None
    posted_on = day(posted) if posted else None
    assert in_time(day("2026-03-25"), received_at=received_at, posted_on=posted_on) is expected


def test_neither_received_nor_posted_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="received_at or posted_on"):
        in_time(day("2026-03-25"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: given(-1, DAY, "2026-03-10"),
        lambda: given(7301, DAY, "2026-03-10"),
        lambda: given(21, YEAR, "2026-03-10"),
        lambda: given(1, DAY, "2026-03-10", travel_days=-1),
        lambda: given(0, TermUnit.FIXED_DATE, "2026-03-10"),
        lambda: given(1, DAY, "2026-03-10", fixed_on=day("2026-03-11")),
        lambda: given(1, MONTH, "2026-03-10", direction=Direction.BEFORE),
        lambda: given(1, DAY, "2026-03-10", direction=Direction.BEFORE, travel_days=1),
        lambda: pause("2026-03-10", "2026-03-09"),
        Extension,
        lambda: Extension(-1),
        lambda: Extension(1, TermUnit.FIXED_DATE),
        lambda: Extension(until=day("2026-03-10")),
        lambda: Extension(until=day("2026-03-10"), granted_on=day("2026-03-11")),
        lambda: Extension(1, until=day("2026-03-10"), granted_on=day("2026-03-09")),
    ],
)
def test_an_input_that_cannot_be_counted_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError):
        make()


@pytest.mark.parametrize("start", ["1989-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
def test_a_start_that_no_calendar_reaches_is_a_users_mistake(start: str) -> None:
    with pytest.raises(DateOutOfRange) as caught:
        given(15, DAY, start)
    assert caught.value.details["value"] == start


def test_an_end_beyond_the_calendar_is_a_users_mistake() -> None:
    far = (Extension(20, YEAR), Extension(20, YEAR))
    with pytest.raises(DateOutOfRange):
        period(given(20, YEAR, "2100-01-01", extensions=far), CALENDAR)
    with pytest.raises(DateOutOfRange):
        period(given(7300, DAY, "2100-12-31", travel_days=7300), CALENDAR)


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "15"), ("amount", True), ("unit", "week"), ("start_on", "soon"), ("roll", 1), ("suspensions", {})],
)
def test_foreign_json_is_refused(field: str, value: object) -> None:
    data = {**given(15, DAY, "2026-03-10").to_json(), field: value}
    with pytest.raises((ValueError, TypeError)):
        PeriodInput.from_json(data)


def test_a_result_survives_json() -> None:
    found = period(given(15, DAY, "2027-09-17"), CALENDAR)
    data = json.loads(json.dumps(found.to_json()))
    assert Period.from_json(data) == found
    assert data["violation_date"] == "2027-10-05"
    assert data["trace"][0]["text_zh"]


def test_a_broken_trace_leads_nowhere() -> None:
    trace = period(given(15, DAY, "2026-02-05"), CALENDAR).trace
    with pytest.raises(ValueError, match="ROLL_REST_DAY begins"):
        result_of((trace[0], trace[2]))
    with pytest.raises(ValueError, match="empty"):
        result_of(())
