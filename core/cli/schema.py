"""`yingsu schema print`."""

from __future__ import annotations

import asyncio

import click

from core.app import house_of
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.errors import NotFound
from core.extension.registry import Registry
from core.tenancy.codes import parse_tenant_code
from core.tenancy.records import find_tenant, shard_number


@click.group()
def schema() -> None:
    """The GraphQL schema."""


@schema.command("print")
@click.option("--tenant", "code", help="The schema that this tenant's people see; without it, all plugins on.")
def print_schema(code: str | None) -> None:
    """Print the schema as SDL."""
    registry = Registry.load()
    enabled = frozenset(registry.plugins) if code is None else asyncio.run(_enabled(registry, code))
    click.echo(house_of(registry).schema(enabled).as_str())


async def _enabled(registry: Registry, code: str) -> frozenset[str]:
    wanted = parse_tenant_code(code).value
    async with open_installation(Settings()) as installation, installation.database.system() as session:
        found = await find_tenant(session, wanted)
        if found is None:
            raise NotFound(f"there is no tenant {wanted}", f"没有代码为 {wanted} 的租户")
        scope = Scope(
            ScopeKind.TENANT,
            shard_number(found.code),
            found.low,
            found.high,
            TenantLevel(found.level.value.lower()),
            SystemClock().today(),
        )
        return (await registry.enablement().enabled(session, scope)).plugins
