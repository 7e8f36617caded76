"""The downloadable template (导入模板): a workbook with a sheet per file and the same columns as the CSV files.

The header cells hold the English names that the import reads, each with a Chinese comment that says what belongs
there; closed lists are offered as drop-downs. Every column is text, so that no spreadsheet eats a leading zero.
"""

from __future__ import annotations

import datetime as dt
import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.imports.columns import COLUMNS, Column, Holds, ImportFile, Presence

LAST_ROW = 5000
"""Down to here cells are prepared; rows below may be filled all the same."""

LONGEST_LIST = 255
"""Characters that a spreadsheet takes for a drop-down list written into the cell's rule."""

_AUTHOR = "应诉平台"
_PRESENCE_ZH = {Presence.REQUIRED: "必填", Presence.EXPECTED: "应填", Presence.OPTIONAL: "选填"}
_HOLDS_ZH = {
    Holds.DATE: "日期,如 2026-01-05",
    Holds.TIME: "时间,如 09:30",
    Holds.NUMBER: "整数",
    Holds.AMOUNT: "金额(元),最多两位小数",
    Holds.YES_NO: "1 为是,0 为否",
}
_REQUIRED_FILL = PatternFill("solid", fgColor="FFF2CC")
_MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def template() -> bytes:
    """Make the template as the bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has an active sheet
    book.properties.creator = _AUTHOR
    book.properties.title = "行政应诉案件导入模板"
    book.properties.created = book.properties.modified = _MADE
    for file in ImportFile:
        sheet = book.create_sheet(file.value)
        _fill(sheet, COLUMNS[file])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def describe(column: Column) -> str:
    """Say in Chinese what belongs in a column."""
    parts = [f"{column.zh}({_PRESENCE_ZH[column.presence]})", _HOLDS_ZH.get(column.holds, ""), column.note_zh]
    if column.choices and column.holds is Holds.CODE:
        parts.append("取值:" + "、".join(column.choices))
    return "\n".join(part for part in parts if part)


def _fill(sheet: Worksheet, columns: tuple[Column, ...]) -> None:
    sheet.freeze_panes = "B2"
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(row=1, column=place, value=column.name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center")
        cell.comment = Comment(describe(column), _AUTHOR, height=120, width=260)
        if column.presence is Presence.REQUIRED:
            cell.fill = _REQUIRED_FILL
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(12, len(column.name) + 4)
        sheet.column_dimensions[letter].number_format = "@"
        _offer(sheet, column, f"{letter}2:{letter}{LAST_ROW}")


def _offer(sheet: Worksheet, column: Column, cells: str) -> None:
    words = ("1", "0") if column.holds is Holds.YES_NO else column.choices if column.holds is Holds.CODE else ()
    listed = ",".join(words)
    if not words or len(listed) > LONGEST_LIST:
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    rule.add(cells)
    sheet.add_data_validation(rule)
