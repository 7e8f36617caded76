"""What an import is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from core.calendar import WorkingCalendar
from core.imports.columns import ImportFile
from core.imports.report import ExitCode, FileTally

Progress = Callable[[str, int, int], None]
"""Told what is done, as (step, done, of): a file's name with bytes read, or `judge`, `land`, `report`, `committed`, `done`.

`of` is 1 at the beginning of a step that cannot be measured, or not yet.
"""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import: a directory, for a tenant, under the name of a source; on which day, with which calendar.

    `source` names where the ids of the files come from: the same id of the same source is the same row, for ever.
    """

    directory: Path
    tenant_code: int
    report_directory: Path
    now: datetime
    today: date
    calendar: WorkingCalendar
    actor: str
    source: str = "cases"
    dry_run: bool = False


@dataclass(slots=True)
class ImportResult:
    """How it went: counts by file, files of the directory that were left alone, and the exit code."""

    tallies: dict[ImportFile, FileTally] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    exit_code: ExitCode = ExitCode.ALL_LANDED

    @property
    def added(self) -> int:
        """Rows that are new in the database."""
        return sum(tally.added for tally in self.tallies.values())

    @property
    def unchanged(self) -> int:
        """Good rows that were there already."""
        return sum(tally.landed - tally.added for tally in self.tallies.values())
