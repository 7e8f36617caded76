"""报备: the track of a received document, from its receipt to the bureau's acceptance. It holds up no obligation.

The term (D1) is two days; neither calendar nor working days are stated, so the unit is a setting. What is submitted in the
last second of the last day is in time: 23:59:59 is, 00:00 is not. A report once late, or overdue, stays so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from core.sdk.rules import WorkingCalendar, is_on_time, late_from
from plugins.reminders.rules import timers
from plugins.reminders.rules.facts import Refusal
from plugins.reminders.rules.terms import day_of, report_period
from plugins.reminders.rules.timers import OF_REPORT, Cancellation, Timer
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    CancelReason,
    EvidenceKind,
    ReportState,
    ReportTransition,
    StepRefusal,
)
from plugins.reminders.settings import RemindersSettings

S, T, A = ReportState, ReportTransition, ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """One report (报备) as it stands. One that only informs (`info_only`) is not owed: never late, never overdue.

    `overdue_at` stays for ever; `submitted_at` is the first submission, which decides whether it was in time.
    """

    state: ReportState
    received_on: date
    due_on: date
    info_only: bool = False
    overdue_at: datetime | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHappening:
    """What somebody, or the passing of time, does to a report."""

    transition: ReportTransition
    actor: ActorKind
    at: datetime
    reason: str = ""
    evidence: Collection[EvidenceKind] = ()


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One transition made."""

    happening: ReportHappening
    from_state: ReportState | None
    facts: ReportFacts
    cancelled: Cancellation | None = None
    armed: tuple[Timer, ...] = ()

    @property
    def to_state(self) -> ReportState:
        """The state after it."""
        return self.facts.state


@dataclass(frozen=True, slots=True)
class ReportRule:
    """From which states a transition may come, who may make it, and what it needs."""

    from_states: frozenset[ReportState]
    by: frozenset[ActorKind]
    evidence: frozenset[EvidenceKind] = frozenset()
    reason: bool = False


_AWAITED: Final = frozenset({S.RECEIVED, S.REPORT_OVERDUE, S.RETURNED})
_SUBMITTED: Final = frozenset({S.REPORTED, S.REPORTED_LATE})
_SYSTEM: Final = frozenset({A.SYSTEM})
_BUREAU: Final = frozenset({A.BUREAU})

REPORT_TABLE: Final[Mapping[ReportTransition, ReportRule]] = MappingProxyType(
    {
        T.RECEIVE: ReportRule(
            frozenset(),
            frozenset({A.LIAISON, A.LEGAL, A.BUREAU, A.FEED, A.SYSTEM}),
            frozenset({EvidenceKind.SCAN, EvidenceKind.SERVICE_RETURN, EvidenceKind.CASE_RECORD}),
        ),
        T.SUBMIT: ReportRule(_AWAITED, frozenset({A.LIAISON, A.LEGAL}), frozenset({EvidenceKind.REPORT_FORM})),
        T.LAPSE: ReportRule(frozenset({S.RECEIVED}), _SYSTEM),
        T.NAG: ReportRule(frozenset({S.REPORT_OVERDUE}), _SYSTEM),
        T.TELL_BUREAU: ReportRule(frozenset({S.REPORT_OVERDUE}), _SYSTEM),
        T.ACCEPT: ReportRule(_SUBMITTED, _BUREAU),
        T.RETURN: ReportRule(_SUBMITTED, _BUREAU, reason=True),
    }
)
"""Every transition of a report."""


def receive(
    received_on: date,
    happening: ReportHappening,
    settings: RemindersSettings,
    calendar: WorkingCalendar,
    *,
    info_only: bool = False,
) -> tuple[ReportStep, ...] | Refusal:
    """收文: a report is owed by its last day; overdue at once if that has passed. What only informs has no timer."""
    refused = _refused_by(REPORT_TABLE[T.RECEIVE], happening)
    if refused is not None:
        return refused
    if received_on > day_of(happening.at):
        return Refusal(StepRefusal.DATE_IMPOSSIBLE)
    due_on = report_period(received_on, settings, calendar).due
    facts = ReportFacts(state=S.RECEIVED, received_on=received_on, due_on=due_on, info_only=info_only)
    received = ReportStep(happening, None, facts, None, () if info_only else (timers.report_timer(due_on),))
    return (received, *_lapse_before(facts, happening.at, settings))


