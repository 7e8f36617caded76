"""The layout of an official document (党政机关公文格式, GB/T 9704-2012) on python-docx: page, fonts, and its kinds of paragraphs.

A4 with margins of 37 mm above and 28 mm left and a text area of 156 × 225 mm; 22 lines of 28 characters of size 3 (16 pt).
"""

from __future__ import annotations

from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SONG_TITLE: Final = "方正小标宋简体"
FANGSONG: Final = "仿宋"
HEITI: Final = "黑体"
KAITI: Final = "楷体"
SONGTI: Final = "宋体"
DIGITS: Final = "Times New Roman"
SIZE_1, SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_5 = Pt(26), Pt(22), Pt(16), Pt(14), Pt(9)
LINE: Final = Pt(28.95)
"""22 lines on 225 mm."""
TABLE_LINE: Final = Pt(15)
RED: Final = RGBColor(0xE6, 0x00, 0x12)
TEXT_WIDTH: Final = Mm(156)

XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
ALTERNATIVES: Final = {
    SONG_TITLE: "FZXiaoBiaoSong-B05S;方正小标宋_GBK;华文中宋;STZhongsong;Noto Serif CJK SC;SimSun",
    FANGSONG: "FangSong;仿宋_GB2312;FangSong_GB2312;华文仿宋;STFangsong;Noto Serif CJK SC",
    HEITI: "SimHei;华文黑体;STHeiti;Noto Sans CJK SC",
    KAITI: "KaiTi;楷体_GB2312;KaiTi_GB2312;华文楷体;STKaiti",
    SONGTI: "SimSun;华文宋体;STSong;Noto Serif CJK SC",
}
"""What stands in where a font is not installed: nobody but an office has 小标宋, and its licence lets nobody embed it."""


def official_document() -> DocumentObject:
    """An empty document with the standard's page, fonts and page numbers."""
    document = Document()
    _lay_page(document)
    _set_fonts(document)
    _number_pages(document)
    return document


def _lay_page(document: DocumentObject) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    for old in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001
        section._sectPr.remove(old)  # noqa: SLF001
    section._sectPr.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="579"/>'))  # noqa: SLF001


def _set_fonts(document: DocumentObject) -> None:
    normal = document.styles["Normal"]
    normal.font.size = SIZE_3
    _name_fonts(normal.element.get_or_add_rPr(), FANGSONG)
    shape = normal.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.space_before = shape.space_after = Pt(0)
    shape.widow_control = False
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = f"{XML}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()  # noqa: SLF001


def _name_fonts(properties: Any, east_asian: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    fonts.set(qn("w:ascii"), DIGITS)
    fonts.set(qn("w:hAnsi"), DIGITS)
    fonts.set(qn("w:eastAsia"), east_asian)


def _number_pages(document: DocumentObject) -> None:
    """— 1 —, size 4 宋体, outside: right on odd pages, left on even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SIZE_4
        write(paragraph, "— ", SONGTI).font.size = SIZE_4
        page = write(paragraph, "", SONGTI)
        page.font.size = SIZE_4
        for xml in (
            '<w:fldChar w:fldCharType="begin"',
            '<w:instrText xml:space="preserve"',
            '<w:fldChar w:fldCharType="end"',
        ):
            text = " PAGE " if "instrText" in xml else ""
            tag = xml.split(" ", 1)[0].removeprefix("<")
            page._r.append(parse_xml(f"{xml} {nsdecls('w')}>{text}</{tag}>"))  # noqa: SLF001
        write(paragraph, " —", SONGTI).font.size = SIZE_4


def write(paragraph: Paragraph, text: str, font: str = FANGSONG) -> Run:
    """A run of text in a Chinese font; digits and Latin letters in Times New Roman, as offices have them."""
    run = paragraph.add_run(text)
    _name_fonts(run._r.get_or_add_rPr(), font)  # noqa: SLF001
    return run


def centred(document: DocumentObject, text: str, font: str = FANGSONG, size: Pt = SIZE_3) -> Paragraph:
    """A centred line."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if size > SIZE_3:
        paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.5)
    write(paragraph, text, font).font.size = size
    return paragraph


def body(document: DocumentObject, text: str, font: str = FANGSONG) -> Paragraph:
    """A paragraph of the body: two characters in, both edges straight."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _indent(paragraph)
    write(paragraph, text, font)
    return paragraph


def _indent(paragraph: Paragraph) -> None:
    """By characters, as the standard counts, so that it holds for any size."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.insert_element_before(
        parse_xml(f'<w:ind {nsdecls("w")} w:firstLineChars="200" w:firstLine="640"/>'),
        *("w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:rPr"),
    )


def flush_left(document: DocumentObject, text: str, font: str = FANGSONG) -> Paragraph:
    """A line at the left edge (主送机关, 附件 numbers)."""
    paragraph = document.add_paragraph()
    write(paragraph, text, font)
    return paragraph


def flush_right(document: DocumentObject, text: str, characters: float = 4) -> Paragraph:
    """A line that ends some characters before the right edge (署名, 成文日期)."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.right_indent = Pt(SIZE_3.pt * characters)
    write(paragraph, text)
    return paragraph


def ruled_below(paragraph: Paragraph, colour: str, eighths: int = 12) -> None:
    """A line below a paragraph, over the whole width (the red line under the number)."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.insert_element_before(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="{eighths}" w:space="8" w:color="{colour}"/></w:pBdr>'
        ),
        *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"),
    )
