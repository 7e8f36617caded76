"""流转表: the transitions of an obligation as data; `step` reads it, and nothing about states and actors is written elsewhere.

For each: from which states it may come, to which it leads, who may make it, on what evidence, which timers it cancels and sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from plugins.reminders.rules.timers import (
    AWAITING_ACT,
    AWAITING_FEEDBACK,
    AWAITING_REMEDY,
    OF_OBLIGATION,
    Cancellation,
)
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    CancelReason,
    EvidenceKind,
    ObligationKind,
    ObligationState,
    TimerKind,
    Transition,
)

S, T, A, E = ObligationState, Transition, ActorKind, EvidenceKind


class Sets(Enum):
    """Which timers a transition arms."""

    DUE = auto()
    FEEDBACK = auto()
    VERIFICATION = auto()
    RESUBMISSION = auto()
    REMEDY = auto()
    PLAN = auto()


class Passed(Enum):
    """The last day after which, and not before, the platform itself may make a transition."""

    DUE = auto()
    FEEDBACK = auto()
    REMEDY = auto()
    PLAN = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    The state stays where `to` is None or the state is one of `stays_in`, unless `step` reckons it (TRACK, ACT, RESCHEDULE,
    RESUME). Of each set in `evidence` one kind is required.
    """

    from_states: frozenset[ObligationState]
    to: ObligationState | None
    by: frozenset[ActorKind]
    evidence: tuple[frozenset[EvidenceKind], ...] = ()
    reason: bool = False
    sets: tuple[Sets, ...] = ()
    cancels: Cancellation | None = None
    after: Passed | None = None
    stays_in: frozenset[ObligationState] = frozenset()


ACT_EVIDENCE: Final[Mapping[ObligationKind, frozenset[EvidenceKind]]] = MappingProxyType(
    {
        ObligationKind.DEFENCE: frozenset({E.COURT_RECEIPT, E.CASE_RECORD}),
        ObligationKind.HEARING: frozenset({E.HEARING_RECORD, E.CASE_RECORD}),
        ObligationKind.PERFORMANCE: frozenset({E.PERFORMANCE_PROOF, E.CASE_RECORD}),
        ObligationKind.SUGG_REPLY: frozenset({E.REPLY, E.CASE_RECORD}),
        ObligationKind.LOSS_REPORT: frozenset({E.LOSS_REPORT, E.CASE_RECORD}),
        ObligationKind.RECON_ANSWER: frozenset({E.COURT_RECEIPT, E.REPLY, E.CASE_RECORD}),
    }
)
"""What proves that a duty was done (凭证), by kind."""

RUNNING: Final = frozenset({S.RECEIVED, S.TRACKING})
IN_REMEDY: Final = frozenset({S.MISSED, S.REMEDY_OPEN, S.REMEDY_FILED, S.ESCALATED})
"""Missed, and the remedy not yet confirmed: the act may still be made up."""
LATE_TRACK: Final = IN_REMEDY | {S.REMEDIED}
"""Feedback runs beside the remedy there, and does not change the state."""
AWAITS_FEEDBACK: Final = frozenset({S.ACTED, S.FEEDBACK_OVERDUE, S.RETURNED})
ALIVE: Final = frozenset(state for state in S if not state.is_final)
_FILED: Final = LATE_TRACK | {S.FEEDBACK_FILED}
_VERIFIED: Final = Cancellation(frozenset({TimerKind.VERIFICATION_OVERDUE}), CancelReason.VERIFIED)
_CLERKS: Final = frozenset({A.LIAISON, A.LEGAL, A.BUREAU})
_SYSTEM: Final = frozenset({A.SYSTEM})
_BUREAU: Final = frozenset({A.BUREAU})


def _of(*kinds: EvidenceKind) -> frozenset[EvidenceKind]:
    return frozenset(kinds)


