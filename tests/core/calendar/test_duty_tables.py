"""Every duty with a date over four years: the tables in `duties/`, counted off day by day, and then asked of the engine."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import (
    DATE_SETTINGS,
    TERMS,
    Extension,
    NonworkingRule,
    TermKind,
    compute,
    overdue_exposure,
    override_from_settings,
    reminder_days,
    shipped_calendar,
)
from tests.support.duty_tables import DAYS, EARLIEST, LINES, OTHERWISE, TABLES, Line, counted_off, reminded, settings_of

CALENDAR = shipped_calendar()
YEARS = {2024, 2025, 2026, 2027}
WITHOUT_A_DATE = {"D21"}
"""The half-year circular and the annual report: the executive meeting decides when."""
OF_THE_DATA = {"calendar.provisional_policy"}
"""Held by the rows of 2027: what is a rest day there is weekends and holidays on fixed dates."""


@pytest.mark.parametrize("duty", sorted({line.duty for line in LINES}))
def test_a_table_is_what_the_calendars_rows_say(duty: str) -> None:
    for line in (one for one in LINES if one.duty == duty):
        assert counted_off(line, DAYS, roll=False) == line.day("raw"), line
        assert counted_off(line, DAYS) == line.day("due"), line
        if line.given["earliest"]:
            assert min(counted_off(line, EARLIEST), line.day("due")) == line.day("earliest"), line


@pytest.mark.parametrize("line", LINES, ids=str)
def test_the_engine_gives_what_the_table_says(line: Line) -> None:
    override = override_from_settings(TERMS[line.duty], line.settings)
    more = (Extension(line.more),) if line.more else ()
    found = compute(line.duty, line.day("start"), CALENDAR, override=override, extensions=more)
    given = line.given
    assert (found.raw_last_day, found.due) == (line.day("raw"), line.day("due"))
    assert found.earliest_due == (line.day("earliest") if given["earliest"] else found.due)
    assert found.provisional is bool(given["earliest"])


@pytest.mark.parametrize("row", TABLES["D9"], ids=lambda row: f"{row['due']} {row['registered']} {row['settings']}")
def test_reminders_go_out_as_the_table_says(row: dict[str, str]) -> None:
    due, known_on = date.fromisoformat(row["due"]), date.fromisoformat(row["registered"])
    settings = settings_of(row["settings"])
    offsets = settings.get("reminder.offsets", [7, 1])
    assert isinstance(offsets, list)
    rule = str(settings.get("reminder.nonworking", "advance"))
    found = reminder_days(due, CALENDAR, offsets=offsets, nonworking=NonworkingRule(rule), registered_on=known_on)
    told = [f"T-{one.offset} {one.remind_on}{' short' if one.short_lead else ''}" for one in found]
    assert told == (row["reminders"].split("; ") if row["reminders"] else [])
    assert told == reminded(due, known_on, offsets, rule)


@pytest.mark.parametrize("row", TABLES["D24"], ids=lambda row: row["why"])
def test_the_exposure_is_what_the_table_says(row: dict[str, str]) -> None:
    found = overdue_exposure(date.fromisoformat(row["due"]), date.fromisoformat(row["performed"]))
    assert [str(found.days), str(found.lowest), str(found.highest)] == [row["days"], row["lowest"], row["highest"]]


def test_every_row_of_the_term_table_has_a_table_over_four_years() -> None:
    assert set(TABLES) == set(TERMS) - WITHOUT_A_DATE
    assert all(TERMS[duty].kind is TermKind.NO_DATE for duty in (*OTHERWISE, *WITHOUT_A_DATE))
    for duty, rows in TABLES.items():
        column = "start" if "start" in rows[0] else "due"
        ends = "raw" if "raw" in rows[0] else "due"
        years = {int(row[name][:4]) for row in rows for name in (column, ends)}
        assert years >= YEARS, duty
        assert len(rows) >= (8 if duty in OTHERWISE or duty == "D19" else 16), duty


def test_every_setting_that_touches_dates_stands_in_a_table_with_another_value_than_its_default() -> None:
    rows = [row for table in TABLES.values() for row in table if row.get("settings")]
    set_to: dict[str, set[str]] = {}
    for row in rows:
        for name, value in settings_of(row["settings"]).items():
            default = DATE_SETTINGS.get(name)
            assert value != (list(default) if isinstance(default, tuple) else default), row
            set_to.setdefault(name, set()).add(str(value))
    assert set(DATE_SETTINGS) - set(set_to) == OF_THE_DATA
    assert set_to["report.unit"] == set_to["feedback.unit"] == {"working", "strict"}
    assert set_to["reminder.nonworking"] == {"keep", "both"}
