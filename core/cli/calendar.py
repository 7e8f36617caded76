"""`yingsu calendar`: the working-day calendar."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from core.calendar.acts import CalendarImport, YearOutcome, import_calendar
from core.calendar.calendar_file import read_calendar_file
from core.calendar.working_days import YearStatus
from core.cli.arguments import operator
from core.cli.failures import REFUSED
from core.clock import SystemClock
from core.config import Settings
from core.connection import open_installation


@click.group()
def calendar() -> None:
    """Working days (工作日历)."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--status",
    type=click.Choice([YearStatus.OFFICIAL.value, YearStatus.PROVISIONAL.value]),
    help="Take all years of the file as this, whatever its column says.",
)
@click.option("--source", help="Where the days come from, e.g. the notice's number; default: the file's name.")
def import_file(file: Path, status: str | None, source: str | None) -> int:
    """Load whole years of working days from a CSV file, and reckon anew every open period that rested on other ones.

    Columns: date, is_workday, kind, status; optional holiday. An official year is never replaced by a provisional one (exit
    code 1). The same file again changes nothing.
    """
    days = read_calendar_file(file.read_bytes())
    if status is not None:
        days = tuple(replace(day, status=YearStatus(status)) for day in days)

    async def run() -> CalendarImport:
        async with open_installation(Settings()) as installation, installation.database.system() as session:
            return await import_calendar(session, days, source or file.name, SystemClock().now(), by=operator())

    result = asyncio.run(run())
    for year in result.years:
        click.echo(f"{year.year} {year.status}: {year.outcome.en}（{year.outcome.zh}）, version {year.version}")
    counts = result.recalculated
    click.echo(
        f"{counts.moved} periods have another last day, {counts.confirmed} were confirmed,"
        f" {counts.suggestions} suggestions follow"
    )
    return REFUSED if any(year.outcome is YearOutcome.OFFICIAL_STANDS for year in result.years) else 0
