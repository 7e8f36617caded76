"""更正: what changed in months that were published before. It goes to the next issue; the past is never edited (domain §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugins.reminders.circular.figures import MEASURES, Cell
from plugins.reminders.circular.publication import Month
from plugins.reminders.rules.counters import Counters


@dataclass(frozen=True, slots=True)
class Correction:
    """更正项: one figure of a published month that is now another."""

    month: Month
    cell: Cell
    measure: str
    before: int
    after: int


Told = Mapping[tuple[Month, Cell], Counters]
"""What the public was last told of a month: its frozen lines, and every correction published since."""


def told(frozen: Told, published: Iterable[Correction]) -> Told:
    """The frozen lines with the corrections of later issues applied, in the order of the issues."""
    now = {key: _by_measure(figures) for key, figures in frozen.items()}
    for one in published:
        now.setdefault((one.month, one.cell), _by_measure(Counters()))[one.measure] = one.after
    return {key: Counters(**measures) for key, measures in now.items()}


def corrections(last_told: Told, now: Told) -> tuple[Correction, ...]:
    """Every figure that differs between what was last told and what is so now. A line may come, or fall to zero."""
    found = []
    for month, cell in sorted({*last_told, *now}):
        before = last_told.get((month, cell), Counters())
        after = now.get((month, cell), Counters())
        found += [
            Correction(month, cell, measure, getattr(before, measure), getattr(after, measure))
            for measure in MEASURES
            if getattr(before, measure) != getattr(after, measure)
        ]
    return tuple(found)


def _by_measure(figures: Counters) -> dict[str, int]:
    return {measure: getattr(figures, measure) for measure in MEASURES}
