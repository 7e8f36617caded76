"""Random histories: whatever people do and in whatever order, the counters reconcile, and what was missed stays missed.

The store below keeps timers as the tables do: unique by version, kind and offset, cancelled and armed as each step says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from plugins.reminders.rules.counters import count, standing
from plugins.reminders.rules.facts import Facts, Happening, Refusal, Step
from plugins.reminders.rules.timers import AWAITING_ACT, FIRES
from plugins.reminders.rules.transitions import apply, bear, catch_up
from plugins.reminders.rules.vocabulary import ActorKind, ObligationKind, ObligationState, TimerKind, Transition
from tests.support.supervision_rules import CALENDAR, DEFAULTS, at, happening

Key = tuple[int, TimerKind, int]
BY_PEOPLE = [
    one
    for one in Transition
    if one not in {Transition.BEAR, Transition.REMIND, Transition.PHONE_TASK, Transition.MISS, *FIRES.values()}
]


@dataclass
class Supervised:
    """One obligation with its timers and its events."""

    facts: Facts
    timers: dict[Key, tuple[datetime, str]] = field(default_factory=dict)
    events: list[Step] = field(default_factory=list)

    def take(self, steps: tuple[Step, ...]) -> None:
        for one in steps:
            assert not self.events or self.events[-1].to_state is one.from_state
            if one.cancelled is not None:
                for key, (fires_at, state) in self.timers.items():
                    if state == "ARMED" and key[1] in one.cancelled.kinds:
                        self.timers[key] = (fires_at, "CANCELLED")
            for timer in one.armed:
                key = (one.facts.due_version, timer.kind, timer.offset_days)
                assert self.timers.get(key, (None, ""))[1] != "ARMED", key
                self.timers[key] = (timer.fires_at, "ARMED")
            self.facts = one.facts
            self.events.append(one)

    def armed(self) -> dict[Key, datetime]:
        return {key: fires_at for key, (fires_at, state) in self.timers.items() if state == "ARMED"}


class Histories(RuleBasedStateMachine):
    """Several obligations, people who do what they may and may not, and a sweep that comes or does not."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at("2026-01-05")
        self.all: list[Supervised] = []
        self.missed: set[int] = set()

    @rule(kind=st.sampled_from(ObligationKind), days=st.integers(-5, 60))
    def bear(self, kind: ObligationKind, days: int) -> None:
        due = CALENDAR.next_workday(self.now.date() + timedelta(days=days))
        steps = bear(kind, happening(Transition.BEAR, ActorKind.FEED, self.now, due_on=due), DEFAULTS, CALENDAR)
        assert not isinstance(steps, Refusal)
        made = Supervised(steps[0].facts)
        made.take(steps)
        self.all.append(made)

    @rule(hours=st.integers(1, 24 * 12))
    def pass_time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def sweep(self) -> None:
        for one in self.all:
            while due := sorted((fires, key) for key, fires in one.armed().items() if fires <= self.now):
                self._fire(one, *due[0])

    def _fire(self, one: Supervised, fires_at: datetime, key: Key) -> None:
        _, kind, offset = key
        lapses = FIRES[kind] not in {Transition.REMIND, Transition.PHONE_TASK}
        when = max(fires_at, one.facts.registered_at) if lapses else self.now
        one.timers[key] = (fires_at, "FIRED")
        fired = happening(FIRES[kind], ActorKind.SYSTEM, when, offset_days=offset)
        steps = apply(one.facts, fired, DEFAULTS, CALENDAR)
        if not isinstance(steps, Refusal):
            one.take(steps)

    @rule(
        choice=st.integers(0, 9),
        transition=st.sampled_from(BY_PEOPLE),
        actor=st.sampled_from([one for one in ActorKind if one is not ActorKind.SYSTEM]),
        back=st.integers(0, 4),
        ahead=st.integers(-3, 40),
    )
    def somebody_does(self, choice: int, transition: Transition, actor: ActorKind, back: int, ahead: int) -> None:
        if not self.all:
            return
        one = self.all[choice % len(self.all)]
        today = self.now.date()
        more: dict[str, Any] = {
            "acted_on": today - timedelta(days=back),
            "due_on": CALENDAR.next_workday(today + timedelta(days=ahead)),
            "plan_due_on": today + timedelta(days=ahead),
        }
        steps = apply(one.facts, happening(transition, actor, self.now, **more), DEFAULTS, CALENDAR)
        if not isinstance(steps, Refusal):
            one.take(steps)

    @invariant()
    def the_counters_reconcile(self) -> None:
        facts = [one.facts for one in self.all]
        whole = count(facts, date.min, date.max, self.now)
        assert whole.reconciles
        assert whole.due == len(facts)
        middle = date(2026, 3, 1)
        halves = count(facts, date.min, middle, self.now) + count(facts, middle + timedelta(days=1), date.max, self.now)
        assert halves == whole

    @invariant()
    def what_was_missed_stays_missed(self) -> None:
        now_missed = {n for n, one in enumerate(self.all) if one.facts.was_missed}
        assert self.missed <= now_missed
        self.missed = now_missed
        for one in self.all:
            assert one.facts.was_missed == any(step.happening.transition is Transition.MISS for step in one.events)
            assert not one.facts.acted_late or one.facts.was_missed

    @invariant()
    def timers_follow_the_state(self) -> None:
        for one in self.all:
            waiting = {key for key in one.armed() if key[1] in AWAITING_ACT}
            assert all(version == one.facts.due_version for version, _, _ in waiting)
            assert ((one.facts.due_version, TimerKind.MISS, 0) in waiting) == one.facts.state.is_running
            if not one.facts.state.is_running:
                assert not waiting
            if one.facts.state.is_final:
                assert not one.armed()

    @invariant()
    def nothing_is_reminded_twice_or_without_a_timer(self) -> None:
        for one in self.all:
            told = [
                (step.facts.due_version, step.happening.offset_days)
                for step in one.events
                if step.happening.transition is Transition.REMIND
            ]
            assert len(set(told)) == len(told)
            fired = {(key[0], key[2]) for key, (_, state) in one.timers.items() if state == "FIRED"}
            assert set(told) <= fired

    @invariant()
    def a_sweep_that_is_late_changes_no_history(self) -> None:
        """Marked now or marked later: the same facts, at the same instants."""
        for one in self.all:
            now = _facts(one.facts, catch_up(one.facts, self.now, DEFAULTS, CALENDAR))
            later = self.now + timedelta(days=3)
            assert _facts(now, catch_up(now, later, DEFAULTS, CALENDAR)) == _facts(
                one.facts, catch_up(one.facts, later, DEFAULTS, CALENDAR)
            )
            assert standing(now, self.now) is standing(one.facts, self.now)
            assert one.facts.state is not ObligationState.VOID or now == one.facts


def _facts(before: Facts, steps: tuple[Step, ...]) -> Facts:
    return steps[-1].facts if steps else before


Histories.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestHistories = Histories.TestCase


def test_a_happening_is_plain_data() -> None:
    assert isinstance(happening(Transition.MISS, ActorKind.SYSTEM, at("2026-01-05")), Happening)
