"""`yingsu schema print`."""

from __future__ import annotations

import asyncio

import click

from core.app import house_of
from core.cli.arguments import TENANT_CODE
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.extension.registry import Registry
from core.tenancy.scopes import tenant_scope


@click.group()
def schema() -> None:
    """The GraphQL schema."""


@schema.command("print")
@click.option(
    "--tenant", "code", type=TENANT_CODE, help="The schema that this tenant's people see; without it, all plugins on."
)
def print_schema(code: int | None) -> None:
    """Print the schema as SDL."""
    registry = Registry.load()
    enabled = frozenset(registry.plugins) if code is None else asyncio.run(_enabled(registry, code))
    click.echo(house_of(registry).schema(enabled).as_str())


async def _enabled(registry: Registry, code: int) -> frozenset[str]:
    async with open_installation(Settings()) as installation, installation.database.system() as session:
        scope = await tenant_scope(session, code, SystemClock().today())
        return (await registry.enablement().enabled(session, scope)).plugins
