"""A simulated year through real processes, and how it compares with the reference."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tests.simulation.driving import Drive
from tests.simulation.history.year import AWAY, WORKDAYS, Year
from tests.simulation.ledger import Ledger, open_ledger
from tests.simulation.observed import observed, written
from tests.simulation.reference.counters import Counters, counters
from tests.simulation.reference.expectation import Expected
from tests.simulation.reference.facts import BEIJING
from tests.simulation.reference.walk import expected_and_told
from tests.simulation.reference.working_days import WorkingDays
from tests.simulation.settling import Look, Settling
from tests.simulation.world import World, world
from tests.support.running import Running, environment

LAST_HOUR = datetime.max.time().replace(microsecond=0)
SAID_ON = (1, 11, 21)


@dataclass(slots=True)
class Outcome:
    """What came of a year."""

    cases: int
    steps: int
    expected: int
    hours: int
    seconds: float
    waited: float
    missing: list[Expected] = field(default_factory=list)
    extra: list[Expected] = field(default_factory=list)
    doubled: list[Expected] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)

    @property
    def is_exact(self) -> bool:
        return not (self.missing or self.extra or self.doubled or self.counters)

    def told(self, most: int = 15) -> str:
        """The figures, and the first differences."""
        head = (
            f"{self.cases} cases, {self.steps} acts, {self.hours} hours of the year: {self.expected} expected;"
            f" {len(self.missing)} missing, {len(self.extra)} unexpected, {len(self.doubled)} twice,"
            f" {len(self.counters)} counters differ; {self.seconds:.0f} s, of which {self.waited:.0f} s for the processes"
        )
        lists = {"missing": self.missing, "unexpected": self.extra, "twice": self.doubled, "counter": self.counters}
        return "\n".join([head, *(f"  {name}: {one}" for name, found in lists.items() for one in found[:most])])


async def simulate(year: Year, url: str, folder: Path, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Let a year pass in an empty database, with one scheduler, one worker and one API process."""
    async with world(year, url, folder) as made:
        settings = environment(
            database_url=url, data=folder, clock=made.clock.path, scheduler_seconds=0.02, job_retry_seconds=0.05
        )
        processes = [
            Running(name, arguments, settings, folder / f"{name}.log")
            for name, arguments in {
                "scheduler": ("scheduler",),
                "worker": ("worker",),
                "api": ("serve", "--port", "0"),
            }.items()
        ]
        begin = datetime.combine(year.first, datetime.min.time(), BEIJING)
        ledger = await open_ledger(made.database, folder, processes[-1], begin)
        look = Look(url)
        try:
            for one in processes:
                one.start()
            return await _passed(made, Settling(look, processes), ledger, say)
        finally:
            await look.close()
            for one in processes:
                one.kill()


async def _passed(made: World, settling: Settling, ledger: Ledger, say: Callable[[str], None]) -> Outcome:
    began = time.monotonic()

    async def on_day(day: date) -> None:
        await ledger.keep(day)
        if day.day in SAID_ON:
            say(f"{day}, {time.monotonic() - began:.0f} s")

    while not ledger.url:
        await asyncio.sleep(0.05)
    drive = Drive(made, settling.until, on_day)
    await drive.run()
    seconds = time.monotonic() - began
    year, history, days = made.year, made.year.history(), WorkingDays.read(WORKDAYS)
    told = expected_and_told(history, days, year.first, datetime.combine(year.last, LAST_HOUR, BEIJING))
    wanted = told.happened | told.messages
    names = made.people.names
    found = Counter([*await observed(made.database, names), *await written(made.database, names)])
    outcome = Outcome(
        cases=len(year.agencies),
        steps=len(year.steps),
        expected=len(wanted),
        hours=drive.hours,
        seconds=seconds,
        waited=sum(settling.waited),
        missing=sorted(wanted - set(found)),
        extra=sorted(set(found) - wanted),
        doubled=sorted(one for one, times in found.items() if times > 1),
    )
    for last, page in ledger.pages.items():
        cut_off = datetime.combine(last, LAST_HOUR, BEIJING)
        right = counters(history, days, last.replace(day=1), last, cut_off, told.happened)
        outcome.counters.extend(differing(last, right, page))
    return outcome


def differing(last: date, right: Counters, shown: Counters) -> Iterable[str]:
    """Where the counters differ, outside the district whose plugin was away: what passed there meanwhile is not supervised."""
    for key in sorted({*right, *shown}, key=str):
        place, kind = key
        if AWAY <= place < AWAY + 1000 or +right.get(key, Counter()) == +shown.get(key, Counter()):
            continue
        yield f"{last:%Y-%m} {place} {kind.value}: {dict(+right.get(key, Counter()))}, shown {dict(+shown.get(key, Counter()))}"