def apply_to_report(
    facts: ReportFacts, happening: ReportHappening, settings: RemindersSettings
) -> tuple[ReportStep, ...] | Refusal:
    """Everything that happens with `happening`: the lapse before it if that has not been marked, and its own step."""
    lapse = _lapse_before(facts, happening.at, settings)
    own = report_step(lapse[-1].facts if lapse else facts, happening, settings)
    return own if isinstance(own, Refusal) else (*lapse, own)


def report_step(facts: ReportFacts, happening: ReportHappening, settings: RemindersSettings) -> ReportStep | Refusal:
    """One transition by the table."""
    rule = REPORT_TABLE[happening.transition]
    if facts.state not in rule.from_states:
        return Refusal(StepRefusal.NOT_IN_STATE)
    refused = _refused_by(rule, happening)
    if refused is not None:
        return refused
    if happening.transition is T.LAPSE and (facts.info_only or is_on_time(facts.due_on, happening.at)):
        return Refusal(StepRefusal.NOT_YET)
    return ReportStep(
        happening,
        facts.state,
        _after(facts, happening),
        _CANCELS.get(happening.transition),
        _armed(facts, happening, settings),
    )


def is_late(facts: ReportFacts) -> bool:
    """迟报: whether the first submission came after the last day; false while there is none."""
    return not facts.info_only and facts.submitted_at is not None and not is_on_time(facts.due_on, facts.submitted_at)


_CANCELS: Final = {T.SUBMIT: Cancellation(OF_REPORT, CancelReason.REPORTED)}


def _after(facts: ReportFacts, happening: ReportHappening) -> ReportFacts:
    match happening.transition:
        case T.SUBMIT:
            submitted = replace(facts, submitted_at=facts.submitted_at or happening.at)
            return replace(submitted, state=S.REPORTED_LATE if is_late(submitted) else S.REPORTED)
        case T.LAPSE:
            return replace(facts, state=S.REPORT_OVERDUE, overdue_at=happening.at)
        case T.ACCEPT:
            return replace(facts, state=S.ACCEPTED)
        case T.RETURN:
            return replace(facts, state=S.RETURNED)
        case _:
            return facts


def _armed(facts: ReportFacts, happening: ReportHappening, settings: RemindersSettings) -> tuple[Timer, ...]:
    """A lapse sets the first word to the agency, and the one to the bureau; each word to the agency sets the next."""
    today = day_of(happening.at)
    if happening.transition is T.LAPSE:
        return (timers.nag_timer(facts.due_on, today, settings), timers.bureau_timer(facts.due_on, settings))
    if happening.transition is T.NAG:
        return (timers.nag_timer(facts.due_on, today + timedelta(days=1), settings),)
    return ()


def _lapse_before(facts: ReportFacts, now: datetime, settings: RemindersSettings) -> tuple[ReportStep, ...]:
    if facts.info_only or facts.state is not S.RECEIVED or is_on_time(facts.due_on, now):
        return ()
    happened_at = late_from(facts.due_on)
    lapse = report_step(facts, ReportHappening(transition=T.LAPSE, actor=A.SYSTEM, at=happened_at), settings)
    return () if isinstance(lapse, Refusal) else (lapse,)


def _refused_by(rule: ReportRule, happening: ReportHappening) -> Refusal | None:
    if happening.actor not in rule.by:
        return Refusal(StepRefusal.NOT_BY_ACTOR)
    if rule.evidence and rule.evidence.isdisjoint(happening.evidence):
        return Refusal(StepRefusal.EVIDENCE_MISSING, rule.evidence)
    if rule.reason and not happening.reason.strip():
        return Refusal(StepRefusal.REASON_MISSING)
    return None
