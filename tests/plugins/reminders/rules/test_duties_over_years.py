"""The duty tables asked of the plugin's own rules and settings, and each transition that sets a date, over four years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from core.sdk.rules import SHANGHAI
from plugins.reminders.circular.publication import Month, publication_day
from plugins.reminders.rules.reminders import plan_phone_task, plan_reminders
from plugins.reminders.rules.reports import ReportHappening, ReportStep, receive
from plugins.reminders.rules.terms import feedback_period, loss_report_period, remedy_period, report_period
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    ObligationKind,
    ReportTransition,
    TimerKind,
    Transition,
)
from plugins.reminders.settings import RemindersSettings
from tests.simulation.reference.terms import Term, Unit, last_day
from tests.support.duty_tables import DAYS, LINES, TABLES, Line, reminded, settings_of
from tests.support.supervision_rules import CALENDAR, DEFAULTS, EVIDENCE, born, did, timers

PERIODS = {"D1": report_period, "D10": feedback_period, "D11": remedy_period, "D17": loss_report_period}
DUES = sorted({date.fromisoformat(row["due"]) for row in TABLES["D9"]})
ONE_DAY = timedelta(days=1)
WITHOUT_DATES = {"report.also", "circular.series", "circular.issuer", "circular.recipients", "circular.demands"}
"""Which documents are reported, and the words of the circular."""
HELD_HERE = {
    "report.bureau_day",
    "feedback.verification_term",
    "feedback.returned_term",
    "reminder.at",
    "reminder.phone_at",
}
"""Settings of the plugin alone: `OWN` sets each of them."""


def given_by(settings: dict[str, object]) -> RemindersSettings:
    """The plugin's settings from the names that the tables use."""
    parts: dict[str, dict[str, object]] = {}
    for name, value in settings.items():
        part, _, key = name.partition(".")
        parts.setdefault(part, {})[key] = value
    return RemindersSettings.model_validate(parts)


@pytest.mark.parametrize("line", [line for line in LINES if line.duty in PERIODS], ids=str)
def test_the_plugins_terms_are_those_of_the_tables(line: Line) -> None:
    found = PERIODS[line.duty](line.day("start"), given_by(line.settings), CALENDAR)
    assert found.due == line.day("due")


@pytest.mark.parametrize("line", [line for line in LINES if line.duty == "D20"], ids=str)
def test_a_circular_is_published_on_the_tables_day(line: Line) -> None:
    settings = given_by(line.settings)
    about = Month.of(line.day("start"))
    assert publication_day(about, settings.circular.day, CALENDAR) == line.day("due")


@pytest.mark.parametrize("row", TABLES["D9"], ids=lambda row: f"{row['due']} {row['registered']} {row['settings']}")
def test_the_plugins_reminders_are_those_of_the_table(row: dict[str, str]) -> None:
    settings = given_by(settings_of(row["settings"]))
    due, known_on = date.fromisoformat(row["due"]), date.fromisoformat(row["registered"])
    known_at = datetime.combine(known_on, time(8), SHANGHAI)
    planned = plan_reminders(due, known_at, settings, CALENDAR)
    told = {f"T-{one.offset} {one.send_on}{' short' if one.short_lead else ''}" for one in planned}
    assert told == ({*row["reminders"].split("; ")} if row["reminders"] else set())
    assert {one.send_at.time() for one in planned if not one.short_lead} <= {time(9)}
    assert {one.send_at for one in planned if one.short_lead} <= {known_at}


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + ONE_DAY, time(), SHANGHAI)


def stamp(day: date, hour: int = 10) -> str:
    return f"{day}T{hour:02d}:00"


def _born(due: date, settings: RemindersSettings = DEFAULTS) -> tuple[Any, ...]:
    return born(ObligationKind.DEFENCE, due.isoformat(), stamp(due - timedelta(days=20)), settings)


