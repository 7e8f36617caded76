"""The demonstration's city has every built-in plugin, so that there is something to see; the other city has none."""

from __future__ import annotations

from core.acting import ActContext, Actor
from core.calendar import WorkingCalendar
from core.clock import Clock
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database
from core.extension.acts import PluginChoose, choose
from core.extension.enablement import Choice
from core.extension.loading import BUILT_IN
from core.extension.records import enablement
from core.extension.registry import Registry


async def enable_built_in(
    database: Database, registry: Registry, calendar: WorkingCalendar, clock: Clock, city: str
) -> list[str]:
    """Enable what comes with Yingsu in a city (4401), where nobody has said anything of it yet; the names."""
    names = [name for name, plugin in registry.plugins.items() if plugin.distribution == BUILT_IN]
    low = int(city) * 100_000
    scope = Scope(ScopeKind.TENANT, int(city), low, low + 100_000, TenantLevel.CITY, clock.today())
    actor = Actor("yingsu dev", "yingsu dev", "PLATFORM_ADMIN")
    for name in names:
        async with database.write(scope) as session:
            if await enablement(session, name, low) is None:
                await choose(registry)(ActContext(session, clock, actor, calendar), PluginChoose(name, Choice.ENABLED))
    return names
