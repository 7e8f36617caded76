"""The year itself: the clock is moved from hour to hour, people act in between, and at each hour all work is waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from tests.simulation.history.steps import Step
from tests.simulation.history.year import WORKDAYS
from tests.simulation.reference.facts import BEIJING
from tests.simulation.reference.working_days import WorkingDays, each_day
from tests.simulation.world import World

MIDNIGHT, MORNING, NOON, EVENING = time(0), time(9), time(12), time(18, 30)
"""When something can be expected: misses, reminders, telephone calls; and, for what became known in the afternoon, the evening."""
Settle = Callable[[datetime], Awaitable[None]]


@dataclass(slots=True)
class Drive:
    """Drives a world through its year. `settle` returns when everything that is due at the instant has been done."""

    world: World
    settle: Settle
    on_day: Callable[[date], Awaitable[None]] | None = None
    beside: Callable[[datetime, Awaitable[None]], Awaitable[None]] | None = None
    """Lets people act until this hour, and whatever else while they do."""
    hours: int = 0
    _days: WorkingDays = field(default_factory=lambda: WorkingDays.read(WORKDAYS))

    async def run(self, first: date | None = None, last: date | None = None) -> None:
        """The whole year, or these days of it."""
        by_day: dict[date, list[Step]] = defaultdict(list)
        for step in self.world.year.steps:
            by_day[step.at.date()].append(step)
        for day in each_day(first or self.world.year.first, last or self.world.year.last):
            await self._day(day, by_day.get(day, []))
            if self.on_day is not None:
                await self.on_day(day)

    async def _day(self, day: date, steps: list[Step]) -> None:
        passed = datetime.combine(day, MIDNIGHT, BEIJING)
        for hour in self._hours(day, steps):
            now = datetime.combine(day, hour, BEIJING)
            await self._switch(passed, now)
            # Beside each other: what happens to the processes meanwhile is the business of `beside`.
            acting = self.world.people.perform(step for step in steps if passed < step.at <= now)
            await (acting if self.beside is None else self.beside(now, acting))
            await self._stand_at(now)
            passed = now
        left = [step for step in steps if step.at > passed]
        assert not left, f"nobody waits for the evening of {day}: {left[0]}"

    def _hours(self, day: date, steps: list[Step]) -> Iterator[time]:
        """A day off on which nothing happens has its midnight alone: what was sent then would be seen on the next day."""
        yield MIDNIGHT
        if steps or self._days.is_worked(day) or any(said.at.date() == day for said in self.world.year.switches):
            yield MORNING
            yield NOON
        if any(step.at.time() > NOON for step in steps):
            yield time(23, 59) if any(step.at.time() > EVENING for step in steps) else EVENING

    async def _switch(self, passed: datetime, now: datetime) -> None:
        for said in self.world.year.switches:
            if passed < said.at <= now:
                await self._stand_at(said.at)
                await self.world.switch(said)
                await self._stand_at(said.at)

    async def _stand_at(self, now: datetime) -> None:
        self.world.clock.show(now)
        await self.settle(now)
        self.hours += 1
