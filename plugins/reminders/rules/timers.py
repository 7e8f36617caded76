"""计时: what happens by itself, and at which instant. A timer is a row that comes due, never a delayed message.

A last day ends at 24:00 in Shanghai, so what it decides happens at 00:00 of the day after. `offset_days` tells timers of one
kind apart: days before the last day for reminders, days overdue for reports, the round for what may be filed several times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from core.sdk.rules import SHANGHAI, WorkingCalendar, late_from
from plugins.reminders.rules.reminders import plan_phone_task, plan_reminders
from plugins.reminders.rules.terms import day_of, resubmission_due, verification_due
from plugins.reminders.rules.vocabulary import CancelReason, ReportTransition, TimerKind, Transition
from plugins.reminders.settings import RemindersSettings


@dataclass(frozen=True, slots=True)
class Timer:
    """One armed timer: unique by subject, due version, kind and `offset_days`. `nominal_on`, `short_lead`: reminders only."""

    kind: TimerKind
    offset_days: int
    fires_at: datetime
    nominal_on: date | None = None
    short_lead: bool = False

    @property
    def fires_on(self) -> date:
        """The day in Shanghai on which it fires."""
        return day_of(self.fires_at)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Which armed timers of the subject, of whatever due version, are cancelled, and why."""

    kinds: frozenset[TimerKind]
    reason: CancelReason


REMINDERS: Final = frozenset({TimerKind.REMIND, TimerKind.REMIND_REST_DAY})
REMINDING: Final = REMINDERS | {TimerKind.PHONE_TASK}
AWAITING_ACT: Final = REMINDING | {TimerKind.MISS}
AWAITING_FEEDBACK: Final = frozenset({TimerKind.FEEDBACK_OVERDUE, TimerKind.RESUBMISSION_OVERDUE})
AWAITING_REMEDY: Final = frozenset({TimerKind.REMEDY_OVERDUE, TimerKind.PLAN_OVERDUE})
OF_OBLIGATION: Final = AWAITING_ACT | AWAITING_FEEDBACK | AWAITING_REMEDY | {TimerKind.VERIFICATION_OVERDUE}
OF_REPORT: Final = frozenset({TimerKind.REPORT_OVERDUE, TimerKind.REPORT_NAG, TimerKind.REPORT_TO_BUREAU})

FIRES: Final[Mapping[TimerKind, Transition]] = MappingProxyType(
    {
        TimerKind.REMIND: Transition.REMIND,
        TimerKind.REMIND_REST_DAY: Transition.REMIND,
        TimerKind.PHONE_TASK: Transition.PHONE_TASK,
        TimerKind.MISS: Transition.MISS,
        TimerKind.FEEDBACK_OVERDUE: Transition.FEEDBACK_LAPSE,
        TimerKind.RESUBMISSION_OVERDUE: Transition.FEEDBACK_LAPSE,
        TimerKind.VERIFICATION_OVERDUE: Transition.VERIFICATION_LAPSE,
        TimerKind.REMEDY_OVERDUE: Transition.REMEDY_LAPSE,
        TimerKind.PLAN_OVERDUE: Transition.PLAN_LAPSE,
    }
)
"""The transition that a timer of an obligation makes when it fires."""

FIRES_ON_REPORT: Final[Mapping[TimerKind, ReportTransition]] = MappingProxyType(
    {
        TimerKind.REPORT_OVERDUE: ReportTransition.LAPSE,
        TimerKind.REPORT_NAG: ReportTransition.NAG,
        TimerKind.REPORT_TO_BUREAU: ReportTransition.TELL_BUREAU,
    }
)
"""The transition that a timer of a report makes when it fires."""


def due_timers(
    due_on: date, earliest_due_on: date, registered_at: datetime, settings: RemindersSettings, calendar: WorkingCalendar
) -> tuple[Timer, ...]:
    """The timers of a last day: its reminders, the task to telephone, and its passing.

    `registered_at` is when the obligation, or this version of its last day, became known.
    """
    if day_of(registered_at) > due_on:
        return (_at_end_of(TimerKind.MISS, due_on),)
    reminders = plan_reminders(earliest_due_on, registered_at, settings, calendar)
    timers = [
        Timer(
            TimerKind.REMIND_REST_DAY if one.on_rest_day else TimerKind.REMIND,
            one.offset,
            one.send_at,
            one.nominal_on,
            one.short_lead,
        )
        for one in reminders
    ]
    task = plan_phone_task(reminders, registered_at, settings)
    if task is not None:
        timers.append(Timer(TimerKind.PHONE_TASK, task.offset, task.at))
    timers.append(_at_end_of(TimerKind.MISS, due_on))
    return tuple(timers)


def feedback_timer(feedback_due_on: date) -> Timer:
    """反馈到期: after the day next to the act."""
    return _at_end_of(TimerKind.FEEDBACK_OVERDUE, feedback_due_on)


def verification_timer(
    filed_at: datetime, round_: int, settings: RemindersSettings, calendar: WorkingCalendar
) -> Timer:
    """核实到期: the bureau has not verified a feedback in its working days."""
    return _at_end_of(TimerKind.VERIFICATION_OVERDUE, verification_due(filed_at, settings, calendar), round_)


def resubmission_timer(
    returned_at: datetime, round_: int, settings: RemindersSettings, calendar: WorkingCalendar
) -> Timer:
    """补正到期: a returned feedback has not been filed again."""
    return _at_end_of(TimerKind.RESUBMISSION_OVERDUE, resubmission_due(returned_at, settings, calendar), round_)


def remedy_timer(remedy_due_on: date, round_: int) -> Timer:
    """补救方案到期: no plan within its working days of the miss, or of its refusal."""
    return _at_end_of(TimerKind.REMEDY_OVERDUE, remedy_due_on, round_)


def plan_timer(plan_due_on: date, round_: int) -> Timer:
    """补救到期: the approved plan's own date has passed."""
    return _at_end_of(TimerKind.PLAN_OVERDUE, plan_due_on, round_)


def report_timer(due_on: date) -> Timer:
    """报备到期."""
    return _at_end_of(TimerKind.REPORT_OVERDUE, due_on)


def nag_timer(due_on: date, on: date, settings: RemindersSettings) -> Timer:
    """催报 on a day after the last day for reporting."""
    return Timer(TimerKind.REPORT_NAG, (on - due_on).days, _morning(on, settings))


def bureau_timer(due_on: date, settings: RemindersSettings) -> Timer:
    """逾期报司法局: on the third day overdue."""
    days = settings.report.bureau_day
    return Timer(TimerKind.REPORT_TO_BUREAU, days, _morning(due_on + timedelta(days=days), settings))


def _morning(on: date, settings: RemindersSettings) -> datetime:
    return datetime.combine(on, settings.reminder.at, SHANGHAI)


def _at_end_of(kind: TimerKind, last_day: date, offset_days: int = 0) -> Timer:
    return Timer(kind, offset_days, late_from(last_day))
