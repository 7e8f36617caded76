"""`yingsu migrate`."""

from __future__ import annotations

import asyncio

import click

from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.extension.registry import Registry
from core.installation.prepare import prepare_installation


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version: tables of the core and of all plugins, policies, reference data."""
    asyncio.run(_migrate(Settings()))
    click.echo("migrated")


async def _migrate(settings: Settings) -> None:
    async with open_installation(settings) as installation:
        await prepare_installation(installation, Registry.load(), SystemClock())
