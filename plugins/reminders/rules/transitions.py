"""流转: one step of an obligation by the table, and what an act brings with it: what had passed before, and what follows.

`bear`, `apply` and `catch_up` are for callers; the platform's own lapses come first at whatever instant somebody acts, so that an
obligation has one history whether the sweep has run by then or not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from core.sdk.rules import WorkingCalendar, late_from
from plugins.reminders.rules.effects import SPECIAL, timers_set
from plugins.reminders.rules.facts import Facts, Happening, Refusal, Step
from plugins.reminders.rules.table import ACT_EVIDENCE, AWAITS_FEEDBACK, LATE_TRACK, TABLE, Passed, Rule
from plugins.reminders.rules.timers import AWAITING_REMEDY, Cancellation
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    EvidenceKind,
    ObligationKind,
    ObligationState,
    StepRefusal,
    Transition,
)
from plugins.reminders.settings import RemindersSettings

FOLLOWS: Final = {ObligationState.VERIFIED: Transition.CLOSE}
"""What the platform does by itself as soon as a state is reached."""


def bear(
    kind: ObligationKind,
    happening: Happening,
    settings: RemindersSettings,
    calendar: WorkingCalendar,
) -> tuple[Step, ...] | Refusal:
    """立项: a new obligation with its last day (`happening.due_on`) and all its timers; missed at once if that has passed."""
    refused = _refused_by(TABLE[Transition.BEAR], frozenset(), happening)
    if refused is not None:
        return refused
    if happening.due_on is None:
        return Refusal(StepRefusal.DATE_MISSING)
    facts = Facts(
        kind=kind,
        state=ObligationState.RECEIVED,
        due_on=happening.due_on,
        earliest_due_on=min(happening.earliest_due_on or happening.due_on, happening.due_on),
        registered_at=happening.at,
    )
    born = Step(happening, None, facts, None, timers_set(TABLE[Transition.BEAR], facts, happening, settings, calendar))
    return (born, *catch_up(facts, happening.at, settings, calendar))


def apply(
    facts: Facts,
    happening: Happening,
    settings: RemindersSettings,
    calendar: WorkingCalendar,
    *,
    supervised: bool = True,
) -> tuple[Step, ...] | Refusal:
    """Everything that happens with `happening`, in order: the lapses before it, its own step, and what follows from it.

    A refusal says why it is not possible, even if lapses before it were due: those are left to the sweep. Where nobody was
    `supervised` (the plugin is off), nobody marked a miss at midnight: what was done in time and is told late was none.
    """
    in_time = happening.acted_on is not None and happening.acted_on <= facts.due_on
    steps = list(catch_up(facts, happening.at, settings, calendar)) if supervised or not in_time else []
    if happening.actor is ActorKind.SYSTEM and happening.transition in [one.happening.transition for one in steps]:
        return tuple(steps)
    now = steps[-1].facts if steps else facts
    own = step(now, happening, settings, calendar)
    if isinstance(own, Refusal):
        return own
    steps.append(own)
    following = FOLLOWS.get(own.to_state)
    if following is not None:
        closing = step(
            own.facts, Happening(transition=following, actor=ActorKind.SYSTEM, at=happening.at), settings, calendar
        )
        if isinstance(closing, Step):
            steps.append(closing)
    steps.extend(catch_up(steps[-1].facts, happening.at, settings, calendar))
    return tuple(steps)


def catch_up(facts: Facts, now: datetime, settings: RemindersSettings, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """The terms that have passed by `now` and are not marked yet, each at its own instant, in order."""
    steps: list[Step] = []
    while (lapse := next_lapse(facts, now)) is not None:
        made = step(facts, lapse, settings, calendar)
        if isinstance(made, Refusal):
            break
        steps.append(made)
        facts = made.facts
    return tuple(steps)


def step(facts: Facts, happening: Happening, settings: RemindersSettings, calendar: WorkingCalendar) -> Step | Refusal:
    """One transition by the table, without what precedes or follows it."""
    rule = TABLE[happening.transition]
    if facts.state not in rule.from_states:
        return Refusal(StepRefusal.NOT_IN_STATE)
    evidence = ACT_EVIDENCE[facts.kind] if happening.transition is Transition.ACT else frozenset()
    refused = _refused_by(rule, evidence, happening) or _too_early(rule, facts, happening)
    if refused is not None:
        return refused
    state = facts.state if rule.to is None or facts.state in rule.stays_in else rule.to
    after: Facts | StepRefusal = replace(facts, state=state)
    special = SPECIAL.get(happening.transition)
    if special is not None and not isinstance(after, StepRefusal):
        after = special(after, happening, settings, calendar)
    if isinstance(after, StepRefusal):
        return Refusal(after)
    armed = timers_set(rule, after, happening, settings, calendar)
    return Step(happening, facts.state, after, _cancelled(rule, after, happening), armed)


def next_lapse(facts: Facts, now: datetime) -> Happening | None:
    """The first term of an obligation that has passed by `now` and is not marked yet, as the platform's own doing."""
    found: list[tuple[date, Transition]] = []
    if facts.state.is_running:
        found.append((facts.due_on, Transition.MISS))
    if facts.feedback_due_on is not None and _awaits_feedback(facts):
        found.append((facts.feedback_due_on, Transition.FEEDBACK_LAPSE))
    if facts.remedy_due_on is not None and _awaits_plan(facts):
        found.append((facts.remedy_due_on, Transition.REMEDY_LAPSE))
    passed = [(day, transition) for day, transition in found if now >= _lapse_at(day, facts)]
    if not passed:
        return None
    day, transition = min(passed, key=lambda one: one[0])
    return Happening(transition=transition, actor=ActorKind.SYSTEM, at=_lapse_at(day, facts))