@pytest.mark.parametrize("due", DUES, ids=str)
def test_birth_sets_reminders_the_task_to_telephone_and_the_miss(due: date) -> None:
    armed = timers(_born(due))
    told = [f"T-{offset} {armed[TimerKind.REMIND, offset].fires_on}" for offset in (7, 1)]
    assert told == reminded(due, due - timedelta(days=20), [7, 1], "advance")
    last = armed[TimerKind.REMIND, 1].fires_on
    assert armed[TimerKind.PHONE_TASK, 1].fires_at == datetime.combine(last, time(12), SHANGHAI)
    assert armed[TimerKind.MISS, 0].fires_at == midnight_after(due)


@pytest.mark.parametrize("due", DUES, ids=str)
def test_an_act_asks_for_feedback_the_verification_and_what_is_returned(due: date) -> None:
    facts = _born(due)[-1].facts
    acted = did(facts, Transition.ACT, ActorKind.LIAISON, stamp(due), acted_on=due)
    feedback = last_day(Term(1), due, DAYS)
    assert acted[-1].facts.feedback_due_on == feedback
    assert timers(acted)[TimerKind.FEEDBACK_OVERDUE, 0].fires_at == midnight_after(feedback)
    filed = did(acted[-1].facts, Transition.FILE_FEEDBACK, ActorKind.LIAISON, stamp(feedback))
    verify = last_day(Term(5, Unit.WORKING_DAY), feedback, DAYS)
    assert timers(filed)[TimerKind.VERIFICATION_OVERDUE, 0].fires_at == midnight_after(verify)
    returned = did(filed[-1].facts, Transition.RETURN_FEEDBACK, ActorKind.BUREAU, stamp(verify))
    again = last_day(Term(1, Unit.WORKING_DAY), verify, DAYS)
    assert returned[-1].facts.feedback_due_on == again
    assert timers(returned)[TimerKind.RESUBMISSION_OVERDUE, 1].fires_at == midnight_after(again)


@pytest.mark.parametrize("due", DUES, ids=str)
def test_a_miss_sets_the_violation_the_remedy_and_a_refused_plan_the_next_one(due: date) -> None:
    facts = _born(due)[-1].facts
    over = stamp(due + ONE_DAY, 0)
    missed = did(facts, Transition.MISS, ActorKind.SYSTEM, over)
    remedy = last_day(Term(3, Unit.WORKING_DAY), due, DAYS)
    assert (missed[-1].facts.violation_date, missed[-1].facts.remedy_due_on) == (due + ONE_DAY, remedy)
    assert timers(missed)[TimerKind.REMEDY_OVERDUE, 0].fires_at == midnight_after(remedy)
    planned = due + timedelta(days=30)
    filed = did(missed[-1].facts, Transition.FILE_REMEDY, ActorKind.LEGAL, over, plan_due_on=planned)
    refused = did(filed[-1].facts, Transition.REFUSE_REMEDY, ActorKind.BUREAU, stamp(remedy))
    assert refused[-1].facts.remedy_due_on == last_day(Term(3, Unit.WORKING_DAY), remedy, DAYS)
    approved = did(filed[-1].facts, Transition.APPROVE_REMEDY, ActorKind.BUREAU, stamp(remedy))
    assert timers(approved)[TimerKind.PLAN_OVERDUE, 0].fires_at == midnight_after(planned)


@pytest.mark.parametrize("due", DUES, ids=str)
def test_another_last_day_and_a_resumption_set_reminders_anew(due: date) -> None:
    facts = _born(due - timedelta(days=5))[-1].facts
    known = due - timedelta(days=12)
    moved = did(facts, Transition.RESCHEDULE, ActorKind.LIAISON, stamp(known), due_on=due)
    stopped = did(facts, Transition.SUSPEND, ActorKind.LIAISON, stamp(known))[-1].facts
    resumed = did(stopped, Transition.RESUME, ActorKind.LIAISON, stamp(known), due_on=due)
    for steps in (moved, resumed):
        armed = timers(steps)
        days = {f"T-{offset} {armed[TimerKind.REMIND, offset].fires_on}" for offset in (7, 1)}
        assert days == {text.removesuffix(" short") for text in reminded(due, known, [7, 1], "advance")}
        assert armed[TimerKind.MISS, 0].fires_at == midnight_after(due)
        assert steps[-1].facts.due_version == 2


