"""Row by row: what can be judged without other rows of the files or of the database.

`validate` takes the blocks of one file and gives batches: bytes for COPY, the findings, and what a later judgement
over all rows needs to know about rejected cases. A row is landed (staged) unless a finding of it is rejected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from core.imports.clean import LONGEST_LINE, Test, clean_test
from core.imports.columns import ImportFile
from core.imports.kinds import FaultKind, Finding
from core.imports.layout import Layout
from core.imports.reference import Agency, Reference
from core.imports.row import Judged
from core.imports.rows import PlainBlock, Record, is_odd
from core.imports.sources import OpenedFile
from core.imports.thorough import Examiner


class RejectedCase(NamedTuple):
    """A row of the cases file that is not staged, for what depends on it and for who bears its number later.

    The number (its key in five parts) is what the row claims; None where nothing can be read of it. `binding` is False
    where the number contradicts its own row: then it is most likely another case's, which may still come.
    """

    line: int
    case_id: str | None
    binding: bool
    number_year: int | None = None
    number_court: str | None = None
    number_special: str | None = None
    number_type: str | None = None
    number_serial: int | None = None


@dataclass(slots=True)
class Batch:
    """Some rows of one file, judged.

    `copy` is for `COPY staging (STAGING columns) FROM STDIN (FORMAT csv)` in UTF-8, where an unquoted empty field is
    NULL; it holds `staged` of the `read` rows. `agencies` are those that the file of agencies brings, `rejected_agencies`
    the lines of its rejected rows by their ids.
    `size` is the number of bytes of the file that it took, for a progress bar.
    """

    copy: bytes = b""
    staged: int = 0
    read: int = 0
    size: int = 0
    findings: list[Finding] = field(default_factory=list)
    rejected_cases: list[RejectedCase] = field(default_factory=list)
    agencies: dict[str, Agency] = field(default_factory=dict)
    rejected_agencies: dict[str, int] = field(default_factory=dict)


def validate(opened: OpenedFile, reference: Reference) -> Iterator[Batch]:
    """Judge the rows of an opened file one block at a time; nothing at all if the file as a whole is refused."""
    judge = _RowJudge(opened.file, reference, opened.layout)
    for block in opened.blocks():
        yield judge.plain(block) if isinstance(block, PlainBlock) else judge.records(block.records, block.size)


class _RowJudge:
    def __init__(self, file: ImportFile, reference: Reference, layout: Layout) -> None:
        self._file = file
        self._layout = layout
        self._test: Test = clean_test(file, reference) or (lambda _: None)
        self._examiner = Examiner(file, reference)
        self._agency_lines: dict[str, int] = {}

    def plain(self, block: PlainBlock) -> Batch:
        """Judge lines without quotation marks: the hot loop, about a microsecond a clean row."""
        if self._layout.order is not None:
            fields = [Record(number, line.split(",")) for number, line in enumerate(block.lines, block.first)]
            return self.records(fields, block.size)
        batch = Batch(size=block.size, read=len(block.lines))
        test, odd = self._test, block.odd
        out: list[str] = []
        for number, line in enumerate(block.lines, block.first):
            row = line.split(",")
            derived = test(row) if len(line) <= LONGEST_LINE and not (odd and is_odd(line)) else None
            if derived is None:
                self._examine(Record(number, row), batch, out)
            else:
                out.append(f"{number},{line}{derived}\n")
        return _sealed(batch, out)

    def records(self, records: list[Record], size: int) -> Batch:
        """Judge records that did not come as plain lines."""
        batch = Batch(size=size, read=len(records))
        out: list[str] = []
        for record in records:
            self._examine(self._layout.arrange(record), batch, out)
        return _sealed(batch, out)

    def _examine(self, record: Record, batch: Batch, out: list[str]) -> None:
        judged = self._examiner.examine(record)
        if judged is None:
            batch.read -= 1
            return
        if self._file is ImportFile.AGENCIES and not judged.rejected:
            self._register_agency(record.line, judged, batch)
        batch.findings += judged.findings
        if not judged.rejected:
            out.append(_csv_line([str(record.line), *judged.values, *judged.derived]))
        elif self._file is ImportFile.CASES:
            binding = all(finding.kind is not FaultKind.CASE_NUMBER_CONTRADICTS for finding in judged.findings)
            claim = judged.claim.key if judged.claim else ()
            case_id = judged.values[0] if judged.values else None
            batch.rejected_cases.append(RejectedCase(record.line, case_id, binding, *claim))
        elif self._file is ImportFile.AGENCIES and judged.values and (key := judged.values[0]):
            batch.rejected_agencies.setdefault(key, record.line)

    def _register_agency(self, line: int, judged: Judged, batch: Batch) -> None:
        key, name, code = judged.values[0] or "", judged.values[1] or "", judged.derived[0] or ""
        first = self._agency_lines.setdefault(key, line)
        if first == line:
            batch.agencies[key] = Agency(name, int(code))
            return
        judged.findings.append(
            Finding(self._file.value, line, "agency_id", FaultKind.DUPLICATE_ID, key, None, self._file.value, first)
        )
        judged.rejected = True


def _sealed(batch: Batch, out: list[str]) -> Batch:
    batch.staged = len(out)
    batch.copy = "".join(out).encode()
    return batch


def _csv_line(values: Iterable[str | None]) -> str:
    # COPY reads an unquoted empty field as NULL; the csv module quotes what needs it.
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
