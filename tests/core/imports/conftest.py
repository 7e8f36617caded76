"""What the tests of the import share: the samples, and what rows are judged against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from core.calendar.calendar_file import shipped_calendar
from core.imports.kinds import Finding
from core.imports.reference import Reference
from core.imports.sources import find_sources, open_source
from core.imports.validate import Batch, validate
from core.reference.readers import read_causes

SAMPLES = Path(__file__).parents[2] / "data" / "import"


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
