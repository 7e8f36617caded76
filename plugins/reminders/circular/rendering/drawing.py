"""Puts a native chart into the document: its part, the small workbook behind it, and the place where it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from plugins.reminders.circular.rendering.chart import (
    DATA_SHEET,
    SERIES,
    TITLE,
    chart_data,
    chart_xml,
    district_chart,
)
from plugins.reminders.circular.rendering.issue import Row
from plugins.reminders.circular.rendering.package import settled

_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_WIDTH, _HEIGHT = Mm(150), Mm(84)


def add_chart(document: DocumentObject, rows: Sequence[Row], made_on: date) -> None:
    """The chart of districts, in a line of its own."""
    chart = district_chart(rows, DATA_SHEET, 2, range(2, 2 + len(SERIES)))
    package = document.part.package
    data = Part(PackURI("/word/embeddings/chart1.xlsx"), _WORKBOOK, settled(chart_data(rows), made_on), package)
    part = Part(PackURI("/word/charts/chart1.xml"), _CHART, b"", package)
    part._blob = _pointing_to(chart_xml(chart), part.relate_to(data, f"{_RELATED}/package"))  # noqa: SLF001
    _draw(document, document.part.relate_to(part, f"{_RELATED}/chart"))


def _pointing_to(xml: bytes, relation: str) -> bytes:
    """The chart's XML with the workbook named as its data; the schema wants it last."""
    head, closing, tail = xml.rpartition(b"</")
    data = f'<externalData xmlns:r="{_RELATED}" r:id="{relation}"><autoUpdate val="0"/></externalData>'
    return head + data.encode() + closing + tail


def _draw(document: DocumentObject, relation: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    drawing = (
        f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{_WIDTH}" cy="{_HEIGHT}"/><wp:docPr id="1" name="图1" descr="{TITLE}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_DRAWN}"><c:chart xmlns:c="{_DRAWN}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    paragraph.add_run()._r.append(parse_xml(drawing))  # noqa: SLF001
