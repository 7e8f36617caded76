"""Tables of the document, written as one piece of XML: cell by cell, python-docx takes minutes for five hundred agencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from plugins.reminders.circular.rendering.layout import DIGITS, FANGSONG, HEITI, TABLE_LINE

_TWIPS_PER_MM = 1440 / 25.4
_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_HALF_POINTS = 21
"""Size 5 (10.5 pt)."""


def add_table(
    document: DocumentObject, head: Sequence[str], rows: Iterable[Sequence[str]], widths_mm: Sequence[float], texts: int
) -> None:
    """A ruled table whose head repeats on every page; the first `texts` columns are text, the rest figures in the middle."""
    twips = [round(width * _TWIPS_PER_MM) for width in widths_mm]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    lines = [_row(head, twips, 0, head=True), *(_row(row, twips, texts) for row in rows)]
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )
    document.element.body.insert_element_before(parse_xml(table), "w:sectPr")


def _row(cells: Sequence[str], twips: Sequence[int], texts: int, *, head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    written = "".join(
        _cell(text, width, HEITI if head else FANGSONG, "left" if place < texts else "center")
        for place, (text, width) in enumerate(zip(cells, twips, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{written}</w:tr>"


def _cell(text: str, width: int, font: str, side: str) -> str:
    shape = (
        f'<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="{round(TABLE_LINE.pt * 20)}"'
        f' w:lineRule="atLeast"/><w:jc w:val="{side}"/>'
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"<w:p><w:pPr>{shape}</w:pPr>"
        f'<w:r><w:rPr><w:rFonts w:ascii="{DIGITS}" w:hAnsi="{DIGITS}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{_HALF_POINTS}"/><w:szCs w:val="{_HALF_POINTS}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )
