"""Reading an Excel sheet as records of text: what a person sees in the cell, in the spelling of the CSV files."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from core.imports.rows import Record, RecordBlock

ROWS_PER_BLOCK = 1000

WIDEST = 200
"""Cells of a row that are read: a stray cell far to the right must not cost memory in every row."""

UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    OSError,
    EOFError,
)
"""What the reading library raises for a file that is no workbook, or a broken one."""


def sheet_names(path: Path) -> list[str]:
    """Name the sheets of a workbook. Raises one of `UNREADABLE` if it is none."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return list(book.sheetnames)
    finally:
        book.close()


def read_sheet(path: Path, sheet: str) -> Iterator[RecordBlock]:
    """Read the rows of a sheet, the header included, as records. Raises one of `UNREADABLE` on the way."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book[sheet]
        # Some writers declare a wrong extent; without it every row is read as it is.
        rows.reset_dimensions()
        numbered = enumerate(rows.iter_rows(values_only=True, max_col=WIDEST), 1)
        while records := [Record(n, [cell_text(v) for v in cells]) for n, cells in islice(numbered, ROWS_PER_BLOCK)]:
            yield RecordBlock(records, 0)
    finally:
        book.close()


def cell_text(value: object) -> str:
    """Write a cell's value as the CSV files would: a day as ISO, a whole number without point, true as 1."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
        case dt.time():
            return value.isoformat("minutes")
        case _:
            return str(value)
