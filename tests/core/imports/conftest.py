"""What the tests of the import share: the samples, what rows are judged against, a database to land in, rows to land."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from core.calendar.calendar_file import shipped_calendar
from core.db.engine import make_engine
from core.db.session import Database
from core.imports.kinds import Finding
from core.imports.landing import ImportResult
from core.imports.reference import Reference
from core.imports.sources import find_sources, open_source
from core.imports.validate import Batch, validate
from core.installation.seed import seed_reference
from core.reference.readers import read_causes
from tests.conftest import _administer as administer
from tests.conftest import on
from tests.core.imports.landing_support import SAMPLES, STARTED, Landing, landing_on


@dataclass
class Outcome:
    batches: dict[str, list[Batch]]
    findings: list[Finding]

    def lines(self, file: str) -> list[str]:
        return b"".join(batch.copy for batch in self.batches[file]).decode().splitlines()

    def staged(self, file: str) -> int:
        return sum(batch.staged for batch in self.batches[file])

    def read(self, file: str) -> int:
        return sum(batch.read for batch in self.batches[file])


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def reference() -> Reference:
    """Guangzhou on the day after the samples end, without agencies: these come with the files."""
    causes = {cause.code: cause.name_zh for cause in read_causes()}
    return Reference(440_100_000, 440_200_000, date(2026, 11, 1), shipped_calendar().is_workday, causes)


@pytest.fixture(scope="session")
def full_reference(reference: Reference) -> Reference:
    """The same, with the agencies of the samples."""
    source = find_sources(SAMPLES / "clean").files[0]
    agencies = {}
    for batch in validate(open_source(source), reference):
        agencies |= batch.agencies
    return replace(reference, agencies=agencies)


@pytest.fixture(scope="session")
def judge(reference: Reference) -> Callable[..., Outcome]:
    """Run a directory through the whole of the pure half of an import."""

    def run(directory: Path, against: Reference = reference) -> Outcome:
        outcome = Outcome({}, [])
        for source in find_sources(directory).files:
            opened = open_source(source)
            batches = list(validate(opened, against))
            for batch in batches:
                against = replace(against, agencies={**against.agencies, **batch.agencies})
            outcome.batches[source.file.value] = batches
            outcome.findings += opened.findings
            outcome.findings += [finding for batch in batches for finding in batch.findings]
        return outcome

    return run


@pytest.fixture(scope="session")
async def seeded(server_url: str, template: str) -> AsyncIterator[str]:
    """A migrated database with all reference data, that others are copied from."""
    name = f"seeded_{uuid4().hex[:12]}"
    await administer(server_url, f"create database {name} template {template}")
    database = Database(make_engine(on(server_url, name), pool_size=1))
    async with database.system() as session:
        await seed_reference(session, STARTED)
    await database.dispose()
    yield name
    await administer(server_url, f"drop database {name} with (force)")


@pytest.fixture
async def landing(server_url: str, seeded: str, tmp_path: Path) -> AsyncIterator[Landing]:
    """An empty installation for one test."""
    async with landing_on(server_url, seeded, tmp_path) as landing:
        yield landing


@pytest.fixture(scope="module")
async def landed(
    server_url: str, seeded: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Landing, ImportResult]]:
    """The clean sample, landed once for the tests of a module that only look."""
    async with landing_on(server_url, seeded, tmp_path_factory.mktemp("landed")) as landing:
        yield landing, await landing.run(SAMPLES / "clean")
