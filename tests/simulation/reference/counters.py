"""The counters of domain §4: of the duties due in a period, how many stand where at a cut-off. Counted one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime

from tests.simulation.reference.facts import Acted, DutyBorn, DutyKind, History
from tests.simulation.reference.standing import Standing, standing
from tests.simulation.reference.walk import by_key
from tests.simulation.reference.working_days import WorkingDays

Counters = dict[tuple[int, DutyKind], Counter[str]]


def counters(history: History, days: WorkingDays, first: date, last: date, cut_off: datetime) -> Counters:
    """By tenant and kind: `due`, and of these exactly one of void, on_time, late, missed, open each; and `was_missed`."""
    found: Counters = defaultdict(Counter)
    for facts in by_key(history.facts).values():
        born = facts[0]
        if not isinstance(born, DutyBorn) or born.at > cut_off:
            continue
        now = standing(facts, cut_off)
        assert now is not None
        due = now.due(days)
        if first <= due <= last:
            counted = found[born.place, born.kind]
            counted["due"] += 1
            counted[_place(now, due, cut_off.date())] += 1
            counted["was_missed"] += _passed_without_act(now, due, cut_off.date())
    return found


def _place(now: Standing, due: date, today: date) -> str:
    if now.void:
        return "void"
    if now.acted is not None:
        return "on_time" if now.acted.on <= due else "late"
    return "missed" if due < today and now.suspended_on is None else "open"


def _passed_without_act(now: Standing, due: date, today: date) -> bool:
    """Whether the last day passed before the platform knew of an act: a mark that is never taken away."""
    if now.void or now.suspended_on is not None:
        return False
    known_on = now.acted.at.date() if isinstance(now.acted, Acted) else None
    return due < today and (known_on is None or known_on > due)
