"""Finding and opening the files of an import: `cases.csv`, `cases.xlsx`, or the sheet `cases` (案件) of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from core.errors import BadUserInput
from core.imports.columns import ImportFile
from core.imports.encoding import GB18030, detect_encoding
from core.imports.fates import RULES, Fate
from core.imports.kinds import FaultKind, Finding
from core.imports.layout import Layout, read_layout
from core.imports.rows import Block, Record, RecordBlock, read_csv, read_header
from core.imports.workbook import UNREADABLE, read_sheet, sheet_names


class Format(Enum):
    """How a source is written."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of one kind of file are: a CSV file, or a sheet of a workbook. `size` in bytes."""

    file: ImportFile
    path: Path
    format: Format
    size: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a directory holds for an import, in the order in which it must be read, and what was left alone."""

    files: tuple[Source, ...]
    ignored: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all sources, for a progress bar."""
        return sum(source.size for source in self.files)


def find_sources(directory: Path) -> Sources:
    """Look for the files of an import in a directory.

    Raises `BadUserInput` if there is no such directory, nothing to import, or two sources of one kind of file.
    """
    if not directory.is_dir():
        raise BadUserInput(f"{directory} is no directory", f"{directory} 不是目录")
    found: dict[ImportFile, Source] = {}
    ignored: list[str] = []
    for path in sorted(directory.iterdir()):
        if not path.is_file() or path.name.startswith(("~$", ".")):
            continue
        sources = _sources_of(path)
        if not sources:
            ignored.append(path.name)
        for source in sources:
            other = found.setdefault(source.file, source)
            if other is not source:
                raise BadUserInput(
                    f"{source.file.value} is found twice: in {other.path.name} and {path.name}",
                    f"{source.file.zh}表有两份:{other.path.name} 与 {path.name}",
                )
    if not found:
        names = ", ".join(f"{file.value}.csv" for file in ImportFile)
        raise BadUserInput(f"{directory} holds none of {names}, nor a workbook", f"{directory} 中没有可导入的文件")
    return Sources(tuple(found[file] for file in ImportFile if file in found), tuple(ignored))


def _sources_of(path: Path) -> list[Source]:
    suffix, size = path.suffix.lower(), path.stat().st_size
    names = {file.value: file for file in ImportFile} | {file.zh: file for file in ImportFile}
    own = names.get(path.stem.lower())
    if suffix == ".csv":
        return [Source(own, path, Format.CSV, size)] if own else []
    if suffix != ".xlsx":
        return []
    try:
        sheets = sheet_names(path)
    except UNREADABLE:
        # Named as one of ours it is reported when opened; any other broken workbook is none of ours.
        return [Source(own, path, Format.XLSX, size)] if own else []
    named = [Source(names[sheet], path, Format.XLSX, size, sheet) for sheet in sheets if sheet in names]
    if own:
        return [source for source in named if source.file is own] or [Source(own, path, Format.XLSX, size, sheets[0])]
    return named


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A source whose encoding and header have been read: what was found so far, and the rows to come.

    `refused`: no row of it can be used; `findings` then say why.
    """

    file: ImportFile
    source: Source
    layout: Layout
    findings: tuple[Finding, ...]
    encoding: str
    refused: bool
    _blocks: Iterator[Block]

    def blocks(self) -> Iterator[Block]:
        """Give the rows after the header, once; none of a refused file."""
        return iter(()) if self.refused else self._blocks


def open_source(source: Source) -> OpenedFile:
    """Read a source's encoding and header. Never raises for what is in the file; `OSError` if it cannot be read."""
    return _open_csv(source) if source.format is Format.CSV else _open_sheet(source)


def _opened(
    source: Source, header: list[str], findings: list[Finding], encoding: str, blocks: Iterator[Block]
) -> OpenedFile:
    file = source.file
    layout = Layout(0, ())
    if not any(header):
        findings.append(Finding(file.value, 1, "", FaultKind.EMPTY_FILE, ""))
    else:
        layout, faults = read_layout(file, header)
        findings += faults
    refused = any(RULES[finding.kind].fate is Fate.REJECTED for finding in findings)
    return OpenedFile(file, source, layout, tuple(findings), encoding, refused, blocks)


def _unreadable(source: Source, encoding: str, text: str) -> OpenedFile:
    finding = Finding(source.file.value, 0, "", FaultKind.UNREADABLE_FILE, text)
    return OpenedFile(source.file, source, Layout(0, ()), (finding,), encoding, refused=True, _blocks=iter(()))


def _open_csv(source: Source) -> OpenedFile:
    encoding = detect_encoding(source.path)
    if not encoding.readable:
        return _unreadable(source, encoding.codec, encoding.codec)
    findings: list[Finding] = []
    name = source.file.value
    if encoding.codec == GB18030:
        findings.append(Finding(name, 0, "", FaultKind.ENCODING, GB18030, "utf-8"))
    if encoding.bom or encoding.crlf:
        written = " ".join(["utf-8 BOM"] * encoding.bom + ["CRLF"] * encoding.crlf)
        findings.append(Finding(name, 0, "", FaultKind.BOM_CRLF, written, "utf-8 LF"))
    try:
        header = read_header(source.path, encoding)
    except ValueError:
        return _unreadable(source, encoding.codec, "header")
    return _opened(source, header, findings, encoding.codec, read_csv(source.path, encoding))


def _open_sheet(source: Source) -> OpenedFile:
    rows = read_sheet(source.path, source.sheet)
    try:
        first = next(rows, None)
    except UNREADABLE as error:
        return _unreadable(source, Format.XLSX.value, type(error).__name__)
    records = first.records if first else []
    header = [title.strip() for title in records[0].fields] if records else []
    while header and not header[-1]:
        header.pop()
    return _opened(source, header, [], Format.XLSX.value, _sheet_blocks(source, records[1:], rows))


def _sheet_blocks(source: Source, head: list[Record], rows: Iterator[RecordBlock]) -> Iterator[Block]:
    """Give the rows of a sheet; where the workbook breaks off, a record that says so, never an early end in silence."""
    yield RecordBlock(head, source.size)
    line = head[-1].line if head else 1
    try:
        for block in rows:
            line = block.records[-1].line
            yield block
    except UNREADABLE as error:
        broken = Record(line + 1, [type(error).__name__], fault=FaultKind.UNREADABLE_FILE)
        yield RecordBlock([broken], 0)
