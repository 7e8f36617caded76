"""`yingsu dev`: everything on one machine, with demonstration cases and a development issuer."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import click
from sqlalchemy import func, select

from core.calendar.records import load_calendar
from core.cli.serve import configure_logging, serve_installation
from core.clock import process_clock
from core.config import Settings
from core.connection import Installation, open_installation
from core.demo.install import GUANGZHOU, install_demo, install_tokens
from core.demo.plugins import enable_built_in
from core.extension.registry import Registry
from core.identity.development_issuer import DevelopmentIssuer
from core.imports.tables import ImportRun
from core.installation.prepare import prepare_installation
from core.supervising import supervised


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of all data (YINGSU_DATA).")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--cases", type=click.IntRange(0, 1_000_000), default=0, help="Demonstration cases to make.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same cases.")
def dev(data: Path | None, port: int, cases: int, seed: int) -> None:
    """Run everything for development: database, migrations, reference data, demonstration cases, tokens, API, worker, scheduler.

    Prints a line that begins `ready ` when it answers; DIR/dev/tokens.json then holds one token a role.
    """
    given = {"data": data} if data is not None else {}
    settings = Settings().model_copy(update={**given, "port": port, "graphiql": True})
    if settings.public_url is None and port:
        settings = settings.model_copy(update={"public_url": f"http://{settings.host}:{port}"})
    configure_logging()
    asyncio.run(_dev(settings, cases, seed))


def _say(text: str) -> None:
    click.echo(text, err=True)


async def _dev(settings: Settings, cases: int, seed: int) -> None:
    clock = process_clock(settings.clock)
    _say(f"data in {settings.data}")
    async with open_installation(settings) as installation:
        registry = Registry.load()
        await prepare_installation(installation, registry, clock)
        _say("database migrated, reference data loaded")
        issuer = DevelopmentIssuer.open(settings.data / "dev")
        if cases and not await _has_demo(installation):
            async with installation.database.system() as session:
                calendar = await load_calendar(session)
            enabled = await enable_built_in(installation.database, registry, calendar, clock, GUANGZHOU)
            _say(f"enabled in the demonstration's city: {', '.join(enabled)}")
            await install_demo(installation.database, calendar, clock, cases, seed, _progress)
            _say(f"{cases} demonstration cases imported")
        if await _has_demo(installation):
            _say(f"tokens in {await install_tokens(installation.database, issuer, clock)}")
        commands = [("worker",), ("scheduler",), *([("relay",)] if settings.broker_url is not None else [])]
        environment = {**os.environ, "YINGSU_DATA": str(settings.data.absolute())}
        if settings.public_url is not None:  # links in messages lead to this server
            environment["YINGSU_PUBLIC_URL"] = settings.public_url
        async with supervised(commands, environment, settings.grace_seconds):
            await serve_installation(installation, settings, _announce)


def _announce(url: str) -> None:
    click.echo(f"ready {url}/graphql")
    sys.stdout.flush()


def _progress(step: str, done: int, of: int) -> None:
    if of == 1 and done == 0:
        _say(f"  {step}")


async def _has_demo(installation: Installation) -> bool:
    async with installation.database.system() as session:
        runs: int = await session.scalar(
            select(func.count()).select_from(ImportRun).where(ImportRun.source.like("demo-%"))
        )
    return runs > 0
