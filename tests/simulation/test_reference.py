"""The reference by the worked scenarios of domain §11, so that it may judge the plugin."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import TermUnit, period, shipped_calendar
from core.calendar.period_input import PeriodInput, Suspension
from tests.simulation.reference import terms
from tests.simulation.reference.counters import Counters, counters
from tests.simulation.reference.expectation import Expected, What
from tests.simulation.reference.facts import (
    BEIJING,
    Acted,
    Confirmed,
    DocumentReceived,
    DutyBorn,
    DutyKind,
    Fact,
    FeedbackFiled,
    History,
    Moved,
    Reported,
    Resumed,
    Settings,
    Suspended,
    Switch,
    Verified,
)
from tests.simulation.reference.terms import Term, Unit, last_day
from tests.simulation.reference.walk import expected, expected_and_told
from tests.simulation.reference.working_days import WorkingDays

ROOT = Path(__file__).parents[2]
DAYS = WorkingDays.read(ROOT / "core" / "calendar" / "data" / "workdays-2024-2027.csv")
PLACE = 440112000
DEFENCE = Term(15)


def at(month: int, day: int, hour: int = 9, minute: int = 30, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=BEIJING)


def document(moment: datetime) -> DocumentReceived:
    return DocumentReceived(moment, "document", PLACE, moment.date())


def duty(moment: datetime, term: Term = DEFENCE, kind: DutyKind = DutyKind.DEFENCE, key: str = "duty") -> DutyBorn:
    return DutyBorn(moment, key, PLACE, kind, moment.date(), term)


def told(
    *facts: Fact, until: datetime, switches: tuple[Switch, ...] = (), settings: Settings | None = None
) -> list[tuple[str, ...]]:
    """What is expected, as (day, what …) in order."""
    history = History(facts, switches, settings or Settings())
    found = expected(history, DAYS, date(2026, 1, 1), until)
    return [_shown(one) for one in sorted(found)]


def counted(history: History, first: tuple[int, int], last: tuple[int, int], cut_off: datetime) -> Counters:
    happened = expected(history, DAYS, date(2026, 1, 1), cut_off)
    return counters(history, DAYS, date(2026, *first), date(2026, *last), cut_off, happened)


def _shown(one: Expected) -> tuple[str, ...]:
    offset = f"T-{one.offset}" if one.what == What.REMINDED.value else ""
    return tuple(filter(None, (f"{one.day:%m-%d}", one.what, offset, "short" if one.short_lead else "")))


def test_g1_plain_chain():
    facts = [
        document(at(3, 10)),
        Reported(at(3, 12), "document"),
        duty(at(3, 10)),
        Confirmed(at(3, 24, 9), "duty", 1),
        Acted(at(3, 24, 16), "duty", date(2026, 3, 24)),
        FeedbackFiled(at(3, 25), "duty"),
        Verified(at(3, 26), "duty"),
    ]
    assert told(*facts, until=at(4, 30)) == [
        ("03-12", "REPORTED"),
        ("03-18", "REMINDED", "T-7"),
        ("03-24", "REMINDED", "T-1"),
    ]
    assert last_day(DEFENCE, date(2026, 3, 10), DAYS) == date(2026, 3, 25)
    history = History(tuple(facts))
    march = counted(history, (3, 1), (3, 31), at(3, 31, 23, 59))
    assert march == {(PLACE, DutyKind.DEFENCE): Counter(due=1, on_time=1, was_missed=0)}


def test_g1_feedback_that_does_not_come_is_overdue_the_day_after_its_last_day():
    facts = [duty(at(3, 10)), Confirmed(at(3, 24), "duty", 1), Acted(at(3, 24, 16), "duty", date(2026, 3, 24))]
    assert told(*facts, until=at(4, 30))[1:] == [("03-24", "REMINDED", "T-1"), ("03-26", "FEEDBACK_OVERDUE")]


def test_g2_both_reminders_fall_on_the_working_saturday_before_spring_festival():
    born = duty(at(2, 5))
    assert last_day(DEFENCE, date(2026, 2, 5), DAYS) == date(2026, 2, 24)
    facts = [born, Confirmed(at(2, 14, 10), "duty", 1), Acted(at(2, 24), "duty", date(2026, 2, 24))]
    facts += [FeedbackFiled(at(2, 25, 23, 59), "duty"), document(at(2, 5))]
    assert told(*facts, until=at(3, 20)) == [
        ("02-10", "REPORT_OVERDUE"),
        ("02-14", "REMINDED", "T-1"),
        ("02-14", "REMINDED", "T-7"),
    ]
    strict = Settings(report=Term(2, roll=False))
    assert ("02-08", "REPORT_OVERDUE") in told(*facts, until=at(3, 20), settings=strict)


@pytest.mark.parametrize(
    ("report", "due"),
    [(Term(2), (3, 9)), (Term(2, Unit.WORKING_DAY), (3, 10)), (Term(2, roll=False), (3, 8))],
)
def test_g3_the_two_day_unit(report: Term, due: tuple[int, int]):
    last = date(2026, *due)
    assert last_day(report, date(2026, 3, 6), DAYS) == last
    settings = Settings(report=report)
    in_time = [document(at(3, 6)), Reported(at(*due, 23, 59, 59), "document")]
    assert told(*in_time, until=at(3, 31), settings=settings) == [(f"03-{due[1]:02d}", "REPORTED")]
    late = [document(at(3, 6)), Reported(at(due[0], due[1] + 1, 0, 1), "document")]
    assert told(*late, until=at(3, 31), settings=settings) == [
        (f"03-{due[1] + 1:02d}", what) for what in ("REPORTED_LATE", "REPORT_OVERDUE")
    ]


def test_g3_reminders_move_off_sunday():
    assert last_day(DEFENCE, date(2026, 3, 6), DAYS) == date(2026, 3, 23)
    facts = [duty(at(3, 6)), Confirmed(at(3, 20, 8), "duty", 1), Acted(at(3, 23), "duty", date(2026, 3, 23))]
    reminded = told(*facts, until=at(3, 23))
    assert reminded == [("03-16", "REMINDED", "T-7"), ("03-20", "REMINDED", "T-1")]


def test_g7_performance_missed():
    sixty = Term(60)
    facts = [duty(at(6, 1), sixty, DutyKind.PERFORMANCE), Acted(at(8, 20), "duty", date(2026, 8, 20))]
    assert told(*facts, until=at(9, 30)) == [
        ("07-24", "REMINDED", "T-7"),
        ("07-30", "PHONE_TASK"),
        ("07-30", "REMINDED", "T-1"),
        ("08-01", "MISSED"),
        ("08-06", "REMEDY_OVERDUE"),
        ("08-22", "FEEDBACK_OVERDUE"),
    ]
    assert last_day(Term(2), date(2026, 6, 1), DAYS) == date(2026, 6, 3)
    assert last_day(Term(30), date(2026, 6, 1), DAYS) == date(2026, 7, 1)
    assert last_day(Term(3, Unit.WORKING_DAY), date(2026, 7, 31), DAYS) == date(2026, 8, 5)
    assert last_day(Term(1), date(2026, 8, 20), DAYS) == date(2026, 8, 21)
    history = History(tuple(facts))
    for cut_off, place, was_missed in [
        (at(7, 31, 23, 59), "open", 0),
        (at(8, 1, 0, 0), "missed", 1),
        (at(8, 31), "late", 1),
    ]:
        july = counted(history, (7, 1), (7, 31), cut_off)[PLACE, DutyKind.PERFORMANCE]
        assert july == Counter({"due": 1, place: 1, "was_missed": was_missed})


def hearing(moment: datetime, day: date) -> DutyBorn:
    return duty(moment, Term(unit=Unit.STATED, stated_on=day, roll=False), DutyKind.HEARING)


def test_a_summons_three_days_ahead_reminds_at_once():
    facts = [
        hearing(at(3, 10), date(2026, 3, 13)),
        Confirmed(at(3, 12, 9), "duty", 1),
        Acted(at(3, 13), "duty", date(2026, 3, 13)),
    ]
    reminded = told(*facts, until=at(3, 14))
    assert reminded == [("03-10", "REMINDED", "T-7", "short"), ("03-12", "REMINDED", "T-1")]


def test_a_rescheduled_hearing_is_reminded_of_anew():
    later = Moved(at(3, 18), "duty", Term(unit=Unit.STATED, stated_on=date(2026, 4, 15), roll=False))
    facts = [hearing(at(3, 2), date(2026, 3, 20)), later]
    assert told(*facts, until=at(4, 14, 11)) == [
        ("03-13", "REMINDED", "T-7"),
        ("04-08", "REMINDED", "T-7"),
        ("04-14", "REMINDED", "T-1"),
    ]


def test_nothing_is_expected_while_the_duty_stands_still():
    paused = [Suspended(at(3, 12), "duty", date(2026, 3, 12)), Resumed(at(4, 13), "duty", date(2026, 4, 13))]
    # Two of fifteen days had passed by the 12th; thirteen are left from the 13th of April on.
    assert told(duty(at(3, 10)), *paused, until=at(4, 30)) == [
        ("04-20", "REMINDED", "T-7"),
        ("04-24", "PHONE_TASK"),
        ("04-24", "REMINDED", "T-1"),
        ("04-28", "MISSED"),
    ]


def test_a_district_that_comes_back_is_not_flooded():
    away = (Switch(at(3, 1, 0), PLACE, PLACE + 1000, False), Switch(at(3, 20, 9), PLACE, PLACE + 1000, True))
    facts = [duty(at(3, 2), key="missed"), duty(at(3, 10), key="open"), duty(at(3, 19), key="new")]
    assert told(*facts, until=at(3, 24, 11), switches=away) == [
        ("03-20", "MISSED"),
        ("03-24", "REMINDED", "T-1"),
    ]


def test_what_becomes_known_after_the_return_is_reminded_of_at_short_lead():
    """Found by a simulated month: the reference had taken the return for a reason to be silent."""
    away = (Switch(at(3, 2, 8), PLACE, PLACE + 1000, False), Switch(at(3, 20, 8), PLACE, PLACE + 1000, True))
    late = DutyBorn(at(3, 23, 17), "duty", PLACE, DutyKind.DEFENCE, date(2026, 3, 9), DEFENCE)
    assert ("03-23", "REMINDED", "T-7", "short") in told(late, until=at(3, 23, 18), switches=away)


def test_what_moved_before_it_was_known_counts_for_no_version():
    """Found by a simulated year: the plugin learns of a duty with the last day that it has then, which is its first."""
    away = (Switch(at(3, 2, 8), PLACE, PLACE + 1000, False), Switch(at(3, 20, 8), PLACE, PLACE + 1000, True))
    facts = (
        hearing(at(3, 4), date(2026, 3, 19)),
        Moved(at(3, 10), "duty", Term(unit=Unit.STATED, stated_on=date(2026, 4, 10))),
    )
    history = History(tuple(sorted(facts, key=lambda one: one.at)), away)
    found = expected(history, DAYS, date(2026, 3, 1), at(4, 3, 18))
    assert [(one.day, one.version, one.offset) for one in found] == [(date(2026, 4, 3), 1, 7)]


def test_what_was_done_while_the_plugin_was_away_is_missed_only_where_it_was_late():
    away = (Switch(at(3, 2, 8), PLACE, PLACE + 1000, False), Switch(at(3, 20, 8), PLACE, PLACE + 1000, True))
    born = duty(at(3, 1))
    in_time, late = (Acted(at(3, 19), "duty", date(2026, 3, day)) for day in (16, 17))
    assert ("03-17", "MISSED") not in told(born, in_time, until=at(3, 24), switches=away)
    assert ("03-17", "MISSED") in told(born, late, until=at(3, 24), switches=away)


def words(*facts: Fact, until: datetime, switches: tuple[Switch, ...] = ()) -> list[tuple[str, str]]:
    """The messages in inboxes, by day."""
    history = History(tuple(sorted(facts, key=lambda one: one.at)), switches)
    found = expected_and_told(history, DAYS, date(2026, 1, 1), until).messages
    inboxes = [one for one in sorted(found) if one.what.startswith("message")]
    return [(f"{one.day:%m-%d}", one.what.removeprefix("message to the ")) for one in inboxes]


def test_two_reminders_of_one_day_are_one_message():
    born = duty(at(2, 5))
    assert words(born, until=at(2, 24)) == [("02-14", "agency: REMINDED"), ("02-14", "bureau: PHONE_TASK")]


def test_a_miss_is_told_to_the_agency_and_to_the_bureau_unless_it_passed_while_the_plugin_was_away():
    away = (Switch(at(3, 20), PLACE, PLACE + 1000, False), Switch(at(3, 27, 9), PLACE, PLACE + 1000, True))
    missed = [("03-26", "agency: MISSED"), ("03-26", "bureau: MISSED")]
    assert words(duty(at(3, 10)), until=at(3, 30))[-2:] == missed
    assert words(duty(at(3, 10)), until=at(3, 30), switches=away) == [("03-18", "agency: REMINDED")]


def test_the_reference_shares_no_line_with_what_it_judges():
    for file in (Path(__file__).parent / "reference").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] in {"core", "schema", "plugins"}], file


UNITS = {Unit.DAY: TermUnit.DAY, Unit.WORKING_DAY: TermUnit.WORKING_DAY, Unit.MONTH: TermUnit.MONTH}


@st.composite
def paused_terms(draw: st.DrawFn):
    unit = draw(st.sampled_from(sorted(UNITS, key=lambda one: one.value)))
    term = Term(draw(st.integers(1, 3 if unit is Unit.MONTH else 60)), unit, draw(st.booleans()))
    start = draw(st.dates(date(2024, 1, 1), date(2025, 12, 1)))
    pause = None
    if draw(st.booleans()):
        first = start.toordinal() + draw(st.integers(1, 20))
        pause = terms.Pause(date.fromordinal(first), date.fromordinal(first + draw(st.integers(0, 60))))
    return term, start, pause


@given(paused_terms())
def test_two_ways_of_counting_agree(drawn: tuple[Term, date, terms.Pause | None]):
    term, start, pause = drawn
    slow = last_day(term, start, DAYS, (pause,) if pause else ())
    suspensions = (Suspension(pause.first, pause.resumed_on, "中止"),) if pause else ()
    fast = period(
        PeriodInput(term.amount, UNITS[term.unit], start, roll=term.roll, suspensions=suspensions), shipped_calendar()
    )
    assert slow == fast.due
