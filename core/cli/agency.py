"""`yingsu agency`: the agencies of a tenant."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from core.cli.arguments import TENANT_CODE, operator
from core.cli.reporting import print_import
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation
from core.errors import NotFound
from core.tenancy.acts.changes import Order
from core.tenancy.acts.import_agencies import import_agencies
from core.tenancy.acts.row_file import FileImport
from core.tenancy.records import find_tenant


@click.group()
def agency() -> None:
    """Agencies (行政机关) that answer cases."""


@agency.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--tenant", "code", type=TENANT_CODE, required=True, help="The tenant whose range the agencies must be in."
)
@click.option("--update", is_flag=True, help="Change agencies that are known to what the file says.")
@click.option("--keep-good", is_flag=True, help="Import the good rows even if others are rejected.")
@click.option("--reason", default="import", show_default=True, help="Why; kept in the audit trail.")
def import_file(file: Path, code: int, reason: str, *, update: bool, keep_good: bool) -> int:
    """Import agencies from a CSV file: agency_id, name, level, tenant_code, category; optional short_name.

    Prints each fault with its line. Nothing is imported if a row is rejected, unless --keep-good. A second run changes nothing.
    """
    content, clock = file.read_bytes(), SystemClock()
    order = Order(clock.today(), reason, operator(), clock.now())

    async def run() -> FileImport:
        async with open_installation(Settings()) as installation, installation.database.system() as session:
            tenant = await find_tenant(session, code)
            if tenant is None:
                raise NotFound(f"there is no tenant {code}", f"没有代码为{code}的租户")
            return await import_agencies(session, content, tenant, order, update=update, keep_good=keep_good)

    return print_import(asyncio.run(run()), "agencies")
