"""Lands the demonstration in an installation: cases by the importer, people, and their tokens in `DIR/dev/`."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from core.calendar import WorkingCalendar
from core.clock import Clock
from core.db.session import Database
from core.demo.files import DemoRequest, write_demo
from core.demo.people import install_people, people_of, tokens
from core.identity.development_issuer import DevelopmentIssuer
from core.imports.landing import ImportRequest, Progress, import_directory

GUANGZHOU, SHENZHEN = "4401", "4403"
TOKEN_LIFETIME = timedelta(days=30)


def shares(cases: int) -> dict[str, int]:
    """How many of the cases each city gets: one in ten is Shenzhen's, and at least one."""
    other = max(1, cases // 10)
    return {GUANGZHOU: max(1, cases - other), SHENZHEN: other}


async def install_demo(
    database: Database, calendar: WorkingCalendar, clock: Clock, cases: int, seed: int, progress: Progress
) -> None:
    """Write, import and people; a second time changes nothing, since every row is keyed."""
    today = clock.today()
    for city, share in shares(cases).items():
        with tempfile.TemporaryDirectory(prefix="yingsu-demo-") as folder:
            files = Path(folder) / "files"
            write_demo(files, DemoRequest(city, share, seed, today), calendar)
            request = ImportRequest(
                directory=files,
                tenant_code=int(city) * 100000,
                report_directory=Path(folder) / "report",
                now=clock.now(),
                today=today,
                calendar=calendar,
                actor="yingsu dev",
                source=f"demo-{seed}-{cases}",
            )
            await import_directory(database, request, progress)


async def install_tokens(database: Database, issuer: DevelopmentIssuer, clock: Clock) -> Path:
    """Give the people of the demonstration their places and tokens; answers where `tokens.json` lies."""
    async with database.system() as session:
        people = await people_of(session)
        await install_people(session, people, clock.now())
    return issuer.write_tokens(tokens(issuer, people, clock.now(), TOKEN_LIFETIME))
