"""Every row of the term table, and the worked scenarios that concern dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from core.calendar import (
    DATE_SETTINGS,
    TERMS,
    Basis,
    PeriodSuspended,
    Suspension,
    TermKind,
    TermNotFixed,
    TermOverride,
    TermUnit,
    compute,
    effective_after_appeals,
    is_on_time,
    overdue_exposure,
    override_from_settings,
    period_input,
    reminder_days,
    shipped_calendar,
)
from core.clock import SHANGHAI

CALENDAR = shipped_calendar()
WORKING = TermOverride(unit=TermUnit.WORKING_DAY)
STRICT = TermOverride(roll=False)


def day(text: str) -> date:
    return date.fromisoformat(text)


def due(term: str, start: str, override: TermOverride | None = None) -> str:
    return compute(term, day(start), CALENDAR, override=override).due.isoformat()


def reminders(last: str) -> list[str]:
    return [reminder.remind_on.isoformat() for reminder in reminder_days(day(last), CALENDAR)]


def test_g1_plain_chain() -> None:
    assert due("D1", "2026-03-10") == "2026-03-12"
    assert due("D2", "2026-03-10") == "2026-03-25"
    assert reminders("2026-03-25") == ["2026-03-18", "2026-03-24"]
    assert due("D10", "2026-03-24") == "2026-03-25"


def test_g2_spring_festival() -> None:
    defence = compute("D2", day("2026-02-05"), CALENDAR)
    assert defence.raw_last_day == day("2026-02-20")
    assert defence.due == day("2026-02-24")
    assert defence.rolled
    assert not defence.provisional
    found = reminder_days(defence.due, CALENDAR)
    assert [(r.offset, r.nominal_on.isoformat(), r.remind_on.isoformat()) for r in found] == [
        (7, "2026-02-17", "2026-02-14"),
        (1, "2026-02-23", "2026-02-14"),
    ]
    assert due("D1", "2026-02-05") == "2026-02-09"
    assert due("D1", "2026-02-05", STRICT) == "2026-02-07"
    assert due("D10", "2026-02-24") == "2026-02-25"


def test_g3_two_day_unit() -> None:
    assert due("D1", "2026-03-06") == "2026-03-09"
    assert due("D1", "2026-03-06", WORKING) == "2026-03-10"
    assert due("D1", "2026-03-06", STRICT) == "2026-03-08"
    assert is_on_time(day("2026-03-09"), datetime(2026, 3, 9, 23, 59, 59, 999999, tzinfo=SHANGHAI))
    assert not is_on_time(day("2026-03-09"), datetime(2026, 3, 10, tzinfo=SHANGHAI))
    assert compute("D2", day("2026-03-06"), CALENDAR).raw_last_day == day("2026-03-21")
    assert due("D2", "2026-03-06") == "2026-03-23"
    assert reminders("2026-03-23") == ["2026-03-16", "2026-03-20"]


def test_g7_performance_missed() -> None:
    assert due("D1", "2026-06-01") == "2026-06-03"
    assert due("D18", "2026-06-01") == "2026-06-11"
    assert due("D17", "2026-06-01") == "2026-07-01"
    performance = compute("D7", day("2026-06-01"), CALENDAR, override=TermOverride(amount=60))
    assert performance.due == day("2026-07-31")
    assert reminders("2026-07-31") == ["2026-07-24", "2026-07-30"]
    assert performance.violation_date == day("2026-08-01")
    assert due("D11", "2026-07-31") == "2026-08-05"
    exposure = overdue_exposure(performance.due, day("2026-08-20"))
    assert (exposure.days, exposure.lowest, exposure.highest) == (20, Decimal(1000), Decimal(2000))
    assert due("D20", "2026-08-31") == "2026-09-07"
    assert due("D10", "2026-08-20") == "2026-08-21"


def test_g11_mediation_over_national_day() -> None:
    mediation = compute("D23", day("2026-09-03"), CALENDAR)
    assert mediation.raw_last_day == day("2026-10-03")
    assert mediation.due == day("2026-10-08")


@pytest.mark.parametrize(
    ("term", "start", "raw", "last"),
    [
        ("D1", "2026-04-30", "2026-05-02", "2026-05-06"),
        ("D2", "2026-04-20", "2026-05-05", "2026-05-06"),
        ("D2.second", "2026-03-10", "2026-03-25", "2026-03-25"),
        ("D2.retrial", "2026-03-10", "2026-03-25", "2026-03-25"),
        ("D2c", "2026-03-06", "2026-03-21", "2026-03-23"),
        ("D3", "2026-09-28", "2026-10-03", "2026-10-08"),
        ("D4.judgment", "2026-09-10", "2026-09-25", "2026-09-28"),
        ("D4.ruling", "2026-09-10", "2026-09-20", "2026-09-20"),
        ("D5.first", "2026-10-08", "2026-10-09", "2026-10-09"),
        ("D5.first", "2026-10-09", "2026-10-10", "2026-10-10"),
        ("D5.first", "2026-10-16", "2026-10-17", "2026-10-17"),
        ("D5.second", "2026-10-17", "2026-10-17", "2026-10-17"),
        ("D5.mediation", "2026-10-17", "2026-10-17", "2026-10-17"),
        ("D6", "2025-08-31", "2026-02-28", "2026-02-28"),
        ("D7", "2026-06-01", "2026-07-01", "2026-07-01"),
        ("D8", "2024-02-29", "2026-02-28", "2026-02-28"),
        ("D10", "2026-03-06", "2026-03-07", "2026-03-09"),
        ("D11", "2026-02-13", "2026-02-25", "2026-02-25"),
        ("D12", "2026-12-31", "2027-02-28", "2027-03-01"),
        ("D12b", "2026-08-03", "2026-10-02", "2026-10-08"),
        ("D13", "2026-08-01", "2026-10-01", "2026-10-08"),
        ("D13.urgent", "2026-06-05", "2026-06-20", "2026-06-22"),
        ("D14", "2026-08-07", "2026-10-06", "2026-10-08"),
        ("D15", "2026-02-09", "2026-02-28", "2026-02-28"),
        ("D15.simple", "2026-09-30", "2026-10-13", "2026-10-13"),
        ("D16", "2026-03-02", "2026-05-01", "2026-05-06"),
        ("D16.simple", "2026-04-02", "2026-05-02", "2026-05-06"),
        ("D17", "2026-01-20", "2026-02-19", "2026-02-24"),
        ("D18", "2026-05-30", "2026-06-09", "2026-06-09"),
        ("D19", "2026-06-30", "2026-07-10", "2026-07-10"),
        ("D19", "2025-12-31", "2026-01-10", "2026-01-12"),
        ("D20", "2026-08-31", "2026-09-05", "2026-09-07"),
        ("D20", "2026-12-31", "2027-01-05", "2027-01-05"),
        ("D22", "2026-03-20", "2026-03-17", "2026-03-17"),
        ("D22", "2026-10-09", "2026-10-06", "2026-09-30"),
        ("D23", "2026-09-03", "2026-10-03", "2026-10-08"),
        ("D23.entrusted", "2026-09-18", "2026-10-03", "2026-10-08"),
        ("D23.simple", "2026-09-18", "2026-09-25", "2026-09-28"),
    ],
)
def test_a_row_of_the_table(term: str, start: str, raw: str, last: str) -> None:
    found = compute(term, day(start), CALENDAR)
    assert (found.raw_last_day.isoformat(), found.due.isoformat()) == (raw, last)


def test_the_table_covers_every_duty() -> None:
    assert {term.split(".")[0].rstrip("bc") for term in TERMS} == {f"D{n}" for n in range(1, 25)}
    for term, rule in TERMS.items():
        assert rule.id == term
        assert rule.zh
        assert rule.en
        if rule.basis is Basis.LAW:
            assert rule.source, term


def test_every_law_stands_in_the_trace() -> None:
    trace = compute("D15", day("2026-03-10"), CALENDAR).trace
    assert trace[1].law.startswith("复议法 48, 88(2)")


@pytest.mark.parametrize("term", ["D2b", "D9", "D21", "D24"])
def test_a_row_without_a_term_of_its_own_asks_for_one(term: str) -> None:
    with pytest.raises(TermNotFixed) as caught:
        compute(term, day("2026-03-10"), CALENDAR)
    assert caught.value.details["term"] == term


def test_the_court_sets_at_most_fifteen_days_in_the_simple_procedure() -> None:
    assert due("D2b", "2026-03-10", TermOverride(amount=15)) == "2026-03-25"
    with pytest.raises(TermNotFixed):
        compute("D2b", day("2026-03-10"), CALENDAR, override=TermOverride(amount=16))


def test_a_document_may_state_the_last_day_itself() -> None:
    found = compute("D7", day("2026-06-01"), CALENDAR, override=TermOverride(fixed_on=day("2026-10-03")))
    assert found.raw_last_day == day("2026-10-03")
    assert found.due == day("2026-10-08")


def test_an_unknown_term_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        period_input("D99", day("2026-03-10"))


@pytest.mark.parametrize(
    ("term", "settings", "start", "last"),
    [
        ("D1", {"report.unit": "working"}, "2026-03-06", "2026-03-10"),
        ("D1", {"report.unit": "strict"}, "2026-03-06", "2026-03-08"),
        ("D1", {"report.roll": False}, "2026-03-06", "2026-03-08"),
        ("D1", {"report.term": 3}, "2026-03-03", "2026-03-06"),
        ("D10", {"feedback.unit": "working"}, "2026-03-06", "2026-03-09"),
        ("D11", {"remedy.term": 5}, "2026-07-31", "2026-08-07"),
        ("D5.first", {"effective_day.first": 0}, "2026-10-08", "2026-10-08"),
        ("D5.second", {"effective_day.second": 1}, "2026-10-08", "2026-10-09"),
        ("D17", {"loss_report.term": 20}, "2026-06-01", "2026-06-22"),
        ("D18", {"perf_plan.term": 15}, "2026-06-01", "2026-06-16"),
        ("D19", {"halfyear.days": ["07-15", "01-20"]}, "2026-06-30", "2026-07-15"),
        ("D19", {"halfyear.days": ["07-15", "01-20"]}, "2026-12-31", "2027-01-20"),
        ("D20", {"circular.day": 8}, "2026-08-31", "2026-09-08"),
        ("D23.simple", {"mediation.terms": [30, 15, 10]}, "2026-09-18", "2026-09-28"),
        ("D2.second", {"second_answer.term": 10}, "2026-03-10", "2026-03-20"),
    ],
)
def test_a_tenants_setting_replaces_the_default(term: str, settings: dict[str, object], start: str, last: str) -> None:
    assert due(term, start, override_from_settings(TERMS[term], settings)) == last


def test_the_published_defaults_change_nothing() -> None:
    for rule in TERMS.values():
        assert override_from_settings(rule, DATE_SETTINGS).on(rule) == rule


def test_every_date_setting_is_read_by_a_term_or_a_reminder_or_the_calendar() -> None:
    read = {rule.setting for rule in TERMS.values()} | {
        f"{r.key}.{part}" for r in TERMS.values() for part in ("unit", "roll")
    }
    read |= {"reminder.offsets", "reminder.nonworking", "calendar.provisional_policy"}
    assert set(DATE_SETTINGS) <= read


@pytest.mark.parametrize(
    ("term", "settings"),
    [
        ("D1", {"report.unit": "weeks"}),
        ("D1", {"report.term": "two"}),
        ("D1", {"report.term": True}),
        ("D1", {"report.term": -1}),
        ("D1", {"report.roll": "no"}),
        ("D23.simple", {"mediation.terms": [30]}),
        ("D23.simple", {"mediation.terms": "30"}),
        ("D19", {"halfyear.days": ["13-01"]}),
        ("D19", {"halfyear.days": ["07-31"]}),
        ("D19", {"halfyear.days": "07-10"}),
        ("D19", {"halfyear.days": []}),
        ("D20", {"circular.day": 0}),
    ],
)
def test_a_setting_that_cannot_be_one_is_refused_by_name(term: str, settings: dict[str, object]) -> None:
    with pytest.raises(TermNotFixed) as caught:
        override_from_settings(TERMS[term], settings)
    assert next(iter(settings)) in str(caught.value)


def test_effectiveness_follows_the_last_partys_appeal_term() -> None:
    ends = [compute("D4.judgment", day(served), CALENDAR).due for served in ("2026-09-10", "2026-09-14", "2026-09-11")]
    found = effective_after_appeals(ends, CALENDAR)
    assert max(ends) == day("2026-09-29")
    assert found.due == day("2026-09-30")
    with pytest.raises(ValueError, match="empty"):
        effective_after_appeals([], CALENDAR)


def test_performance_in_time_exposes_to_nothing() -> None:
    assert overdue_exposure(day("2026-07-31"), day("2026-07-30")).highest == Decimal(0)


def test_a_suspended_term_of_the_table_has_no_end_until_it_resumes() -> None:
    pause = Suspension(day("2026-03-12"))
    with pytest.raises(PeriodSuspended) as caught:
        compute("D2", day("2026-03-10"), CALENDAR, suspensions=(pause,))
    assert caught.value.suspended_on == day("2026-03-12")
    assert "2026-03-12" in caught.value.message_zh
    resumed = Suspension(day("2026-03-12"), day("2026-03-16"))
    assert compute("D2", day("2026-03-10"), CALENDAR, suspensions=(resumed,)).due == day("2026-03-25") + timedelta(
        days=5
    )


def test_every_counted_row_gives_a_date_in_every_month_of_a_century() -> None:
    counted = [term for term, rule in TERMS.items() if rule.kind is not TermKind.NO_DATE and term != "D2b"]
    for year in range(1990, 2101, 10):
        for month in range(1, 13):
            for term in counted:
                assert compute(term, date(year, month, 28), CALENDAR).due
    assert all(compute(term, date(2100, 12, 31), CALENDAR).provisional for term in ("D2", "D8", "D15", "D19"))
