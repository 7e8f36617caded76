"""The report of an import: `report.csv` for people (opens in Excel), `summary.json` for machines, and the exit code.

`report.csv` has one line per finding, in the order given, and repeats the row's fate on each of them, so that a filter
on one column shows what did not land. Both files are written under a temporary name and put in place when complete.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import orjson

from core.imports.columns import COLUMNS, ImportFile
from core.imports.fates import RULES, Fate
from core.imports.kinds import Finding

REPORT_NAME, SUMMARY_NAME = "report.csv", "summary.json"

HEADER = (
    "file", "line", "column", "column_zh", "row_fate", "row_fate_zh", "kind", "kind_zh", "fate", "text", "value",
    "reason_zh", "reason", "parent_file", "parent_line",
)  # fmt: skip

_TITLES = {(file.value, column.name): column.zh for file, columns in COLUMNS.items() for column in columns}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ExitCode(IntEnum):
    """What `yingsu cases import` ends with."""

    ALL_LANDED = 0
    """Every row landed; some may have been normalised or warned about."""
    SOME_REJECTED = 1
    """At least one row (or a whole file) did not land; the others did, and the report names it."""
    NOTHING_DONE = 2
    """The call was wrong, or no row landed although there were some: nothing was changed."""


@dataclass(slots=True)
class FileTally:
    """Counts of one file. `landed` includes the normalised, the warned, and what was there already; `added` is new.

    `refused`: nothing of the file could be read.
    """

    source: str
    encoding: str
    read: int = 0
    landed: int = 0
    added: int = 0
    normalised: int = 0
    warned: int = 0
    rejected: int = 0
    refused: bool = False
    kinds: Counter[str] = field(default_factory=Counter)

    def count(self, fate: Fate) -> None:
        """Count one reported row; rows without findings only show in `read` and `landed`."""
        match fate:
            case Fate.NORMALISED:
                self.normalised += 1
            case Fate.WARNED:
                self.warned += 1
            case Fate.REJECTED:
                self.rejected += 1

    def as_json(self) -> dict[str, object]:
        """Give the counts as plain data."""
        return {
            "source": self.source,
            "encoding": self.encoding,
            "read": self.read,
            "landed": self.landed,
            "added": self.added,
            "normalised": self.normalised,
            "warned": self.warned,
            "rejected": self.rejected,
            "refused": self.refused,
            "findings": dict(sorted(self.kinds.items())),
        }


def exit_code(tallies: dict[ImportFile, FileTally]) -> ExitCode:
    """Tell the exit code from the counts; an import of empty files has nothing to reject."""
    rejected = any(tally.rejected or tally.refused for tally in tallies.values())
    if not rejected:
        return ExitCode.ALL_LANDED
    return ExitCode.SOME_REJECTED if any(tally.landed for tally in tallies.values()) else ExitCode.NOTHING_DONE


class ReportWriter:
    """Writes the report as findings come, in constant memory. Use as a context; an exception leaves no report."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._mark = uuid4().hex
        self._partial = directory / f".{REPORT_NAME}.{self._mark}"
        # The mark tells Excel that the file is UTF-8.
        self._file = self._partial.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(HEADER)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the report in place, or remove what was begun."""
        self._file.close()
        if kind is None:
            self._partial.replace(self._directory / REPORT_NAME)
        else:
            self._partial.unlink(missing_ok=True)

    def write(self, finding: Finding, row_fate: Fate) -> None:
        """Write one finding; `row_fate` is the worst fate of all findings of its row."""
        rule = RULES[finding.kind]
        self._writer.writerow(
            (
                finding.file,
                finding.line,
                finding.column,
                _TITLES.get((finding.file, finding.column), ""),
                row_fate.value,
                row_fate.zh,
                finding.kind.value,
                finding.kind.zh,
                rule.fate.value,
                harmless(finding.text),
                harmless(finding.value or ""),
                rule.reason_zh,
                rule.reason,
                finding.parent_file or "",
                finding.parent_line or "",
            )
        )

    def write_summary(self, tallies: dict[ImportFile, FileTally], *, dry_run: bool) -> None:
        """Write `summary.json`."""
        summary = {
            "dryRun": dry_run,
            "exitCode": int(exit_code(tallies)),
            "files": {file.value: tally.as_json() for file, tally in tallies.items()},
        }
        partial = self._directory / f".{SUMMARY_NAME}.{self._mark}"
        partial.write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
        partial.replace(self._directory / SUMMARY_NAME)


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a cell as a formula: such a text gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text