@pytest.mark.parametrize("line", [line for line in LINES if line.duty == "D1"], ids=str)
def test_a_report_lapses_after_its_last_day_and_the_bureau_hears_of_it_on_the_third(line: Line) -> None:
    received, due = line.day("start"), line.day("due")
    happening = ReportHappening(
        transition=ReportTransition.RECEIVE,
        actor=ActorKind.LIAISON,
        at=midnight_after(due) + timedelta(hours=8),
        evidence=EVIDENCE,
    )
    steps = receive(received, happening, given_by(line.settings), CALENDAR)
    assert isinstance(steps, tuple)
    first, lapse = steps
    assert isinstance(lapse, ReportStep)
    assert [timer.fires_at for timer in first.armed] == [midnight_after(due)]
    assert lapse.facts.overdue_at == midnight_after(due)
    armed = {timer.kind: timer.fires_at for timer in lapse.armed}
    assert armed[TimerKind.REPORT_NAG] == datetime.combine(due + ONE_DAY, time(9), SHANGHAI)
    assert armed[TimerKind.REPORT_TO_BUREAU] == datetime.combine(due + timedelta(days=3), time(9), SHANGHAI)


OWN = given_by(
    {
        "report.bureau_day": 1,
        "feedback.verification_term": 2,
        "feedback.returned_term": 3,
        "reminder.at": time(7, 30),
        "reminder.phone_at": time(16, 15),
    }
)
"""Every setting that the plugin alone knows, with another value than its default."""


@pytest.mark.parametrize("due", DUES, ids=str)
def test_the_plugins_own_settings_move_their_timers(due: date) -> None:
    known = datetime.combine(due - timedelta(days=20), time(8), SHANGHAI)
    planned = plan_reminders(due, known, OWN, CALENDAR)
    assert {one.send_at.time() for one in planned} == {time(7, 30)}
    task = plan_phone_task(planned, known, OWN)
    assert task is not None
    assert task.at == datetime.combine(planned[-1].send_on, time(16, 15), SHANGHAI)
    facts = _born(due, OWN)[-1].facts
    acted = did(facts, Transition.ACT, ActorKind.LIAISON, stamp(due), OWN, acted_on=due)[-1].facts
    filed = did(acted, Transition.FILE_FEEDBACK, ActorKind.LIAISON, stamp(due), OWN)
    verify = last_day(Term(2, Unit.WORKING_DAY), due, DAYS)
    assert timers(filed)[TimerKind.VERIFICATION_OVERDUE, 0].fires_at == midnight_after(verify)
    returned = did(filed[-1].facts, Transition.RETURN_FEEDBACK, ActorKind.BUREAU, stamp(due), OWN)
    assert returned[-1].facts.feedback_due_on == last_day(Term(3, Unit.WORKING_DAY), due, DAYS)
    received = receive(
        due, ReportHappening(transition=ReportTransition.RECEIVE, actor=ActorKind.LIAISON,
                             at=midnight_after(due + timedelta(days=20)), evidence=EVIDENCE), OWN, CALENDAR
    )  # fmt: skip
    assert isinstance(received, tuple)
    armed = {timer.kind: timer for timer in received[-1].armed}
    overdue = received[-1].facts.due_on + ONE_DAY
    assert armed[TimerKind.REPORT_TO_BUREAU].fires_at == datetime.combine(overdue, time(7, 30), SHANGHAI)


def leaves(model: BaseModel, before: str = "") -> Iterator[tuple[str, object]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{before}{name}.")
        else:
            yield before + name, value


def test_every_setting_of_the_plugin_stands_in_a_table_or_here() -> None:
    in_tables = {name for rows in TABLES.values() for row in rows for name in settings_of(row.get("settings", ""))}
    named = dict(leaves(RemindersSettings()))
    assert set(named) - in_tables == WITHOUT_DATES | HELD_HERE
    assert {name for name, value in leaves(OWN) if value != named[name]} == HELD_HERE
