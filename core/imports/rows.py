"""The row dialect: from physical lines to records of fields.

A block of lines without a quotation mark needs no CSV parser: every line is a record, and `str.split` cuts it. Such
blocks (`PlainBlock`) are passed on as lines. Anything else (quoted fields, fields over several lines, broken bytes,
huge lines, cells of a workbook) becomes `Record`s one by one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.imports.encoding import FileEncoding, Lines, read_lines
from core.imports.kinds import FaultKind

LONGEST_ROW = 100_000
"""Characters of a record; a longer one is refused unread."""

MOST_LINES = 100
"""Physical lines that one record may take before its opening quotation mark is taken for a mistake."""

LONGEST_HEADER = 1 << 16

_ODD = (
    "\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff\uff01-\uff07\uff0a\uff0b\uff0d-\uff19\uff20-\uff5e\ufff0-\uffff\ud800-\udfff"
)
ODD_CHARACTER = re.compile(f'["#*?<>|\\\\/{_ODD}]')
"""Characters whose presence sends a row to the slow, thorough path. Full-width （）,：； are ordinary text."""

STRAY_SPACE = re.compile(r"(?:^|[,\n]) | (?=[,\n]|$)|  ")
"""A space at the edge of a field, or two together."""


class Record(NamedTuple):
    """One record: its line, its fields, and, where bytes were broken, the fields as they can be shown.

    `fault` says that the record as a whole cannot be used; `fields` then holds its text in one piece.
    """

    line: int
    fields: list[str]
    shown: list[str] | None = None
    fault: FaultKind | None = None


class PlainBlock(NamedTuple):
    """Consecutive lines, each one record without quotation marks; `odd` if any may hold an odd character."""

    first: int
    lines: list[str]
    odd: bool
    size: int


class RecordBlock(NamedTuple):
    """Records read one by one, and the bytes of the file that they took."""

    records: list[Record]
    size: int


Block = PlainBlock | RecordBlock


def is_odd(text: str) -> bool:
    """Tell whether a line or block needs the thorough path."""
    return ODD_CHARACTER.search(text) is not None or (" " in text and STRAY_SPACE.search(text) is not None)


def read_header(path: Path, encoding: FileEncoding) -> list[str]:
    """Read the first line's fields, trimmed; empty if there is nothing. `ValueError` if it is no line of text."""
    with path.open("rb") as file:
        file.seek(_mark_length(encoding))
        raw = file.readline(LONGEST_HEADER)
    text = raw.decode(encoding.codec).strip("\r\n")
    try:
        return [name.strip() for name in next(csv.reader([text], strict=True), [])]
    except csv.Error as broken:
        raise ValueError(str(broken)) from broken


def read_csv(path: Path, encoding: FileEncoding) -> Iterator[Block]:
    """Read the records after the header, in order, in bounded memory, whatever the bytes."""
    with path.open("rb") as file:
        file.seek(_mark_length(encoding))
        file.readline()
        quoted = _Quoted()
        for block in read_lines(file, first=2):
            yield from _read_block(block, encoding.codec, quoted)
        if leftover := quoted.close():
            yield RecordBlock(leftover, 0)


def _mark_length(encoding: FileEncoding) -> int:
    return 3 if encoding.bom and encoding.readable else 0


def _read_block(block: Lines, codec: str, quoted: _Quoted) -> Iterator[Block]:
    try:
        text = block.data.decode(codec)
    except UnicodeDecodeError:
        lines, broken = _decode_lines(block.data, codec)
    else:
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        lines, broken = _split_lines(text), {}
        if not (block.cut or quoted.open) and '"' not in text:
            yield PlainBlock(block.first, lines, is_odd(text), block.size)
            return
    records: list[Record] = []
    for number, line in enumerate(lines, block.first):
        if (block.cut and number == block.first) or len(line) > LONGEST_ROW:
            records += quoted.close()
            records.append(Record(number, [line], fault=FaultKind.TOO_LONG))
        else:
            records += quoted.feed(number, line, broken.get(number - block.first))
    yield RecordBlock(records, block.size)


def _split_lines(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _decode_lines(data: bytes, codec: str) -> tuple[list[str], dict[int, str]]:
    """Decode line by line: the lines (a broken byte is U+FFFD), and the broken ones as they can be shown."""
    lines: list[str] = []
    broken: dict[int, str] = {}
    raw_lines = data.split(b"\n")
    if not raw_lines[-1]:
        raw_lines.pop()
    for index, ended in enumerate(raw_lines):
        raw = ended.removesuffix(b"\r")
        try:
            lines.append(raw.decode(codec))
        except UnicodeDecodeError:
            lines.append(raw.decode(codec, "replace"))
            broken[index] = raw.decode(codec, "backslashreplace")
    return lines, broken


class _Quoted:
    """Puts records together whose quoted fields run over several lines.

    A record ends on the first line at which its quotation marks are even and pair up. One that does not end within
    `MOST_LINES` was never meant so: its first line is refused, and reading goes on at the second.
    """

    def __init__(self) -> None:
        self._lines: list[tuple[int, str, str | None]] = []
        self._marks = 0
        self._length = 0

    @property
    def open(self) -> bool:
        """Whether a record waits for its closing quotation mark."""
        return bool(self._lines)

    def feed(self, number: int, line: str, shown: str | None) -> list[Record]:
        """Take one more line; give the records that it completes."""
        if not self._lines and '"' not in line:
            return [Record(number, line.split(","), shown.split(",") if shown is not None else None)]
        self._lines.append((number, line, shown))
        self._marks += line.count('"')
        self._length += len(line)
        fields = _parse("\n".join(text for _, text, _ in self._lines)) if self._may_end() else None
        if fields is not None:
            return [self._take(fields)]
        if self._marks % 2 and len(self._lines) < MOST_LINES and self._length < LONGEST_ROW:
            return []
        return self.close(at_end=False)

    def close(self, *, at_end: bool = True) -> list[Record]:
        """Give up on the record that waits: refuse its first line, read the others anew."""
        records: list[Record] = []
        while self._lines:
            (number, line, _), *others = self._lines
            self._lines, self._marks, self._length = [], 0, 0
            records.append(Record(number, [line], fault=FaultKind.BROKEN_QUOTE))
            for other in others:
                records += self.feed(*other)
            if not at_end:
                break
        return records

    def _may_end(self) -> bool:
        # One odd mark may stand inside a field that is not quoted, where it is text.
        return self._marks % 2 == 0 or len(self._lines) == 1

    def _take(self, fields: list[str]) -> Record:
        number = self._lines[0][0]
        shown = None
        if any(text is not None for _, _, text in self._lines):
            shown = _parse("\n".join(line if text is None else text for _, line, text in self._lines))
        self._lines, self._marks, self._length = [], 0, 0
        return Record(number, fields, shown)


def _parse(text: str) -> list[str] | None:
    try:
        rows = list(csv.reader([f"{line}\n" for line in text.split("\n")], strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
