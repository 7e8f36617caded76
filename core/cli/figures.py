"""`yingsu figures`: the kept figures of cases (案件统计)."""

from __future__ import annotations

import asyncio

import click

from core.cli.arguments import TENANT_CODE
from core.config import Settings
from core.connection import open_installation
from core.tallies.records import rebuild, wrong_cells
from core.tenancy.records import shard_number


@click.group()
def figures() -> None:
    """Figures of cases (案件统计), which the database keeps as cases change."""


@figures.command("rebuild")
@click.option("--tenant", "code", type=TENANT_CODE, required=True, help="The city; any tenant in it names it.")
def rebuild_command(code: int) -> int:
    """Count the responses of a city anew, and write down its figures.

    They cannot go wrong by themselves: this is for after a restore of single tables, or work on them by hand, when
    `yingsu doctor` says that figures are wrong. Who changes a response of the city meanwhile waits.
    """

    async def run() -> tuple[int, int]:
        async with open_installation(Settings()) as installation, installation.database.system() as session:
            shard = shard_number(code)
            return await wrong_cells(session, shard), await rebuild(session, shard)

    wrong, cells = asyncio.run(run())
    click.echo(f"{wrong} figures were wrong; {cells} are written")
    return 0
