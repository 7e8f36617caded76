"""图1: on time, late and missed by district, as a native chart: sharp in print, editable, and no font is needed where it is made.

One declaration serves both files. Values are written into the chart as caches beside the references to the cells, so that a
viewer shows it without calculating, and the document needs only the small workbook that is embedded in it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from plugins.reminders.circular.rendering.issue import Row
from plugins.reminders.circular.rendering.wording import MEASURE_ZH

TITLE: Final = "图1　各区和市直单位办理情况（件）"
SERIES: Final = (("on_time", "4E7D4A"), ("late", "D9A441"), ("missed", "B03A2E"))
"""What is drawn, and in which colour; they differ in brightness too, so that a black and white print tells them apart."""
DATA_SHEET: Final = "图表数据"
_GAP: Final = 60
_TITLE_SIZE: Final = 1200
"""Hundredths of a point."""
_WIDTH_CM: Final = 15.2
_HEIGHT_CM: Final = 8.6


def district_chart(rows: Sequence[Row], sheet: str, first_row: int, columns: Sequence[int]) -> BarChart:
    """Stacked columns over the rows of a sheet: names in its first column, the three measures in `columns`."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, _GAP
    chart.title = TITLE
    _calm(chart)
    chart.legend = Legend()
    chart.legend.position = "b"
    chart.width, chart.height = _WIDTH_CM, _HEIGHT_CM  # type: ignore[assignment]  # centimetres, not whole ones
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D9D9D9")))
    chart.y_axis.number_format = "0"
    for (measure, colour), column in zip(SERIES, columns, strict=True):
        chart.series.append(_series(rows, sheet, first_row, column, measure, colour))
    return chart


def _calm(chart: BarChart) -> None:
    """A title in the size of the text; by itself it shouts."""
    plain = CharacterProperties(sz=_TITLE_SIZE, b=False)
    for paragraph in chart.title.tx.rich.p:  # type: ignore[union-attr]  # a title was set
        paragraph.pPr = ParagraphProperties(defRPr=plain)
        for run in paragraph.r or ():
            run.rPr = plain


def _series(rows: Sequence[Row], sheet: str, first_row: int, column: int, measure: str, colour: str) -> Series:
    place = quote_sheetname(sheet)
    last_row = first_row + len(rows) - 1
    letter = get_column_letter(column)
    values = [getattr(row.figures, measure) for row in rows]
    series = Series(
        idx=SERIES.index((measure, colour)),
        order=SERIES.index((measure, colour)),
        val=NumDataSource(
            numRef=NumRef(f=f"{place}!${letter}${first_row}:${letter}${last_row}", numCache=_numbers(values))
        ),
        cat=AxDataSource(
            strRef=StrRef(f=f"{place}!$A${first_row}:$A${last_row}", strCache=_texts([row.name for row in rows]))
        ),
        tx=SeriesLabel(strRef=StrRef(f=f"{place}!${letter}${first_row - 1}", strCache=_texts([MEASURE_ZH[measure]]))),
    )
    series.spPr = GraphicalProperties(solidFill=colour)
    series.invertIfNegative = False
    return series


def _numbers(values: Sequence[int]) -> NumData:
    return NumData(
        formatCode="General", ptCount=len(values), pt=[NumVal(idx=i, v=str(v)) for i, v in enumerate(values)]
    )


def _texts(values: Sequence[str]) -> StrData:
    return StrData(ptCount=len(values), pt=[StrVal(idx=i, v=v) for i, v in enumerate(values)])


def chart_xml(chart: BarChart) -> bytes:
    """The chart as a part of a package."""
    written: str = tostring(chart._write()).decode()  # type: ignore[attr-defined]  # noqa: SLF001 - as openpyxl writes it
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{written}'.encode()


def chart_data(rows: Sequence[Row]) -> bytes:
    """The workbook behind the chart in the document: what one sees when editing its data."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a sheet")
    sheet.title = DATA_SHEET
    sheet.append(["", *(MEASURE_ZH[measure] for measure, _ in SERIES)])
    for row in rows:
        sheet.append([row.name, *(getattr(row.figures, measure) for measure, _ in SERIES)])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
