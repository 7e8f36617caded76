"""The lines of a month: where each duty stood at its end, what was missed, who is listed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.reminders.circular.figures import (
    Cell,
    Cut,
    Duty,
    as_of,
    by,
    lines,
    to_be_listed,
    violation_date,
)
from plugins.reminders.circular.publication import Month
from plugins.reminders.rules.counters import Counters, standing
from tests.plugins.reminders.circular.duties import AUGUST, JULY, SEPTEMBER, at, cut, duty, invented

G7 = duty(
    date(2026, 7, 31),
    acted_on=date(2026, 8, 20),
    acted_at=at(date(2026, 8, 20)),
    missed_at=at(date(2026, 8, 1), 0),
    violation_on=date(2026, 8, 1),
)

# (what, the duty, where it stands at the end of August)
STANDINGS = [
    ("done on its last day", {"acted_on": date(2026, 8, 20)}, "ON_TIME"),
    ("done the day after", {"acted_on": date(2026, 8, 21)}, "LATE"),
    ("not done", {}, "MISSED"),
    (
        "done in time, entered before the snapshot",
        {"acted_on": date(2026, 8, 20), "acted_at": at(date(2026, 9, 2))},
        "ON_TIME",
    ),
    (
        "done in time, entered after the snapshot",
        {"acted_on": date(2026, 8, 20), "acted_at": at(date(2026, 9, 9))},
        "MISSED",
    ),
    ("done in September", {"acted_on": date(2026, 9, 2), "acted_at": at(date(2026, 9, 2))}, "MISSED"),
    ("void in August", {"void_at": at(date(2026, 8, 25))}, "VOID"),
    ("void in September", {"void_at": at(date(2026, 9, 2))}, "MISSED"),
    ("suspended", {"suspended_at": at(date(2026, 8, 10))}, "OPEN"),
    ("suspended in September", {"suspended_at": at(date(2026, 9, 1), 0)}, "MISSED"),
]


@pytest.mark.parametrize(("what", "known", "expected"), STANDINGS, ids=[each[0] for each in STANDINGS])
def test_a_duty_stands_where_it_stood_at_the_end_of_the_month(
    what: str, known: dict[str, object], expected: str
) -> None:
    at_end = Cut(AUGUST, at(date(2026, 9, 7), 9))
    assert standing(as_of(duty(date(2026, 8, 20), **known), at_end), at_end.instant).value == expected


def test_what_is_due_on_the_last_day_is_open_at_its_end() -> None:
    (figures,) = lines([duty(date(2026, 8, 31))], AUGUST, cut(AUGUST)).values()
    assert figures == Counters(due=1, open=1)


def test_the_chain_of_g7_is_told_month_by_month() -> None:
    """Due Fri 07-31, missed at 08-01 00:00, performed 08-20: open in July's figures, listed in August, late from then on."""
    july = lines([G7], JULY, cut(JULY))
    assert list(july.values()) == [Counters(due=1, open=1)]
    assert to_be_listed([G7], (), JULY, cut(JULY)) == ()
    assert to_be_listed([G7], (), JULY, cut(AUGUST)) == (G7,)
    assert list(lines([G7], JULY, cut(AUGUST)).values()) == [Counters(due=1, late=1, was_missed=1)]
    assert lines([G7], AUGUST, cut(AUGUST)) == {}


def test_nobody_is_listed_twice_and_one_that_becomes_known_later_is_listed_then() -> None:
    assert to_be_listed([G7], {G7.id}, JULY, cut(AUGUST)) == ()
    assert to_be_listed([G7], (), JULY, cut(SEPTEMBER)) == (G7,)
    assert to_be_listed([G7], (), SEPTEMBER, cut(SEPTEMBER)) == ()


def test_a_miss_stays_counted_when_the_act_turns_out_to_have_been_in_time() -> None:
    posted = duty(
        date(2026, 8, 10),
        missed_at=at(date(2026, 8, 11), 0),
        acted_on=date(2026, 8, 10),
        acted_at=at(date(2026, 8, 12)),
    )
    assert list(lines([posted], AUGUST, cut(AUGUST)).values()) == [Counters(due=1, on_time=1, was_missed=1)]


def test_a_remedy_counts_for_what_was_missed() -> None:
    remedied = duty(date(2026, 8, 10), missed_at=at(date(2026, 8, 11), 0), remedied_at=at(date(2026, 8, 25)))
    (figures,) = lines([remedied], AUGUST, cut(AUGUST)).values()
    assert (figures.missed, figures.was_missed, figures.remedied) == (1, 1, 1)


duties = st.lists(invented(), max_size=25)
months = st.sampled_from([JULY, AUGUST, SEPTEMBER])


@given(duties, months, st.integers(0, 40))
def test_every_line_reconciles_and_every_duty_is_in_one(given_duties: list[Duty], month: Month, later: int) -> None:
    at_end = Cut(month, month.over_at + timedelta(days=later))
    counted = lines(given_duties, month, at_end)
    assert all(figures.reconciles for figures in counted.values())
    assert sum(figures.due for figures in counted.values()) == sum(1 for one in given_duties if one.due_on in month)
    assert all(figures.remedied <= figures.was_missed for figures in counted.values())
    whole = sum(counted.values(), Counters())
    for part in ("agency", "district", "kind"):
        assert sum(by(part, counted).values(), Counters()) == whole


@given(duties, months)
def test_the_order_of_the_rows_changes_nothing(given_duties: list[Duty], month: Month) -> None:
    assert lines(given_duties, month, cut(month)) == lines(reversed(given_duties), month, cut(month))


@given(duties, months)
def test_whoever_was_missed_stays_so_when_one_knows_more(given_duties: list[Duty], month: Month) -> None:
    """`was_missed` never falls for one that was marked; what was only past its day may turn out to have been done."""
    marked = [one for one in given_duties if one.missed_at is not None]
    early, late = Cut(month, month.over_at), Cut(month, month.over_at + timedelta(days=60))
    before, after = lines(marked, month, early), lines(marked, month, late)
    for cell in before:
        marks = sum(
            early.knows(one.missed_at)
            for one in marked
            if Cell(one.district, one.agency, one.kind) == cell and one.due_on in month
        )
        assert marks <= after[cell].was_missed


@given(duties, months)
def test_each_miss_is_listed_in_exactly_one_issue(given_duties: list[Duty], since: Month) -> None:
    listed: list[Duty] = []
    month = since
    for _ in range(6):
        listed += to_be_listed(given_duties, {one.id for one in listed}, since, cut(month))
        month = month.next
    assert len({one.id for one in listed}) == len(listed)
    assert all(violation_date(one) >= since.first for one in listed)
