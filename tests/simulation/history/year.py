"""A city's year: the same seed tells the same one. Begins in August, so that Spring Festival lies in its middle."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.simulation.history.arcs import reconsideration, suit
from tests.simulation.history.city import AgencyOfYear, agencies, weight
from tests.simulation.history.course import Course
from tests.simulation.history.plausible import plausible
from tests.simulation.history.steps import Step
from tests.simulation.reference.facts import BEIJING, History, Settings, Switch
from tests.simulation.reference.working_days import WorkingDays

WORKDAYS = Path(__file__).parents[3] / "core" / "calendar" / "data" / "workdays-2024-2027.csv"
FIRST, LAST = date(2025, 8, 1), date(2026, 7, 31)
CASES_OF_A_YEAR = 21_500
"""Of Guangzhou and its districts."""
AWAY = 440106000
"""天河区: the district in which the plugin is disabled from March to June."""
RECONSIDERATIONS = 0.25


@dataclass(frozen=True, slots=True)
class Year:
    """Steps in order of time, and what the reference is to judge by."""

    steps: tuple[Step, ...]
    switches: tuple[Switch, ...]
    agencies: dict[int, AgencyOfYear]
    """By the number of the case."""
    first: date
    last: date

    def history(self) -> History:
        return History(tuple(fact for step in self.steps for fact in step.facts), self.switches, Settings())


def switches() -> tuple[Switch, ...]:
    away = {"low": AWAY, "high": AWAY + 1000}
    off, on = date(2026, 3, 2), date(2026, 6, 15)
    return (
        Switch(datetime.combine(off, time(8), BEIJING), enabled=False, **away),
        Switch(datetime.combine(on, time(8), BEIJING), enabled=True, **away),
    )


def tell_year(cases: int, seed: int, first: date = FIRST, last: date = LAST) -> Year:
    """A year, or a part of it, with so many cases."""
    chance = random.Random(f"{seed}/{cases}")
    days = WorkingDays.read(WORKDAYS)
    known = agencies()
    of_level = Counter(one.level for one in known)
    answering = chance.choices(known, [weight(one, of_level) for one in known], k=cases)
    said = switches()
    steps: list[Step] = []
    for number, agency in enumerate(answering):
        course = Course(number, agency, random.Random(f"{seed}/{cases}/{number}"), days, said)
        received = days.rolled(first + timedelta(days=chance.randrange((last - first).days)))
        tell = reconsideration if chance.random() < RECONSIDERATIONS else suit
        tell(course, received)
        steps.extend(plausible(course.steps, said, days))
    end = datetime.combine(last, time.max, BEIJING)
    ordered = sorted((one for one in steps if one.at <= end), key=lambda one: (one.at, one.case))
    return Year(tuple(ordered), said, dict(enumerate(answering)), first, last)
