"""Encodings (编码): which one a file is in, and reading it as physical lines.

The rule is deterministic and looks at the whole file, since the first Chinese character may come late: a byte-order
mark decides; else strict UTF-8 over every byte; else the lines with non-ASCII bytes vote: if half of them are UTF-8, so is
the file, otherwise it is GB18030. A line of GB18030 is hardly ever valid UTF-8 by chance, while the reverse is common;
so one broken byte does not turn the rest of a UTF-8 file into nonsense. Both encodings leave the bytes of LF, comma and
quotation mark to these characters alone (second bytes of GB18030 are 0x30-0x39, 0x40-0x7E and 0x80-0xFE), so lines are
cut before they are decoded.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

BLOCK_BYTES = 1 << 18
"""Bytes read at a time: some thousand lines, small enough that few blocks hold anything odd."""

LONGEST_LINE = 1 << 20
"""Bytes of a line that are kept; what comes after them on the same line is dropped, and the line refused."""

VOTING_LINES = 10_000
"""Lines with non-ASCII bytes that vote on the encoding of a file that is not clean UTF-8."""

UTF8 = "utf-8"
GB18030 = "gb18030"


@dataclass(frozen=True, slots=True)
class FileEncoding:
    """How a file is written: its codec, and whether it begins with a UTF-8 mark and ends its lines with CRLF.

    `readable` is False for UTF-16, which a spreadsheet writes as "Unicode text" and which no CSV reader should guess.
    """

    codec: str
    bom: bool
    crlf: bool
    readable: bool = True


class Lines(NamedTuple):
    """Whole physical lines as bytes, the number of the first, and the bytes of the file that they took.

    `cut`: the first line was longer than `LONGEST_LINE`, and only its beginning is here.
    """

    first: int
    data: bytes
    size: int
    cut: bool = False


def detect_encoding(path: Path) -> FileEncoding:
    """Find how a file is written. `OSError` if it cannot be read."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
        crlf = b"\r\n" in head[: head.find(b"\n") + 1]
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return FileEncoding("utf-16", bom=True, crlf=crlf, readable=False)
        if head.startswith(codecs.BOM_UTF8):
            return FileEncoding(UTF8, bom=True, crlf=crlf)
        file.seek(0)
        if _is_strict(file, UTF8):
            return FileEncoding(UTF8, bom=False, crlf=crlf)
        file.seek(0)
        return FileEncoding(_voted(file), bom=False, crlf=crlf)


def read_lines(file: BinaryIO, *, first: int = 1) -> Iterator[Lines]:
    """Cut what is left of a file into whole lines, block by block, counting from `first`.

    A line without end is cut, so memory is bounded whatever comes.
    """
    number, rest, size, cut = first, b"", 0, False
    while block := file.read(BLOCK_BYTES):
        size += len(block)
        data = rest + block
        end = data.rfind(b"\n") + 1
        if not end:
            rest, cut = data[:LONGEST_LINE], cut or len(data) > LONGEST_LINE
            continue
        whole, rest = data[:end], data[end:]
        yield Lines(number, whole, size, cut)
        number, size, cut = number + whole.count(b"\n"), 0, False
    if rest:
        yield Lines(number, rest, size, cut)


def _is_strict(file: BinaryIO, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        while block := file.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _voted(file: BinaryIO) -> str:
    voters = utf8 = 0
    for block in read_lines(file):
        for line in block.data.split(b"\n"):
            if not line.isascii():
                voters += 1
                utf8 += can_decode(line, UTF8)
        if voters >= VOTING_LINES:
            break
    return UTF8 if utf8 * 2 >= voters else GB18030


def can_decode(line: bytes, codec: str) -> bool:
    """Tell whether a line is text in the encoding."""
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
