"""What changed in earlier months is told in the next issue, once, and the past is not edited."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.reminders.circular.corrections import Correction, Told, corrections, told
from plugins.reminders.circular.figures import Cell, Cut, Duty, lines
from plugins.reminders.circular.publication import Month
from plugins.reminders.rules.counters import Counters
from tests.plugins.reminders.circular.duties import AUGUST, JULY, SEPTEMBER, at, cut, duty, invented
from tests.plugins.reminders.circular.test_figures import G7


def frame(duties: list[Duty], months: list[Month], at_cut: Cut) -> Told:
    return {(month, cell): figures for month in months for cell, figures in lines(duties, month, at_cut).items()}


def test_the_miss_of_g7_corrects_july_in_augusts_issue_and_not_again_in_septembers() -> None:
    published = frame([G7], [JULY], cut(JULY))
    cell = Cell(G7.district, G7.agency, G7.kind)
    august = corrections(published, frame([G7], [JULY], cut(AUGUST)))
    assert august == (
        Correction(JULY, cell, "late", 0, 1),
        Correction(JULY, cell, "open", 1, 0),
        Correction(JULY, cell, "was_missed", 0, 1),
    )
    assert published == {(JULY, cell): Counters(due=1, open=1)}
    assert corrections(told(published, august), frame([G7], [JULY], cut(SEPTEMBER))) == ()


def test_a_duty_entered_after_its_month_was_published_adds_a_line() -> None:
    late = duty(date(2026, 7, 10), acted_on=date(2026, 7, 9), acted_at=at(date(2026, 8, 20)))
    found = corrections({}, frame([late], [JULY], cut(AUGUST)))
    assert [(one.measure, one.before, one.after) for one in found] == [("due", 0, 1), ("on_time", 0, 1)]


def test_a_line_that_moved_away_falls_to_zero() -> None:
    before = frame([duty(date(2026, 7, 10))], [JULY], cut(JULY))
    found = corrections(before, {})
    assert {(one.measure, one.after) for one in found} == {("due", 0), ("missed", 0), ("was_missed", 0)}


@given(st.lists(invented(), max_size=20))
def test_what_was_told_last_and_its_corrections_always_make_the_present_figures(duties: list[Duty]) -> None:
    """Three issues; after each, the frozen lines with all corrections so far are what is so at that cut."""
    months: list[Month] = []
    frozen: dict[tuple[Month, Cell], Counters] = {}
    published: list[Correction] = []
    for month in (JULY, AUGUST, SEPTEMBER):
        at_cut = Cut(month, month.over_at + timedelta(days=5))
        now = frame(duties, months, at_cut)
        published += corrections(told(frozen, published), now)
        present = {key: figures for key, figures in told(frozen, published).items() if figures != Counters()}
        assert present == now
        frozen |= frame(duties, [month], at_cut)
        months.append(month)