def _cancelled(rule: Rule, after: Facts, happening: Happening) -> Cancellation | None:
    """An act in time that was only recorded late ends the remedy too."""
    if rule.cancels is not None and happening.transition is Transition.ACT and after.state is ObligationState.ACTED:
        return Cancellation(rule.cancels.kinds | AWAITING_REMEDY, rule.cancels.reason)
    return rule.cancels


def _awaits_plan(facts: Facts) -> bool:
    return facts.remedy_overdue_at is None and facts.state in TABLE[Transition.REMEDY_LAPSE].from_states


def _awaits_feedback(facts: Facts) -> bool:
    if facts.feedback_filed_at is not None:
        return False
    if facts.state in LATE_TRACK:
        return facts.feedback_overdue_at is None
    return facts.state in AWAITS_FEEDBACK and facts.state is not ObligationState.FEEDBACK_OVERDUE


def _lapse_at(last_day: date, facts: Facts) -> datetime:
    """00:00 of the day after; what had passed before it became known lapses when it does."""
    return max(late_from(last_day), facts.registered_at, facts.acted_at or facts.registered_at)


def _refused_by(rule: Rule, also: frozenset[EvidenceKind], happening: Happening) -> Refusal | None:
    if happening.actor not in rule.by:
        return Refusal(StepRefusal.NOT_BY_ACTOR)
    for required in (*rule.evidence, *([also] if also else [])):
        if required.isdisjoint(happening.evidence):
            return Refusal(StepRefusal.EVIDENCE_MISSING, required)
    if rule.reason and not happening.reason.strip():
        return Refusal(StepRefusal.REASON_MISSING)
    return None


def _too_early(rule: Rule, facts: Facts, happening: Happening) -> Refusal | None:
    if rule.after is None:
        return None
    last_day = {
        Passed.DUE: facts.due_on,
        Passed.FEEDBACK: facts.feedback_due_on,
        Passed.REMEDY: facts.remedy_due_on,
        Passed.PLAN: facts.plan_due_on,
    }[rule.after]
    if last_day is None:
        return Refusal(StepRefusal.NOT_IN_STATE)
    return Refusal(StepRefusal.NOT_YET) if happening.at < late_from(last_day) else None
