"""How a file's header maps to the columns: by English name or Chinese title, in any order."""

from __future__ import annotations

from dataclasses import dataclass

from core.imports.columns import COLUMNS, ImportFile, Presence
from core.imports.kinds import FaultKind, Finding, clip
from core.imports.rows import Record

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column of the format stands in the file's rows.

    `order` is None if the header is exactly that of the format, which is the quick case; otherwise it holds a place
    for each column, `NOWHERE` for one that the file does not have. `width` is the number of the header's columns.
    """

    width: int
    order: tuple[int, ...] | None

    def arrange(self, record: Record) -> Record:
        """Bring a record into the order of the format; one with too few or too many fields is a fault."""
        if self.order is None or record.fault is not None:
            return record
        fields, shown = record.fields, record.shown
        if not any(map(str.strip, fields)):
            return record
        if len(fields) < self.width or any(map(str.strip, fields[self.width :])):
            return record._replace(fault=FaultKind.COLUMN_COUNT)
        return record._replace(fields=self._pick(fields), shown=None if shown is None else self._pick(shown))

    def _pick(self, fields: list[str]) -> list[str]:
        return [fields[place] if place != NOWHERE else "" for place in self.order or ()]


def read_layout(file: ImportFile, header: list[str]) -> tuple[Layout, list[Finding]]:
    """Map a header to the columns, with what is wrong with it: missing, doubled or unknown columns."""
    columns = COLUMNS[file]
    names = {column.zh: column.name for column in columns} | {column.name: column.name for column in columns}
    places: dict[str, int] = {}
    findings: list[Finding] = []
    for place, title in enumerate(header):
        name = names.get(title)
        if name is None:
            if title:
                findings.append(Finding(file.value, 1, clip(title), FaultKind.UNKNOWN_COLUMN, clip(title)))
        elif name in places:
            findings.append(Finding(file.value, 1, name, FaultKind.DUPLICATE_COLUMN, clip(title)))
        else:
            places[name] = place
    findings += [
        Finding(file.value, 1, column.name, FaultKind.MISSING_COLUMN, clip(",".join(header)))
        for column in columns
        if column.presence is Presence.REQUIRED and column.name not in places
    ]
    order = tuple(places.get(column.name, NOWHERE) for column in columns)
    exact = order == tuple(range(len(columns))) and len(header) == len(columns)
    return Layout(len(header), None if exact else order), findings
