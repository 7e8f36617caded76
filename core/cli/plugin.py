"""`yingsu plugin list | enable | disable`."""

from __future__ import annotations

import asyncio

import click

from core.acting import ActContext, Actor
from core.calendar.records import load_calendar
from core.cli.arguments import TENANT_CODE
from core.clock import SystemClock
from core.config import Settings
from core.connection import Installation, open_installation
from core.db.scope import Scope
from core.extension.acts import PluginChoose, choose
from core.extension.enablement import Choice
from core.extension.registry import Registry
from core.tenancy.scopes import tenant_scope


@click.group()
def plugin() -> None:
    """Plugins: what is installed, and which tenant has which."""


@plugin.command("list")
@click.option("--tenant", "code", type=TENANT_CODE, help="Say also what is enabled in this tenant's range.")
def list_plugins(code: int | None) -> None:
    """List the installed plugins."""
    registry = Registry.load()
    enabled = asyncio.run(_enabled(registry, code)) if code is not None else frozenset()
    for name, one in registry.plugins.items():
        mark = "" if code is None else "enabled " if name in enabled else "disabled "
        click.echo(f"{name} {one.manifest.version} {mark}{one.manifest.zh}（{one.manifest.en}）")
    if not registry.plugins:
        click.echo("no plugin is installed")


@plugin.command("enable")
@click.argument("name")
@click.option("--tenant", "code", type=TENANT_CODE, required=True, help="The tenant, e.g. 440112.")
def enable(name: str, code: int) -> None:
    """Enable a plugin in a tenant, and in those below it that say nothing."""
    asyncio.run(_choose(name, code, Choice.ENABLED))
    click.echo(f"{name} is enabled in {code}")


@plugin.command("disable")
@click.argument("name")
@click.option("--tenant", "code", type=TENANT_CODE, required=True, help="The tenant, e.g. 440112.")
def disable(name: str, code: int) -> None:
    """Disable a plugin in a tenant. Its data stays."""
    asyncio.run(_choose(name, code, Choice.DISABLED))
    click.echo(f"{name} is disabled in {code}")


async def _scope(installation: Installation, code: int) -> Scope:
    async with installation.database.system() as session:
        return await tenant_scope(session, code, SystemClock().today())


async def _enabled(registry: Registry, code: int) -> frozenset[str]:
    async with open_installation(Settings()) as installation:
        scope = await _scope(installation, code)
        return (await registry.enablement().enabled(installation.database.queries, scope)).plugins


async def _choose(name: str, code: int, choice: Choice) -> None:
    registry = Registry.load()
    async with open_installation(Settings()) as installation:
        scope = await _scope(installation, code)
        async with installation.database.write(scope) as session:
            calendar = await load_calendar(session)
            context = ActContext(
                session, SystemClock(), Actor("yingsu plugin", "yingsu plugin", "PLATFORM_ADMIN"), calendar
            )
            await choose(registry)(context, PluginChoose(name, choice))
