"""通报 as an .xlsx: a sheet per agency, district and kind, the missed duties, the corrections, and the chart of districts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from plugins.reminders.circular.rendering import wording
from plugins.reminders.circular.rendering.chart import SERIES, district_chart
from plugins.reminders.circular.rendering.issue import Issue, Row, day_text
from plugins.reminders.circular.rendering.package import settled

BY_DISTRICT: Final = "分地区"
BY_KIND: Final = "分事项"
BY_AGENCY: Final = "分单位"
MISSED: Final = "新增逾期"
CORRECTED: Final = "以往更正"
HEAD_ROW: Final = 3
"""The row of the heads: above it the title, and number and day."""
_EDGE = Side(style="thin", color="999999")
_RULED = Border(_EDGE, _EDGE, _EDGE, _EDGE)
_HEAD_FILL = PatternFill("solid", fgColor="F2F2F2")
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_MEASURES: Final = [measure for measure, _ in wording.COLUMNS]
_FIGURE_HEADS: Final = [zh for _, zh in wording.COLUMNS]


class _Formula(str):
    """What the sheet reckons. Any other text is text, also an agency's name that begins with an equals sign."""

    __slots__ = ()


def workbook(issue: Issue) -> bytes:
    """The circular as the bytes of an .xlsx."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has an active sheet
    properties = book.properties
    properties.creator, properties.title, properties.subject = issue.issuer, issue.title, issue.number or "草稿"
    properties.created = datetime.combine(issue.published_on, time())
    _districts(book, issue)
    _figures(book.create_sheet(BY_KIND), issue, ["事项"], [([row.name], row) for row in issue.kinds])
    _figures(
        book.create_sheet(BY_AGENCY), issue, ["单位", "地区"], [([row.name, row.place], row) for row in issue.agencies]
    )
    _missed(book.create_sheet(MISSED), issue)
    _corrected(book.create_sheet(CORRECTED), issue)
    data = io.BytesIO()
    book.save(data)
    return settled(data.getvalue(), issue.published_on)


def _districts(book: Workbook, issue: Issue) -> None:
    sheet = book.create_sheet(BY_DISTRICT)
    _figures(sheet, issue, ["地区"], [([row.name], row) for row in issue.districts])
    if issue.districts:
        columns = [2 + _MEASURES.index(measure) for measure, _ in SERIES]
        chart = district_chart(issue.districts, BY_DISTRICT, HEAD_ROW + 1, columns)
        sheet.add_chart(chart, f"A{HEAD_ROW + len(issue.districts) + 4}")


def _figures(sheet: Worksheet, issue: Issue, named: list[str], rows: Sequence[tuple[list[str], Row]]) -> None:
    """Rows of figures with a sum and a rate that the spreadsheet reckons by formula, so that both follow what one filters."""
    heads = [*named, *_FIGURE_HEADS, wording.RATE]
    _head(sheet, issue, heads, first=32 if named[0] == "单位" else 18)
    for place, (names, row) in enumerate(rows, HEAD_ROW + 1):
        figures = [getattr(row.figures, measure) for measure in _MEASURES]
        _write(sheet, place, [*names, *figures, _rate(place, len(named))])
    last = HEAD_ROW + len(rows)
    _write(sheet, last + 1, ["合计", *[""] * (len(named) - 1), *_sums(last, len(named)), _rate(last + 1, len(named))])
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(heads))}{last}"
    for place in range(HEAD_ROW + 1, last + 2):
        sheet.cell(place, len(heads)).number_format = "0.0%"


def _sums(last: int, before: int) -> list[str | int]:
    letters = [get_column_letter(before + 1 + place) for place in range(len(_MEASURES))]
    return [_Formula(f"=SUM({letter}{HEAD_ROW + 1}:{letter}{last})") if last > HEAD_ROW else 0 for letter in letters]


def _rate(place: int, before: int) -> _Formula:
    """On time ÷ (due − void); the sign for no rate where nothing bound."""
    due, on_time, void = (get_column_letter(before + 1 + _MEASURES.index(name)) for name in ("due", "on_time", "void"))
    return _Formula(f'=IF({due}{place}-{void}{place}=0,"—",{on_time}{place}/({due}{place}-{void}{place}))')


def _missed(sheet: Worksheet, issue: Issue) -> None:
    _head(sheet, issue, ["单位", "地区", "事项", "到期日", "违法之日", "办结日", "逾期天数", "已补救"], first=32)
    for place, one in enumerate(issue.missed, HEAD_ROW + 1):
        done = one.acted_on or "未办结"
        row = [one.agency, one.district, one.kind, one.due_on, one.violation_on, done, one.days_late]
        _write(sheet, place, [*row, "是" if one.remedied else "否"])


def _corrected(sheet: Worksheet, issue: Issue) -> None:
    _head(sheet, issue, ["单位", "地区", "事项", "月份", "数据项", "原通报", "更正为"], first=32)
    for place, one in enumerate(issue.corrected, HEAD_ROW + 1):
        row = [one.agency, one.district, one.kind, one.month.zh, wording.MEASURE_ZH[one.measure], one.before, one.after]
        _write(sheet, place, row)


def _head(sheet: Worksheet, issue: Issue, heads: list[str], *, first: int) -> None:
    sheet.cell(1, 1, f"{issue.title}（{sheet.title}）").font = Font(bold=True, size=14)
    sheet.cell(2, 1, f"{issue.number or '草稿'}　{issue.issuer}　{day_text(issue.published_on)}")
    _write(sheet, HEAD_ROW, heads)
    for column in range(1, len(heads) + 1):
        cell = sheet.cell(HEAD_ROW, column)
        cell.font, cell.fill = Font(bold=True), _HEAD_FILL
        sheet.column_dimensions[get_column_letter(column)].width = first if column == 1 else 12
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _write(sheet: Worksheet, place: int, values: Iterable[Any]) -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(place, column, value)
        if isinstance(value, str) and not isinstance(value, _Formula):
            cell.data_type = "s"
        cell.border = _RULED
        if column > 1:
            cell.alignment = _MIDDLE
