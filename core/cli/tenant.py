"""`yingsu tenant`: the hierarchy of tenants, and its changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from core.cli.arguments import CODE_PAIR, DAY, TENANT_CODE, operator
from core.cli.reporting import print_import
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.db.session import SystemSession
from core.errors import NotFound
from core.tenancy.acts import changes
from core.tenancy.acts.changes import Changed, Order
from core.tenancy.acts.import_tenants import import_tenants
from core.tenancy.acts.row_file import FileImport
from core.tenancy.codes import TenantCode
from core.tenancy.hierarchy import Tenant
from core.tenancy.records import HistoryEntry, find_tenant, read_register, shard_number, tenant_history

Change = Callable[[SystemSession, Order], Awaitable[Changed]]


class _DryRun(Exception):
    def __init__(self, changed: Changed) -> None:
        super().__init__("dry run")
        self.changed = changed


def _ordering(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing."),
        click.option("--on", "on_day", type=DAY, help="Day from which it holds; not in the future. Default: today."),
        click.option("--reason", required=True, help="The decision, e.g. its number (批复文号); kept in the history."),
    ):
        command = option(command)
    return command


def _order(on_day: date | None, reason: str) -> Order:
    clock = SystemClock()
    return Order(on_day or clock.today(), reason, operator(), clock.now())


@click.group()
def tenant() -> None:
    """Tenants (租户): cities, districts, towns and streets."""


@tenant.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", default="import", show_default=True, help="Why they are added; kept in the audit trail.")
@click.option("--keep-good", is_flag=True, help="Add the good rows even if others are rejected.")
def import_file(file: Path, reason: str, *, keep_good: bool) -> int:
    """Add functional units and new divisions from a CSV file.

    Columns: parent_code, name; optional code, kind (NORMAL or FUNCTIONAL), valid_from. A row without a code gets the next
    reserved code under its parent. Rows that are there already change nothing.
    """
    content = file.read_bytes()

    async def run() -> FileImport:
        async with open_installation(Settings()) as installation, installation.database.system() as session:
            return await import_tenants(session, content, _order(None, reason), keep_good=keep_good)

    return print_import(asyncio.run(run()), "tenants")


@tenant.command()
@click.argument("code", type=TENANT_CODE)
def show(code: int) -> None:
    """Show a tenant: what it is, what stands under it, and its history under all its codes."""

    async def run() -> tuple[Tenant, list[Tenant], list[HistoryEntry]]:
        async with open_installation(Settings()) as installation, installation.database.system() as session:
            found = await find_tenant(session, code)
            if found is None:
                raise NotFound(f"there is no tenant {code}", f"没有代码为{code}的租户")
            register = await read_register(session, shard_number(code))
            return found, list(register.children(code)), await tenant_history(session, code)

    found, children, history = asyncio.run(run())
    until = f", until {found.valid_to}, then {found.successor_code or 'nobody'}" if found.valid_to else ""
    click.echo(f"{found.code} {found.full_name_zh} ({found.level.zh}, {found.kind.zh}){until}")
    for child in sorted(children, key=lambda one: one.code):
        click.echo(f"  {child.code} {child.name_zh}")
    click.echo("history:")
    for entry in history:
        span = f"{entry.valid_from or 'always'} to {entry.valid_to or 'now'}"
        click.echo(f"  {entry.code} {entry.name_zh} in {entry.parent_name_zh or '-'}: {span}")


@tenant.command()
@click.argument("code", type=TENANT_CODE)
@click.argument("name")
@_ordering
def rename(code: int, name: str, reason: str, on_day: date | None, *, dry_run: bool) -> None:
    """Give a tenant another name. Its code and its data stay."""
    _carry_out(lambda session, order: changes.rename(session, code, name, order), _order(on_day, reason), dry_run)


@tenant.command()
@click.argument("code", type=TENANT_CODE)
@click.argument("to", type=TENANT_CODE)
@click.option(
    "--new-code", type=TENANT_CODE, help="Its official new code; default: its last digits, or a reserved code."
)
@_ordering
def move(code: int, to: int, new_code: int | None, reason: str, on_day: date | None, *, dry_run: bool) -> None:
    """Move a town or street, with all its data, to another district of its city."""
    _carry_out(
        lambda session, order: changes.move(session, code, to, order, new_code=new_code),
        _order(on_day, reason),
        dry_run,
    )


@tenant.command()
@click.argument("sources", type=TENANT_CODE, nargs=-1, required=True)
@click.option(
    "--into", type=TENANT_CODE, required=True, help="The tenant that takes their place: a new code, or one that stays."
)
@click.option("--name", help="Its name; needed for a new one.")
@click.option("--town", "towns", type=CODE_PAIR, multiple=True, help="A town that goes elsewhere: 440112001=440106.")
@click.option("--new-code", "new_codes", type=CODE_PAIR, multiple=True, help="A town's official new code: old=new.")
@_ordering
def merge(  # one parameter an option
    sources: tuple[int, ...],
    into: int,
    name: str | None,
    towns: tuple[tuple[int, int], ...],
    new_codes: tuple[tuple[int, int], ...],
    reason: str,
    on_day: date | None,
    *,
    dry_run: bool,
) -> None:
    """Merge districts, or towns, with all their data, into one."""
    _carry_out(
        lambda session, order: changes.merge(
            session, sources, into, order, name=name, towns_to=dict(towns), new_codes=dict(new_codes)
        ),
        _order(on_day, reason),
        dry_run,
    )


def _carry_out(change: Change, order: Order, dry_run: bool) -> None:
    changed = asyncio.run(_changed(change, order, dry_run=dry_run))
    for old, new in changed.plan.recode.items():
        click.echo(f"{TenantCode(old).division_code} -> {TenantCode(new).division_code}")
    for opened in changed.plan.opened:
        click.echo(f"{opened.code} {opened.name_zh} from {opened.valid_from}")
    for table, count in sorted(changed.recoded.items()):
        click.echo(f"  {count} rows of {table}")
    click.echo("dry run: nothing was changed" if dry_run else f"done, change {changed.change_id}")


async def _changed(change: Change, order: Order, *, dry_run: bool) -> Changed:
    try:
        async with open_installation(Settings()) as installation, installation.database.system() as session:
            return _kept(await change(session, order), dry_run=dry_run)
    except _DryRun as dry:
        return dry.changed


def _kept(changed: Changed, *, dry_run: bool) -> Changed:
    """The change; raises in a dry run, which rolls it back."""
    if dry_run:
        raise _DryRun(changed)
    return changed