TABLE: Final[Mapping[Transition, Rule]] = MappingProxyType(
    {
        T.BEAR: Rule(
            frozenset(), S.RECEIVED, _CLERKS | {A.FEED, A.SYSTEM},
            (_of(E.SCAN, E.SERVICE_RETURN, E.CASE_RECORD),), sets=(Sets.DUE,),
        ),
        T.TRACK: Rule(ALIVE, None, _BUREAU, (_of(E.CALCULATION, E.CASE_RECORD),)),
        T.REMIND: Rule(RUNNING, None, _SYSTEM, (_of(E.MESSAGE),)),
        T.CONFIRM_REMINDER: Rule(
            ALIVE, None, frozenset({A.LIAISON, A.LEGAL, A.BUREAU}),
            cancels=Cancellation(frozenset({TimerKind.PHONE_TASK}), CancelReason.CONFIRMED),
        ),
        T.PHONE_TASK: Rule(RUNNING, None, _SYSTEM),
        T.ACT: Rule(
            RUNNING | IN_REMEDY, None, frozenset({A.LIAISON, A.LEGAL, A.SYSTEM, A.FEED}),
            sets=(Sets.FEEDBACK,), cancels=Cancellation(AWAITING_ACT, CancelReason.ACTED),
        ),
        T.FILE_FEEDBACK: Rule(
            AWAITS_FEEDBACK | LATE_TRACK, S.FEEDBACK_FILED, frozenset({A.LIAISON, A.LEGAL}), (_of(E.FEEDBACK_FORM),),
            sets=(Sets.VERIFICATION,), cancels=Cancellation(AWAITING_FEEDBACK, CancelReason.FEEDBACK_FILED),
            stays_in=LATE_TRACK,
        ),
        T.FEEDBACK_LAPSE: Rule(
            frozenset({S.ACTED, S.RETURNED}) | LATE_TRACK, S.FEEDBACK_OVERDUE, _SYSTEM, after=Passed.FEEDBACK,
            stays_in=LATE_TRACK,
        ),
        T.VERIFICATION_LAPSE: Rule(_FILED, None, _SYSTEM),
        T.RETURN_FEEDBACK: Rule(
            _FILED, S.RETURNED, _BUREAU, reason=True, sets=(Sets.RESUBMISSION,), cancels=_VERIFIED, stays_in=LATE_TRACK
        ),
        T.VERIFY: Rule(_FILED, S.VERIFIED, _BUREAU, (_of(E.VERIFICATION),), cancels=_VERIFIED, stays_in=LATE_TRACK),
        T.CLOSE: Rule(
            frozenset({S.VERIFIED}), S.CLOSED, _BUREAU | _SYSTEM, cancels=Cancellation(OF_OBLIGATION, CancelReason.CLOSED)
        ),
        T.MISS: Rule(
            RUNNING, S.MISSED, _SYSTEM, sets=(Sets.REMEDY,), after=Passed.DUE,
            cancels=Cancellation(AWAITING_ACT, CancelReason.PASSED),
        ),
        T.OPEN_REMEDY: Rule(
            frozenset({S.MISSED, S.ESCALATED}), S.REMEDY_OPEN, frozenset({A.LEGAL, A.BUREAU}),
            cancels=Cancellation(frozenset({TimerKind.PLAN_OVERDUE}), CancelReason.REMEDY_RENEWED),
        ),
        T.FILE_REMEDY: Rule(
            frozenset({S.MISSED, S.REMEDY_OPEN, S.ESCALATED}), S.REMEDY_FILED, frozenset({A.LEGAL, A.CHIEF}),
            (_of(E.REMEDY_PLAN), _of(E.CHIEF_SIGNATURE)),
            cancels=Cancellation(AWAITING_REMEDY, CancelReason.REMEDY_FILED),
        ),
        T.APPROVE_REMEDY: Rule(frozenset({S.REMEDY_FILED}), None, _BUREAU, sets=(Sets.PLAN,)),
        T.REFUSE_REMEDY: Rule(
            frozenset({S.REMEDY_FILED}), S.REMEDY_OPEN, _BUREAU, reason=True, sets=(Sets.REMEDY,),
            cancels=Cancellation(AWAITING_REMEDY, CancelReason.REMEDY_RENEWED),
        ),
        T.REMEDY_LAPSE: Rule(
            frozenset({S.MISSED, S.REMEDY_OPEN, S.ESCALATED}), None, _SYSTEM, after=Passed.REMEDY
        ),
        T.PLAN_LAPSE: Rule(frozenset({S.REMEDY_FILED, S.ESCALATED}), None, _SYSTEM, after=Passed.PLAN),
        T.CONFIRM_REMEDY: Rule(
            frozenset({S.REMEDY_FILED, S.ESCALATED}), S.REMEDIED, _BUREAU, (_of(E.REMEDY_PROOF, E.PERFORMANCE_PROOF),),
            cancels=Cancellation(AWAITING_REMEDY, CancelReason.CLOSED),
        ),
        T.CLOSE_LATE: Rule(
            frozenset({S.REMEDIED}), S.CLOSED_LATE, _BUREAU | _SYSTEM,
            cancels=Cancellation(OF_OBLIGATION, CancelReason.CLOSED),
        ),
        T.ESCALATE: Rule(IN_REMEDY, S.ESCALATED, _BUREAU, (_of(E.LETTER),), reason=True),
        T.RESCHEDULE: Rule(
            RUNNING | IN_REMEDY | {S.SUSPENDED}, None, _CLERKS | {A.SYSTEM, A.FEED},
            (_of(E.NEW_DATE_PAPER, E.CASE_RECORD),), reason=True, sets=(Sets.DUE,),
            cancels=Cancellation(OF_OBLIGATION, CancelReason.RESCHEDULED),
        ),
        T.SUSPEND: Rule(
            RUNNING | IN_REMEDY, S.SUSPENDED, _CLERKS | {A.SYSTEM, A.FEED}, (_of(E.RULING, E.CASE_RECORD),), reason=True,
            cancels=Cancellation(OF_OBLIGATION, CancelReason.SUSPENDED),
        ),
        T.RESUME: Rule(
            frozenset({S.SUSPENDED}), None, _CLERKS | {A.SYSTEM, A.FEED}, (_of(E.RULING, E.CASE_RECORD),),
            sets=(Sets.DUE,),
        ),
        T.VOID: Rule(
            ALIVE, S.VOID, _BUREAU | _SYSTEM, (_of(E.RULING, E.CASE_RECORD, E.OFFICER_NOTE),), reason=True,
            cancels=Cancellation(OF_OBLIGATION, CancelReason.VOIDED),
        ),
    }
)  # fmt: skip
"""Every transition of an obligation."""
