"""`yingsu documents register | list | remove | mode`: trusted documents of a tenant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import click

from core.acting import ActContext, Actor
from core.app import house_of, operation_limits
from core.calendar.records import load_calendar
from core.cli.arguments import TENANT_CODE, operator
from core.cli.failures import REFUSED
from core.clock import SystemClock
from core.config import Settings
from core.connection import Installation, open_installation
from core.db.scope import Scope
from core.extension.registry import Registry
from core.http.persisted.validation import faults_of
from core.tenancy.scopes import tenant_scope
from core.trusted import registering
from core.trusted.acts import TrustedDocumentSetMode, set_mode
from core.trusted.manifest import Entry, read_manifest
from core.trusted.modes import TrustMode
from core.trusted.records import documents_of

TENANT = click.option("--tenant", "code", type=TENANT_CODE, required=True, help="The tenant, e.g. 4401.")


@click.group()
def documents() -> None:
    """Trusted documents: the operations that a tenant's front ends may send."""


@documents.command("register")
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@TENANT
@click.option("--app", default="", help="The front end that the documents are of.")
@click.option("--version", "app_version", default="", help="Its version.")
def register(manifest: Path, code: int, app: str, app_version: str) -> int:
    """Register the documents of a manifest, for the tenant and those below it: all, or none if one is not valid."""
    return asyncio.run(_register(read_manifest(manifest.read_bytes()), code, app, app_version))


@documents.command("list")
@TENANT
@click.option("--app", help="Only those of this front end.")
def list_documents(code: int, app: str | None) -> None:
    """List the documents that a tenant has registered."""
    asyncio.run(_list(code, app))


@documents.command("remove")
@click.argument("ids", nargs=-1)
@TENANT
@click.option("--app", help="Those of this front end.")
@click.option("--version", "app_version", help="Those of this version.")
def remove(ids: tuple[str, ...], code: int, app: str | None, app_version: str | None) -> None:
    """Remove documents by id, or all of a front end or of a version of it."""
    if not ids and app is None and app_version is None:
        raise click.UsageError("name ids, --app or --version")
    count = asyncio.run(_remove(code, app, app_version, ids))
    click.echo(f"{count} documents removed")


@documents.command("mode")
@click.argument("mode", type=click.Choice([mode.value.lower() for mode in TrustMode]))
@TENANT
def mode_command(mode: str, code: int) -> None:
    """Say what happens to a document that is not registered: off, log, enforce, or inherit."""
    asyncio.run(_set_mode(code, TrustMode[mode.upper()]))
    click.echo(f"trusted documents of {code}: {mode}")


async def _register(entries: Sequence[Entry], code: int, app: str, app_version: str) -> int:
    registry = Registry.load()
    settings = Settings()
    async with open_installation(settings) as installation:
        scope = await _scope(installation, code)
        enabled = await registry.enablement().enabled(installation.database.queries, scope)
        schema = house_of(registry).schema(enabled.plugins)
        faults = faults_of(entries, schema, operation_limits(settings))
        for fault in faults:
            click.echo(fault, err=True)
        if faults:
            click.echo(f"nothing was registered: {len(faults)} documents are not valid（未登记任何文档）", err=True)
            return REFUSED
        async with _acting(installation, scope) as context:
            done = await registering.register(context, entries, app, app_version)
    click.echo(f"{done.added} documents registered, {done.unchanged} unchanged")
    return 0


async def _list(code: int, app: str | None) -> None:
    async with open_installation(Settings()) as installation:
        scope = await _scope(installation, code)
        async with installation.database.read(scope) as session:
            found = await documents_of(session, scope.shard, scope.code, app)
    for row in found:
        click.echo(f"{row.document_id}\t{row.name}\t{row.app}\t{row.app_version}\t{row.registered_at.isoformat()}")


async def _remove(code: int, app: str | None, app_version: str | None, ids: tuple[str, ...]) -> int:
    async with open_installation(Settings()) as installation:
        scope = await _scope(installation, code)
        async with _acting(installation, scope) as context:
            return await registering.remove(context, app=app, app_version=app_version, ids=ids)


async def _set_mode(code: int, mode: TrustMode) -> None:
    async with open_installation(Settings()) as installation:
        scope = await _scope(installation, code)
        async with _acting(installation, scope) as context:
            await set_mode(context, TrustedDocumentSetMode(mode))


async def _scope(installation: Installation, code: int) -> Scope:
    async with installation.database.system() as session:
        return await tenant_scope(session, code, SystemClock().today())


@asynccontextmanager
async def _acting(installation: Installation, scope: Scope) -> AsyncGenerator[ActContext]:
    name = operator()
    async with installation.database.write(scope) as session:
        calendar = await load_calendar(session)
        yield ActContext(session, SystemClock(), Actor(name, name, "PLATFORM_ADMIN"), calendar)
