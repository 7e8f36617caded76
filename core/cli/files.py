"""`yingsu files sweep`: what was announced and never completed."""

from __future__ import annotations

import asyncio

import click

from core.app import file_location
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.documents.orphans import Removed, remove_orphans
from core.documents.store import FileStore


@click.group()
def files() -> None:
    """Files in the object store."""


@files.command()
def sweep() -> None:
    """Remove files that were announced more than a day ago and never completed; run it daily."""
    removed = asyncio.run(_sweep(Settings()))
    click.echo(f"{removed.announced} announcements and {removed.uploads} uploads removed")


async def _sweep(settings: Settings) -> Removed:
    async with open_installation(settings) as installation:
        return await remove_orphans(installation.database, FileStore.open(file_location(settings)), SystemClock().now())
