"""CSV files of tenants and agencies (行文件): read as text with their line numbers; what is wrong is told row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.errors import BadUserInput
from core.labels import Labelled

MOST_ROWS = 100_000


class FileUnreadable(BadUserInput):
    """文件无法读取: no row of it can be read at all."""


class Severity(Labelled):
    """严重程度."""

    REJECTED = "REJECTED", "未导入", "rejected"
    WARNING = "WARNING", "提示", "warning"


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One thing found in a row: where, the text as read, and what is wrong with it in two languages."""

    line: int
    column: str
    text: str
    message: str
    message_zh: str
    severity: Severity = Severity.REJECTED

    def __str__(self) -> str:
        return f"line {self.line}, {self.column} {self.text!r}: {self.message}（{self.message_zh}）"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: the line on which it ends (the header is line 1) and its cells, stripped, by column."""

    line: int
    cells: Mapping[str, str]

    def finding(self, column: str, message: str, message_zh: str, severity: Severity = Severity.REJECTED) -> RowFinding:
        """What is wrong with one of its cells."""
        return RowFinding(self.line, column, self.cells.get(column, ""), message, message_zh, severity)


@dataclass(frozen=True, slots=True)
class FileImport:
    """导入结果: how many rows were added, changed or found as they are, what was found, and whether anything was written.

    `landed` is False where rows were rejected and the rest was not wanted without them.
    """

    added: int
    changed: int
    unchanged: int
    findings: tuple[RowFinding, ...]
    landed: bool = True

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return len({finding.line for finding in self.findings if finding.severity is Severity.REJECTED})


def read_rows(content: bytes, required: Collection[str]) -> list[FileRow]:
    """The rows of a CSV file: UTF-8 (with or without BOM) or GB18030, with a header. Empty lines are left out.

    Raises `FileUnreadable`: no such encoding, a NUL, a missing column, broken quoting, more than `MOST_ROWS` rows.
    """
    reader = csv.DictReader(io.StringIO(_decoded(content), newline=""), restval="", strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        missing = [name for name in required if name not in header]
        if missing:
            raise FileUnreadable(
                f"the file lacks the column {', '.join(missing)}", f"文件缺少列：{'、'.join(missing)}", field="file"
            )
        reader.fieldnames = header
        rows = [
            FileRow(reader.line_num, {name: cell.strip() for name, cell in row.items() if isinstance(cell, str)})
            for row in reader
        ]
    except csv.Error as error:
        raise FileUnreadable(f"not a CSV file ({error})", "不是有效的CSV文件", field="file") from None
    if len(rows) > MOST_ROWS:
        raise FileUnreadable(f"more than {MOST_ROWS} rows", f"超过{MOST_ROWS}行", field="file")
    return [row for row in rows if any(row.cells.values())]


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise FileUnreadable("the file holds NUL bytes", "文件含有空字节", field="file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable("neither UTF-8 nor GB18030", "文件编码既非UTF-8也非GB18030", field="file")
