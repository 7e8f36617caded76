"""`yingsu schema print` and `yingsu schema write`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from core.app import house_of
from core.cli.arguments import TENANT_CODE
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.extension.loading import BUILT_IN, installed
from core.extension.registry import Registry
from core.tenancy.scopes import tenant_scope
from schema.contract import PROFILES, contract_files


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


@schema.command("write")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def write_schema(directory: Path) -> None:
    """Write the contract: the schema with all built-in plugins, and those of the usual sets. Stale ones are removed."""
    files = built_in_contract()
    (directory / PROFILES).mkdir(exist_ok=True)
    for old in (directory / PROFILES).glob("*.graphql"):
        if f"{PROFILES}/{old.name}" not in files:
            old.unlink()
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")


def built_in_contract() -> dict[str, str]:
    """The files of the contract as the built-in plugins declare them, whatever else is installed."""
    registry = Registry.load(one for one in installed() if one.distribution == BUILT_IN)
    house = house_of(registry)
    return contract_files(registry.requires, lambda enabled: house.schema(enabled).as_str())


async def _enabled(registry: Registry, code: int) -> frozenset[str]:
    async with open_installation(Settings()) as installation, installation.database.system() as session:
        scope = await tenant_scope(session, code, SystemClock().today())
        return (await registry.enablement().enabled(installation.database.queries, scope)).plugins
