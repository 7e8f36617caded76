"""`yingsu doctor`: says whether an installation is as it should be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import click

from core.app import file_location
from core.cli.failures import REFUSED, failure_of
from core.clock import SystemClock
from core.config import Settings
from core.connection import Installation, open_installation
from core.extension.registry import Registry
from core.installation.checks import (
    Check,
    check_calendar,
    check_database,
    check_files,
    check_jobs,
    check_keys,
    check_python,
    check_reference,
    check_tallies,
)


@click.command()
def doctor() -> int:
    """Check Python, settings, database, roles, migrations, policies, reference data, calendar, figures, jobs, files and the issuer's keys.

    Changes nothing in the database. Prints a line for each; exit code 1 if anything is wrong.
    """
    checks = asyncio.run(_all_checks())
    width = max(len(check.name) for check in checks)
    for check in checks:
        click.echo(f"{'ok   ' if check.ok else 'WRONG'}  {check.name:<{width}}  {check.detail}")
    return 0 if all(check.ok for check in checks) else REFUSED


async def _all_checks() -> list[Check]:
    settings = Settings()
    checks = [check_python(), Check("settings", ok=True, detail=f"data in {settings.data}")]
    try:
        async with open_installation(settings) as installation:
            checks += [check async for check in _database_checks(installation)]
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        checks.append(Check("database", ok=False, detail=failure[0].splitlines()[0]))
    return [*checks, await check_files(file_location(settings)), await check_keys(settings)]


async def _database_checks(installation: Installation) -> AsyncIterator[Check]:
    sound = True
    branches = Registry.load().migration_branches()
    async for check in check_database(installation.addresses.admin_url, branches):
        sound = sound and (check.ok or check.name == "policies")
        yield check
    if sound:
        yield await check_reference(installation.database)
        yield await check_calendar(installation.database, SystemClock().today())
        yield await check_tallies(installation.database)
        yield await check_jobs(installation.database)
