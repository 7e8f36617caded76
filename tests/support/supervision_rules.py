"""Short words for tests of the rules of supervision: instants, obligations on their way, and timers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from core.sdk.rules import SHANGHAI, shipped_calendar
from plugins.reminders.rules.facts import Facts, Happening, Refusal, Step
from plugins.reminders.rules.timers import Timer
from plugins.reminders.rules.transitions import apply, bear, step
from plugins.reminders.rules.vocabulary import ActorKind, EvidenceKind, ObligationKind, TimerKind, Transition
from plugins.reminders.settings import RemindersSettings

CALENDAR = shipped_calendar()
DEFAULTS = RemindersSettings()
EVIDENCE = frozenset(EvidenceKind)


def at(text: str) -> datetime:
    """An instant in Shanghai; a bare day is ten in the morning."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=SHANGHAI)


def day(text: str) -> date:
    return date.fromisoformat(text)


def happening(transition: Transition, actor: ActorKind, when: str | datetime, **more: Any) -> Happening:
    """Something that happens with every kind of evidence and a reason, unless told otherwise."""
    given: dict[str, Any] = {"evidence": EVIDENCE, "reason": "测试"} | more
    given |= {name: day(value) for name, value in given.items() if name.endswith("_on") and isinstance(value, str)}
    return Happening(transition=transition, actor=actor, at=at(when) if isinstance(when, str) else when, **given)


def born(
    kind: ObligationKind, due: str, registered: str, settings: RemindersSettings = DEFAULTS, **more: Any
) -> tuple[Step, ...]:
    happened = happening(Transition.BEAR, ActorKind.LIAISON, registered, due_on=due, **more)
    steps = bear(kind, happened, settings, CALENDAR)
    assert not isinstance(steps, Refusal), steps
    return steps


def tried(facts: Facts, transition: Transition, actor: ActorKind, when: str, **more: Any) -> Step | Refusal:
    """One transition by the table alone."""
    return step(facts, happening(transition, actor, when, **more), DEFAULTS, CALENDAR)


def did(
    facts: Facts,
    transition: Transition,
    actor: ActorKind,
    when: str,
    settings: RemindersSettings = DEFAULTS,
    **more: Any,
) -> tuple[Step, ...]:
    steps = apply(facts, happening(transition, actor, when, **more), settings, CALENDAR)
    assert not isinstance(steps, Refusal), steps
    return steps


def timers(steps: tuple[Step, ...]) -> dict[tuple[TimerKind, int], Timer]:
    return {(timer.kind, timer.offset_days): timer for one in steps for timer in one.armed}
