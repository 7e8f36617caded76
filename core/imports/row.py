"""A row while it is judged: its cells as read, its values so far, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.cases.case_number import CaseNumber
from core.imports.columns import COLUMNS, ImportFile
from core.imports.fates import RULES, Fate
from core.imports.kinds import FaultKind, Finding, clip

PLACES = {file: {column.name: place for place, column in enumerate(columns)} for file, columns in COLUMNS.items()}
"""Where each column stands in its file."""


@dataclass(slots=True)
class Judged:
    """A row after judgement: a value for each column, the derived columns, what was found.

    `claim` is the case number that the row means to bear, even where it is refused.
    """

    values: list[str | None]
    derived: list[str | None] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rejected: bool = False
    claim: CaseNumber | None = None


class Row:
    """A row while it is judged: its texts, the values found so far, and where findings go."""

    def __init__(self, file: ImportFile, line: int, fields: list[str], shown: list[str], judged: Judged) -> None:
        self._columns = COLUMNS[file]
        self._places = PLACES[file]
        self._file, self._line, self._fields, self._shown = file.value, line, fields, shown
        self.judged = judged

    def text(self, column: str) -> str:
        """The cell as read."""
        return self._fields[self._places[column]]

    def value(self, column: str) -> str | None:
        """The cell's value after mending."""
        return self.judged.values[self._places[column]]

    def set(self, column: str, value: str) -> None:
        """Use another value."""
        self.judged.values[self._places[column]] = value

    def choices(self, column: str) -> tuple[str, ...]:
        """The listed values of a column."""
        return self._columns[self._places[column]].choices

    def find(self, column: str, kind: FaultKind, value: str | None = None) -> None:
        """Report a fault of a cell."""
        refused = RULES[kind].fate is Fate.REJECTED
        text = clip(self._shown[self._places[column]])
        self.judged.findings.append(Finding(self._file, self._line, column, kind, text, None if refused else value))
        self.judged.rejected = self.judged.rejected or refused

    def hangs_on(self, column: str, file: ImportFile, line: int) -> None:
        """Refuse the row because the row that the cell names was refused."""
        text = clip(self._shown[self._places[column]])
        self.judged.findings.append(
            Finding(self._file, self._line, column, FaultKind.PARENT_REJECTED, text, None, file.value, line)
        )
        self.judged.rejected = True

    def in_order(self, earlier: str, later: str) -> None:
        """Warn if the second day is before the first."""
        first, second = self.value(earlier), self.value(later)
        if first and second and second < first:
            self.find(later, FaultKind.DATE_ORDER, second)
