"""What the transitions do to the facts beyond the state, and which timers they set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final, TypeAlias

from core.sdk.rules import WorkingCalendar
from plugins.reminders.rules import timers
from plugins.reminders.rules.facts import Facts, Happening
from plugins.reminders.rules.table import Rule, Sets
from plugins.reminders.rules.terms import day_of, feedback_period, remedy_period, resubmission_due, verification_due
from plugins.reminders.rules.timers import Timer
from plugins.reminders.rules.vocabulary import ObligationKind, ObligationState, StepRefusal, Transition
from plugins.reminders.settings import RemindersSettings

Effect: TypeAlias = Callable[[Facts, Happening, RemindersSettings, WorkingCalendar], Facts | StepRefusal]
"""From the facts in their new state to the facts after it, or why not."""


def timers_set(
    rule: Rule, facts: Facts, happening: Happening, settings: RemindersSettings, calendar: WorkingCalendar
) -> tuple[Timer, ...]:
    """The timers that a transition arms, by the facts after it."""
    found: list[Timer] = []
    at, round_ = happening.at, facts.rounds
    if Sets.DUE in rule.sets and facts.state.is_running:
        found.extend(timers.due_timers(facts.due_on, facts.earliest_due_on, at, settings, calendar))
    if Sets.FEEDBACK in rule.sets and facts.feedback_due_on:
        found.append(timers.feedback_timer(facts.feedback_due_on))
    if Sets.VERIFICATION in rule.sets:
        found.append(timers.verification_timer(at, round_, settings, calendar))
    if Sets.RESUBMISSION in rule.sets:
        found.append(timers.resubmission_timer(at, round_, settings, calendar))
    if Sets.REMEDY in rule.sets and facts.remedy_due_on:
        found.append(timers.remedy_timer(facts.remedy_due_on, round_))
    if Sets.PLAN in rule.sets and facts.plan_due_on:
        found.append(timers.plan_timer(facts.plan_due_on, round_))
    return tuple(found)


def _track(facts: Facts, _h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    if facts.due_verified:
        return StepRefusal.ALREADY_DONE
    state = ObligationState.TRACKING if facts.state is ObligationState.RECEIVED else facts.state
    return replace(facts, state=state, due_verified=True)


def _act(facts: Facts, h: Happening, settings: RemindersSettings, calendar: WorkingCalendar) -> Facts | StepRefusal:
    """On time, it leads out of a miss that was only recorded late; the miss itself is kept."""
    if facts.acted_on is not None:
        return StepRefusal.ALREADY_DONE
    if h.acted_on is None:
        return StepRefusal.DATE_MISSING
    late = h.acted_on > facts.due_on
    if h.acted_on > day_of(h.at) or (late and facts.state.is_running):
        return StepRefusal.DATE_IMPOSSIBLE
    acted = replace(
        facts, acted_on=h.acted_on, acted_at=h.at, feedback_due_on=feedback_period(h.acted_on, settings, calendar).due
    )
    if late:
        return acted
    return replace(_without_remedy(acted), state=ObligationState.ACTED)


def _file_feedback(
    facts: Facts, h: Happening, settings: RemindersSettings, calendar: WorkingCalendar
) -> Facts | StepRefusal:
    if facts.acted_on is None:
        return StepRefusal.NOT_IN_STATE
    if facts.feedback_filed_at is not None:
        return StepRefusal.ALREADY_DONE
    return replace(facts, feedback_filed_at=h.at, verify_due_on=verification_due(h.at, settings, calendar))


def _feedback_lapse(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    if facts.feedback_filed_at is not None:
        return StepRefusal.ALREADY_DONE
    return replace(facts, feedback_overdue_at=facts.feedback_overdue_at or h.at)


def _return_feedback(
    facts: Facts, h: Happening, settings: RemindersSettings, calendar: WorkingCalendar
) -> Facts | StepRefusal:
    if facts.feedback_filed_at is None:
        return StepRefusal.FEEDBACK_MISSING
    return replace(
        facts,
        feedback_filed_at=None,
        verify_due_on=None,
        feedback_due_on=resubmission_due(h.at, settings, calendar),
        rounds=facts.rounds + 1,
    )


def _with_feedback(facts: Facts, _h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    return StepRefusal.FEEDBACK_MISSING if facts.feedback_filed_at is None else facts


def _miss(facts: Facts, h: Happening, settings: RemindersSettings, calendar: WorkingCalendar) -> Facts | StepRefusal:
    known_on = max(facts.due_on, day_of(facts.registered_at))
    return replace(
        facts,
        missed_at=h.at,
        violation_date=facts.due_on + timedelta(days=1),
        remedy_due_on=remedy_period(known_on, settings, calendar).due,
    )


def _open_remedy(facts: Facts, _h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    return replace(facts, remedy_approved_at=None, plan_due_on=None)


def _file_remedy(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    if h.plan_due_on is None:
        return StepRefusal.DATE_MISSING
    if h.plan_due_on < day_of(h.at):
        return StepRefusal.DATE_IMPOSSIBLE
    return replace(facts, plan_due_on=h.plan_due_on, remedy_approved_at=None)


def _approve_remedy(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    if facts.remedy_approved_at is not None:
        return StepRefusal.ALREADY_DONE
    return replace(facts, remedy_approved_at=h.at)


def _refuse_remedy(
    facts: Facts, h: Happening, settings: RemindersSettings, calendar: WorkingCalendar
) -> Facts | StepRefusal:
    if facts.remedy_approved_at is not None:
        return StepRefusal.ALREADY_DONE
    due = remedy_period(day_of(h.at), settings, calendar).due
    return replace(facts, plan_due_on=None, remedy_due_on=due, rounds=facts.rounds + 1)


def _remedy_lapse(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    return replace(facts, remedy_overdue_at=facts.remedy_overdue_at or h.at)


def _confirm_remedy(facts: Facts, _h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    """A hearing that was missed cannot be made up; every other duty must have been done by then."""
    if facts.remedy_approved_at is None:
        return StepRefusal.PLAN_NOT_APPROVED
    if facts.acted_on is None and facts.kind is not ObligationKind.HEARING:
        return StepRefusal.NOT_IN_STATE
    return facts


def _escalate(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    return replace(facts, escalated_at=facts.escalated_at or h.at)


def _reschedule(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    """A suspended obligation stays so; one that was missed runs again, and the miss is kept."""
    if facts.acted_on is not None:
        return StepRefusal.ALREADY_DONE
    renewed = _renewed(facts, h)
    if isinstance(renewed, StepRefusal) or facts.state is ObligationState.SUSPENDED:
        return renewed
    return replace(_without_remedy(renewed), state=_running_state(facts))


def _suspend(facts: Facts, _h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    return StepRefusal.ALREADY_DONE if facts.acted_on is not None else _without_remedy(facts)


def _resume(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    renewed = _renewed(facts, h)
    return renewed if isinstance(renewed, StepRefusal) else replace(renewed, state=_running_state(facts))


def _close(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    if facts.acted_on is not None and facts.feedback_filed_at is None:
        return StepRefusal.FEEDBACK_MISSING
    return replace(facts, closed_at=h.at)


def _void(facts: Facts, h: Happening, _s: RemindersSettings, _c: WorkingCalendar) -> Facts | StepRefusal:
    return replace(facts, closed_at=h.at)


def _renewed(facts: Facts, h: Happening) -> Facts | StepRefusal:
    if h.due_on is None:
        return StepRefusal.DATE_MISSING
    earliest = min(h.earliest_due_on or h.due_on, h.due_on)
    return replace(
        facts, due_on=h.due_on, earliest_due_on=earliest, due_version=facts.due_version + 1, registered_at=h.at
    )


def _running_state(facts: Facts) -> ObligationState:
    return ObligationState.TRACKING if facts.due_verified else ObligationState.RECEIVED


def _without_remedy(facts: Facts) -> Facts:
    """The miss and its violation date are kept."""
    return replace(facts, remedy_due_on=None, remedy_approved_at=None, plan_due_on=None)


SPECIAL: Final[Mapping[Transition, Effect]] = MappingProxyType(
    {
        Transition.TRACK: _track,
        Transition.ACT: _act,
        Transition.FILE_FEEDBACK: _file_feedback,
        Transition.FEEDBACK_LAPSE: _feedback_lapse,
        Transition.VERIFICATION_LAPSE: _with_feedback,
        Transition.RETURN_FEEDBACK: _return_feedback,
        Transition.VERIFY: _with_feedback,
        Transition.CLOSE: _close,
        Transition.MISS: _miss,
        Transition.OPEN_REMEDY: _open_remedy,
        Transition.FILE_REMEDY: _file_remedy,
        Transition.APPROVE_REMEDY: _approve_remedy,
        Transition.REFUSE_REMEDY: _refuse_remedy,
        Transition.REMEDY_LAPSE: _remedy_lapse,
        Transition.PLAN_LAPSE: _remedy_lapse,
        Transition.CONFIRM_REMEDY: _confirm_remedy,
        Transition.CLOSE_LATE: _close,
        Transition.ESCALATE: _escalate,
        Transition.RESCHEDULE: _reschedule,
        Transition.SUSPEND: _suspend,
        Transition.RESUME: _resume,
        Transition.VOID: _void,
    }
)
