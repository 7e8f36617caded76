"""Where the year happens: a database of its own with all of China's tenants, Guangzhou's agencies, and the plugin enabled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.acting import ActContext, Actor
from core.calendar import shipped_calendar
from core.clock import FrozenClock
from core.config import Settings
from core.connection import Addresses, Installation
from core.db.engine import open_database
from core.db.scope import Scope, TenantLevel
from core.db.session import Database
from core.extension.acts import PluginChoose, choose
from core.extension.enablement import Choice
from core.extension.registry import Registry
from core.installation.prepare import prepare_installation
from tests.simulation.history.year import Year
from tests.simulation.performing import HIGH, LOW, People, scope_of, settle_agencies
from tests.simulation.reference.facts import BEIJING, Switch
from tests.support.running import ClockFile

PLUGIN = "reminders"


@dataclass(slots=True)
class World:
    """The simulated city, its people, and the clock on everybody's wall."""

    year: Year
    url: str
    folder: Path
    database: Database
    registry: Registry
    people: People
    clock: ClockFile

    async def switch(self, said: Switch) -> None:
        """Disable or enable the plugin in a district, as its administrator does."""
        scope = _of_district(said)
        async with self.database.write(scope) as session:
            await self._choose(session, Choice.ENABLED if said.enabled else Choice.DISABLED, said.at)

    async def enable(self, at: datetime) -> None:
        """Enable the plugin in the city."""
        async with self.database.write(scope_of(at.date())) as session:
            await self._choose(session, Choice.ENABLED, at)

    async def _choose(self, session: object, choice: Choice, at: datetime) -> None:
        enabled = self.registry.subscribers(frozenset(self.registry.plugins))
        actor = Actor("simulation", "模拟", "PLATFORM_ADMIN")
        context = ActContext(session, FrozenClock(at), actor, shipped_calendar(), subscribers=enabled)  # type: ignore[arg-type]
        await choose(self.registry)(context, PluginChoose(PLUGIN, choice))


def _of_district(said: Switch) -> Scope:
    whole = scope_of(said.at.date())
    assert LOW <= said.low < said.high <= HIGH
    return Scope(whole.kind, whole.shard, said.low, said.high, TenantLevel.DISTRICT, whole.today)


@asynccontextmanager
async def world(year: Year, url: str, folder: Path) -> AsyncIterator[World]:
    """Make the world of a year in an empty database."""
    settings = Settings(data=folder)
    database = open_database(settings, url, url)
    registry = Registry.load()
    begin = datetime.combine(year.first, datetime.min.time(), BEIJING)
    clock = ClockFile(folder / "clock")
    clock.show(begin)
    try:
        await prepare_installation(Installation(settings, Addresses(url, url), database), registry, FrozenClock(begin))
        names = await settle_agencies(database, year.agencies.values())
        made = World(year, url, folder, database, registry, People(database, registry, year.agencies, names), clock)
        await made.enable(begin)
        yield made
    finally:
        await database.dispose()
