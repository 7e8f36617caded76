"""The counters of domain §4: of the duties due in a period, how many stand where at a cut-off. Counted one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from tests.simulation.reference.expectation import Expected, What
from tests.simulation.reference.facts import DutyBorn, DutyKind, History
from tests.simulation.reference.standing import Standing, standing
from tests.simulation.reference.walk import by_key
from tests.simulation.reference.working_days import WorkingDays

Counters = dict[tuple[int, DutyKind], Counter[str]]


def counters(
    history: History, days: WorkingDays, first: date, last: date, cut_off: datetime, happened: Iterable[Expected]
) -> Counters:
    """By tenant and kind: `due`, and of these exactly one of void, on_time, late, missed, open each; and `was_missed`.

    `happened` is what was expected up to the cut-off: what was missed once stays so, whatever came after.
    """
    missed = {one.key for one in happened if one.what == What.MISSED.value and one.day <= cut_off.date()}
    found: Counters = defaultdict(Counter)
    for key, facts in by_key(history.facts).items():
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
            counted["was_missed"] += key in missed
    return found


def _place(now: Standing, due: date, today: date) -> str:
    if now.void:
        return "void"
    if now.acted is not None:
        return "on_time" if now.acted.on <= due else "late"
    return "missed" if due < today and now.suspended_on is None else "open"
