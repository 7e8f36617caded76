"""Bring an installation to where it can serve: migrated, with the nation's reference data."""

from __future__ import annotations

from core.clock import Clock
from core.connection import Installation
from core.extension.migration import migrate
from core.extension.registry import Registry
from core.installation.seed import seed_reference


async def prepare_installation(installation: Installation, registry: Registry, clock: Clock) -> None:
    """Migrate the core's and the plugins' branches, then seed; a second time changes nothing."""
    await migrate(installation.addresses.admin_url, registry)
    async with installation.database.system() as session:
        await seed_reference(session, clock.now())
