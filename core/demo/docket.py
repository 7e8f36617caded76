"""收案: day by day, the procedures that follow from earlier ones and the new disputes, each under the next case number."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from heapq import heappop, heappush

from core.demo.chance import Chance
from core.demo.cities import LANES, DemoCity
from core.demo.days import DemoDays
from core.demo.disputes import DisputeMaker
from core.demo.filings import Filing
from core.demo.procedures import Procedures
from core.demo.rows import DemoCase
from core.demo.timelines import Stage

_GROWTH = 0.1
"""More cases from year to year."""
_MONTHS = (1.0, 0.7, 1.1, 1.05, 1.05, 1.1, 1.1, 1.05, 1.05, 0.85, 1.1, 0.85)
"""Fewer cases are filed around the Spring Festival, in October and at the end of the year."""
_YEAR_DAYS = 365


class CaseNumbers:
    """案号 in the order of filing: one series a year, court and type.

    A court that other cities use too numbers their cases in between: there a city takes only serials of its own lane, so no
    two cities of the demo ever give one number to two cases.
    """

    def __init__(self, city: DemoCity, chance: Chance) -> None:
        self._city = city
        self._chance = chance
        self._last: dict[tuple[int, str, str], int] = defaultdict(int)

    def next(self, filing: Filing) -> str:
        """The next number for a filing."""
        year = date.fromordinal(filing.day).year
        kind = filing.stage.types[filing.dispute.compensation]
        series = (year, filing.court, kind)
        if self._city.is_shared(filing.court):
            step = self._last[series] or self._city.lane - LANES
            self._last[series] = step + LANES * self._chance.between(1, 6)
        else:
            self._last[series] += 1
        return f"（{year}）{filing.court}{kind}{self._last[series]}号"


class Docket:
    """All filings of a city up to the demo's day."""

    def __init__(self, city: DemoCity, days: DemoDays, disputes: DisputeMaker, chance: Chance) -> None:
        self._city = city
        self._days = days
        self._disputes = disputes
        self._procedures = Procedures(chance, days, city)
        self._numbers = CaseNumbers(city, chance)
        self._waiting: list[tuple[int, int, Filing]] = []
        self._count = 0

    def run(self, cases: int) -> Iterator[DemoCase]:
        """Exactly so many procedures, by day of filing. Memory holds only those whose next step is to come."""
        for day, target in self._targets(cases):
            while self._waiting and self._waiting[0][0] <= day and self._count < cases:
                yield self._file(heappop(self._waiting)[2])
            # What is arranged is filed on the first day, so that no appeal takes its place in a demo of four cases.
            while self._count < target or (self._disputes.arranged and self._count < cases):
                root = self._next_id()
                dispute = self._disputes.open(root, day)
                yield self._file(Filing(day, Stage.FIRST, dispute, dispute.first_court))

    def _targets(self, cases: int) -> Iterator[tuple[int, int]]:
        """How many procedures there shall be by the end of each working day."""
        workdays = self._days.workdays()
        weights = [self._weight(day) for day in workdays]
        total, done = sum(weights), 0.0
        for day, weight in zip(workdays, weights, strict=True):
            done += weight
            yield day, min(cases, math.ceil(cases * done / total)) if day != workdays[-1] else cases

    def _weight(self, day: int) -> float:
        growth = 1 + _GROWTH * (day - self._days.start) / _YEAR_DAYS
        return growth * _MONTHS[date.fromordinal(day).month - 1]

    def _next_id(self) -> str:
        return f"{self._city.code}-{self._count + 1:07d}"

    def _file(self, filing: Filing) -> DemoCase:
        result, following = self._procedures.run(filing, self._next_id(), self._numbers.next(filing))
        self._count += 1
        if following is not None and following.day <= self._days.asof:
            heappush(self._waiting, (following.day, self._count, following))
        return result
