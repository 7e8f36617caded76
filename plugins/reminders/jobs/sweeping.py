"""扫描: let everything that is due fire, once, whoever else sweeps at the same time and whatever the clock has done before.

A timer that has fired or was cancelled never fires again, so a clock that jumps back repeats nothing, and one that was behind
is caught up. Where the plugin is not effective nothing fires, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from core.sdk.acts import Area, SettingsBook, SystemSession, settings_everywhere
from core.sdk.jobs import JobContext, NoPayload
from core.sdk.rules import Clock, WorkingCalendar
from plugins.reminders.jobs import statements
from plugins.reminders.jobs.telling import tell
from plugins.reminders.jobs.timed import FIRINGS, Firing
from plugins.reminders.rules.terms import remedy_period
from plugins.reminders.settings import RemindersSettings

BATCH: Final = 5_000
"""Timers of one kind that one statement fires: what a worker holds in memory."""
MOST: Final = 20
"""Batches in one transaction: after a long standstill the rest follows in the next, and none comes near a job's time limit."""
STEADY: Final = text("set local enable_seqscan = off")
"""Plans are kept: one made while the events were few would read all of them for each timer when they are many."""
_STATEMENTS: Final = {
    one.kind: (statements.claim(one), statements.known_days(one), statements.fire(one), statements.settle_idle(one))
    for one in FIRINGS
}
START: Final = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one batch: whether it was full, so that there may be more; where it ended; what is to be told."""

    full: bool
    claimed: int
    end: tuple[datetime, UUID]
    loud: Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep: the time, the calendar, where the plugin is effective and with which settings."""

    session: SystemSession
    clock: Clock
    calendar: WorkingCalendar
    areas: Sequence[Area]
    settings: SettingsBook[RemindersSettings]
    batch: int = BATCH
    most: int = MOST

    @property
    def given(self) -> dict[str, Any]:
        """What every statement is given."""
        return {
            "now": self.clock.now(),
            "today": self.clock.today(),
            "batch": self.batch,
            "shards": [area.shard for area in self.areas],
            "lows": [area.low for area in self.areas],
            "highs": [area.high for area in self.areas],
            "sinces": [area.since for area in self.areas],
        }

    async def wake(self) -> None:
        """Let what rested while the plugin was disabled be due again, where it is enabled now."""
        await self.session.execute(statements.WAKE, _only(statements.WAKE, self.given))

    async def fire(self, firing: Firing, after: tuple[datetime, UUID] = START) -> Batch:
        """Fire one batch of a kind, of what comes after the one before."""
        claim, _, fire, settle = _STATEMENTS[firing.kind]
        given = self.given | {"after_at": after[0], "after": after[1], "kind": firing.kind.value}
        (claimed,) = await self.session.rows(claim, _only(claim, given))
        if not claimed.seen:
            return Batch(full=False, claimed=0, end=after, loud=())
        end = (claimed.last_at, claimed.last)
        if claimed.elsewhere:
            given |= {"last_at": end[0], "last": end[1]}
            await self.session.execute(statements.REST, _only(statements.REST, given))
        fired: Sequence[Row[Any]] = ()
        if claimed.ids:
            given |= {"picked_shards": claimed.shards, "picked": claimed.ids, "picked_subjects": claimed.subjects}
            given |= await self._given_by_settings(firing, given)
            fired = await self.session.rows(fire, _only(fire, given))
            if len(fired) < len(claimed.ids):
                await self.session.execute(settle, _only(settle, given))
        loud = [one for one in fired if one.loud]
        return Batch(full=claimed.seen == self.batch, claimed=len(claimed.ids), end=end, loud=loud)

    async def _given_by_settings(self, firing: Firing, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The days and hours that the settings of those concerned give, for the kinds of timers that ask for them."""
        _, days, fire, _ = _STATEMENTS[firing.kind]
        if "remedies" not in fire.compile().params:
            return {}
        return self._settings(await self.session.rows(days, _only(days, given)))

    def _settings(self, known: Sequence[Row[Any]]) -> Mapping[str, Any]:
        settings = [self.settings.of(one.shard, one.code) for one in known]
        remedies: dict[tuple[Any, int], Any] = {}
        for one, own in zip(known, settings, strict=True):
            key = (one.known_on, own.remedy.term)
            if key not in remedies:
                remedies[key] = remedy_period(one.known_on, own, self.calendar).due
        return {
            "given_shards": [one.shard for one in known],
            "given_codes": [one.code for one in known],
            "given_days": [one.known_on for one in known],
            "remedies": [remedies[one.known_on, own.remedy.term] for one, own in zip(known, settings, strict=True)],
            "mornings": [own.reminder.at for own in settings],
            "bureau_days": [own.report.bureau_day for own in settings],
        }


def _only(statement: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in statement.compile().params}


async def sweep(context: JobContext[SystemSession], _: NoPayload) -> None:
    """Fire what is due by the job's clock, kind by kind, and tell those whom it concerns; what is left is left to a job of its own."""
    areas = await context.enabled_areas()
    if not areas:
        return
    settings = await settings_everywhere(context.session, RemindersSettings, context.today)
    done = await sweep_all(Sweep(context.session, context.clock, context.calendar, areas, settings))
    if not done:
        await context.enqueue(context.job, NoPayload(), key=f"{context.key}+")


async def sweep_all(sweep: Sweep) -> bool:
    """Fire batch after batch, `most` of them; whether nothing was left."""
    await sweep.session.execute(STEADY)
    await sweep.wake()
    batches = 0
    for firing in FIRINGS:
        batch = Batch(full=True, claimed=0, end=START, loud=())
        while batch.full:
            if batches == sweep.most:
                return False
            batch = await sweep.fire(firing, batch.end)
            batches += batch.claimed > 0
            await tell(sweep.session, sweep.clock, firing, batch.loud)
    return True
