"""The worked scenarios of the supervision (G1, G2, G3, G7), with the State Council's calendar of 2026."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.sdk.rules import compute
from plugins.reminders.rules.counters import Counters, count
from plugins.reminders.rules.facts import Refusal
from plugins.reminders.rules.reminders import messages, plan_reminders
from plugins.reminders.rules.reports import ReportFacts, ReportHappening, ReportStep, apply_to_report, receive
from plugins.reminders.rules.violation import exposure
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    ObligationKind,
    ObligationState,
    ReportState,
    ReportTransition,
    TimerKind,
    Transition,
)
from plugins.reminders.settings import RemindersSettings, ReportSettings, TermCount
from tests.support.supervision_rules import CALENDAR, DEFAULTS, EVIDENCE, at, born, day, did, timers


def report(received: str, settings: RemindersSettings = DEFAULTS) -> ReportFacts:
    happening = ReportHappening(
        transition=ReportTransition.RECEIVE, actor=ActorKind.LIAISON, at=at(received), evidence=EVIDENCE
    )
    steps = receive(day(received), happening, settings, CALENDAR)
    assert not isinstance(steps, Refusal)
    return steps[-1].facts


def submitted(facts: ReportFacts, when: str) -> tuple[ReportStep, ...]:
    happening = ReportHappening(
        transition=ReportTransition.SUBMIT, actor=ActorKind.LIAISON, at=at(when), evidence=EVIDENCE
    )
    steps = apply_to_report(facts, happening, DEFAULTS)
    assert not isinstance(steps, Refusal)
    return steps


def test_g1_plain_chain() -> None:
    assert report("2026-03-10").due_on == day("2026-03-12")
    due = compute("D2", day("2026-03-10"), CALENDAR).due
    assert due == day("2026-03-25")
    steps = born(ObligationKind.DEFENCE, "2026-03-25", "2026-03-10")
    armed = timers(steps)
    assert armed[TimerKind.REMIND, 7].fires_at == at("2026-03-18T09:00")
    assert armed[TimerKind.REMIND, 1].fires_at == at("2026-03-24T09:00")
    assert armed[TimerKind.PHONE_TASK, 1].fires_at == at("2026-03-24T12:00")
    assert armed[TimerKind.MISS, 0].fires_at == at("2026-03-26T00:00")

    acted = did(steps[-1].facts, Transition.ACT, ActorKind.LIAISON, "2026-03-24", acted_on=day("2026-03-24"))
    facts = acted[-1].facts
    assert (facts.state, facts.feedback_due_on) == (ObligationState.ACTED, day("2026-03-25"))
    assert timers(acted)[TimerKind.FEEDBACK_OVERDUE, 0].fires_at == at("2026-03-26T00:00")
    facts = did(facts, Transition.FILE_FEEDBACK, ActorKind.LIAISON, "2026-03-25")[-1].facts
    closing = did(facts, Transition.VERIFY, ActorKind.BUREAU, "2026-03-26")
    assert [step.to_state for step in closing] == [ObligationState.VERIFIED, ObligationState.CLOSED]
    assert count([closing[-1].facts], day("2026-03-01"), day("2026-03-31"), at("2026-04-01T00:00")) == Counters(
        due=1, on_time=1
    )


def test_g2_spring_festival() -> None:
    reckoned = compute("D2", day("2026-02-05"), CALENDAR)
    assert (reckoned.raw_last_day, reckoned.due) == (day("2026-02-20"), day("2026-02-24"))
    reminders = plan_reminders(reckoned.due, at("2026-02-05"), DEFAULTS, CALENDAR)
    assert [(one.offset, one.nominal_on, one.send_on) for one in reminders] == [
        (7, day("2026-02-17"), day("2026-02-14")),
        (1, day("2026-02-23"), day("2026-02-14")),
    ]
    assert [len(told) for told in messages(reminders).values()] == [2]
    assert report("2026-02-05").due_on == day("2026-02-09")
    strict = RemindersSettings(report=ReportSettings(unit=TermCount.STRICT))
    assert report("2026-02-05", strict).due_on == day("2026-02-07")
    steps = born(ObligationKind.DEFENCE, "2026-02-24", "2026-02-05")
    acted = did(steps[-1].facts, Transition.ACT, ActorKind.LIAISON, "2026-02-24", acted_on=day("2026-02-24"))
    assert acted[-1].facts.feedback_due_on == day("2026-02-25")


def test_g3_two_day_unit() -> None:
    dues = {
        unit: report("2026-03-06", RemindersSettings(report=ReportSettings(unit=unit))).due_on for unit in TermCount
    }
    assert dues == {
        TermCount.CALENDAR: day("2026-03-09"),
        TermCount.WORKING: day("2026-03-10"),
        TermCount.STRICT: day("2026-03-08"),
    }
    facts = report("2026-03-06")
    assert [step.to_state for step in submitted(facts, "2026-03-09T23:59:59")] == [ReportState.REPORTED]
    late = submitted(facts, "2026-03-10T00:00")
    assert [step.to_state for step in late] == [ReportState.REPORT_OVERDUE, ReportState.REPORTED_LATE]
    assert late[-1].facts.overdue_at == at("2026-03-10T00:00")
    assert compute("D2", day("2026-03-06"), CALENDAR).due == day("2026-03-23")
    planned = plan_reminders(day("2026-03-23"), at("2026-03-06"), DEFAULTS, CALENDAR)
    assert [(one.nominal_on, one.send_on) for one in planned] == [
        (day("2026-03-16"), day("2026-03-16")),
        (day("2026-03-22"), day("2026-03-20")),
    ]


def test_g7_performance_missed() -> None:
    assert report("2026-06-01").due_on == day("2026-06-03")
    assert compute("D18", day("2026-06-01"), CALENDAR).due == day("2026-06-11")
    assert compute("D17", day("2026-06-01"), CALENDAR).due == day("2026-07-01")
    due = day("2026-06-01") + timedelta(days=60)
    assert due == day("2026-07-31")
    steps = born(ObligationKind.PERFORMANCE, "2026-07-31", "2026-06-01")
    armed = timers(steps)
    assert [armed[TimerKind.REMIND, offset].fires_on for offset in (7, 1)] == [day("2026-07-24"), day("2026-07-30")]
    assert armed[TimerKind.MISS, 0].fires_at == at("2026-08-01T00:00")

    missed = did(steps[-1].facts, Transition.MISS, ActorKind.SYSTEM, "2026-08-01T00:00")[-1].facts
    assert (missed.state, missed.missed_at) == (ObligationState.MISSED, at("2026-08-01T00:00"))
    assert (missed.violation_date, missed.remedy_due_on) == (day("2026-08-01"), day("2026-08-05"))

    performed = did(missed, Transition.ACT, ActorKind.LIAISON, "2026-08-20", acted_on=day("2026-08-20"))
    assert [step.happening.transition for step in performed] == [Transition.REMEDY_LAPSE, Transition.ACT]
    facts = performed[-1].facts
    assert (facts.state, facts.feedback_due_on) == (ObligationState.MISSED, day("2026-08-21"))
    risk = exposure(facts, day("2026-09-01"))
    assert risk is not None
    assert (risk.days, risk.lowest, risk.highest) == (20, Decimal(1000), Decimal(2000))
    figures = count([facts], day("2026-07-01"), day("2026-07-31"), at("2026-09-01T00:00"))
    assert figures == Counters(due=1, late=1, was_missed=1)
    assert compute("D20", day("2026-08-31"), CALENDAR).due == day("2026-09-07")
