"""What is known of an obligation and of what happens to it: plain data that the rules read and give back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from plugins.reminders.rules.timers import Cancellation, Timer
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    EvidenceKind,
    ObligationKind,
    ObligationState,
    StepRefusal,
    Transition,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One obligation (督办义务) as it stands.

    `due_on` may lie after `earliest_due_on` while a calendar year is provisional: reminders count from the latter.
    `registered_at` is when its present last day became known; `due_verified` that the bureau has accepted it. What was late
    or missed stays: `missed_at` (the last miss), `violation_date` (违反之日), `feedback_overdue_at`, `remedy_overdue_at`,
    `escalated_at`. `verify_due_on` is by when the bureau verifies the feedback that waits. `rounds` counts what was returned or
    refused. `acted_on` is the legal day of the act, `acted_at` when it was recorded.
    """

    kind: ObligationKind
    state: ObligationState
    due_on: date
    earliest_due_on: date
    registered_at: datetime
    due_version: int = 1
    due_verified: bool = False
    acted_on: date | None = None
    acted_at: datetime | None = None
    missed_at: datetime | None = None
    violation_date: date | None = None
    feedback_due_on: date | None = None
    feedback_filed_at: datetime | None = None
    feedback_overdue_at: datetime | None = None
    verify_due_on: date | None = None
    remedy_due_on: date | None = None
    remedy_approved_at: datetime | None = None
    remedy_overdue_at: datetime | None = None
    plan_due_on: date | None = None
    escalated_at: datetime | None = None
    closed_at: datetime | None = None
    rounds: int = 0

    @property
    def was_missed(self) -> bool:
        """曾逾期: that it was ever missed, whatever came after."""
        return self.missed_at is not None

    @property
    def acted_late(self) -> bool:
        """Whether the act came after the last day."""
        return self.acted_on is not None and self.acted_on > self.due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What somebody does, or what the passing of time does, to an obligation.

    `acted_on` goes with ACT, `due_on` (and `earliest_due_on`, where a provisional calendar makes it another) with RESCHEDULE
    and RESUME, `plan_due_on` with FILE_REMEDY. `offset_days` says which reminder, for REMIND and CONFIRM_REMINDER.
    """

    transition: Transition
    actor: ActorKind
    at: datetime
    reason: str = ""
    evidence: Collection[EvidenceKind] = ()
    acted_on: date | None = None
    due_on: date | None = None
    earliest_due_on: date | None = None
    plan_due_on: date | None = None
    offset_days: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One transition made: append it as an event, keep `facts`, cancel armed timers, then arm the new ones."""

    happening: Happening
    from_state: ObligationState | None
    facts: Facts
    cancelled: Cancellation | None = None
    armed: tuple[Timer, ...] = ()

    @property
    def to_state(self) -> ObligationState:
        """The state after it."""
        return self.facts.state


@dataclass(frozen=True, slots=True)
class Refusal:
    """A transition that is not possible. `missing` names the evidence of which one kind would do."""

    code: StepRefusal
    missing: frozenset[EvidenceKind] = frozenset()
