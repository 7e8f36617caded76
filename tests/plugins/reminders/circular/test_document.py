"""The .docx, opened again: what it says, its tables, its layout, its chart, and that its bytes never differ."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook

from plugins.reminders.circular.rendering.document import document
from plugins.reminders.circular.rendering.wording import attachments
from tests.plugins.reminders.circular.issues import ISSUE, QUIET

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def made() -> bytes:
    return document(ISSUE)


@pytest.fixture(scope="module")
def opened(made: bytes) -> Any:
    return Document(io.BytesIO(made))


def texts(opened: Any) -> list[str]:
    return [paragraph.text for paragraph in opened.paragraphs if paragraph.text]


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_document_says_what_an_official_circular_says_in_its_order(opened: Any) -> None:
    said = texts(opened)
    places = [
        said.index(text)
        for text in (
            "广州市司法局文件",
            "穗应诉通报〔2026〕8号",
            "关于2026年8月全市行政应诉事项\n办理情况的通报",
            "各区人民政府，市政府各部门、各直属机构：",
            "一、总体情况",
            "二、各区和市直单位情况",
            "三、各类事项情况",
            "四、新增逾期情况",
            "五、以往月份数据更正",
            "六、工作要求",
            "请各单位逐项核查。",
            "附件：1.各单位行政应诉事项办理情况表",
            "　　　2.本月新增逾期事项名单",
            "　　　3.以往月份数据更正表",
            "广州市司法局",
            "2026年9月7日",
            "附件1",
            "附件2",
            "附件3",
        )
    ]
    assert places == sorted(places)


def test_its_figures_are_those_of_the_issue(opened: Any) -> None:
    said = "".join(texts(opened))
    assert "本月全市到期事项20件，涉及2个单位" in said
    assert "按时办结14件，逾期办结1件，逾期未办1件，期限尚未届满1件，因撤诉、移送等作废3件；按时率为82.4%" in said
    assert "曾逾期2件，已完成补救1件" in said
    assert "截至月末仍逾期未办的：市直单位1件。" in said
    assert "本月新增逾期事项2件，涉及1个单位，名单见附件2。" in said
    assert "以往1个月份的数据在原通报发布后有变动，共更正2项，见附件3" in said
    assert "数据截至2026年8月31日24时" in said


def test_its_tables_hold_every_row(opened: Any) -> None:
    districts, kinds, agencies, missed, corrected = opened.tables
    head = ["到期", "按时", "逾期办结", "逾期未办", "未到期", "作废", "曾逾期", "已补救", "按时率"]
    assert cells(districts) == [
        ["地区", *head],
        ["市直单位", "10", "6", "1", "1", "1", "1", "2", "1", "66.7%"],
        ["黄埔区", "8", "8", "0", "0", "0", "0", "0", "0", "100.0%"],
        ["天河区", "2", "0", "0", "0", "0", "2", "0", "0", "—"],
        ["合计", "20", "14", "1", "1", "1", "3", "2", "1", "82.4%"],
    ]
    assert [row[0] for row in cells(kinds)] == ["事项", "报备", "履行生效裁判", "答辩举证", "合计"]
    assert cells(agencies)[2][:3] == ["广州市黄埔区人民政府<红山&街道>", "黄埔区", "8"]
    assert cells(missed)[1:] == [
        ["1", "广州市公安局", "市直单位", "履行生效裁判", "2026-07-31", "2026-08-01", "2026-08-20", "20", "是"],
        ["2", "广州市公安局", "市直单位", "答辩举证", "2026-08-20", "2026-08-21", "未办结", "11", "否"],
    ]
    assert cells(corrected)[1] == ["2026年7月", "广州市公安局", "市直单位", "履行生效裁判", "逾期办结", "0", "1"]


def test_the_page_is_that_of_the_standard(opened: Any) -> None:
    section = opened.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(each.mm) for each in lengths] == [210, 297, 37, 28]
    assert abs(section.page_width - section.left_margin - section.right_margin - Mm(156)) < Pt(1)
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < Pt(1)
    assert opened.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert section.even_page_footer.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.LEFT


def font(paragraph: Any) -> tuple[str, float | None]:
    run = paragraph.runs[0]
    size = run.font.size
    return run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")), size.pt if size else None


def test_its_fonts_are_those_of_official_documents(opened: Any) -> None:
    by_text = {paragraph.text: paragraph for paragraph in opened.paragraphs}
    mark = by_text["广州市司法局文件"]
    assert font(mark) == ("方正小标宋简体", 26)
    assert str(mark.runs[0].font.color.rgb) == "E60012"
    assert font(by_text["关于2026年8月全市行政应诉事项\n办理情况的通报"]) == ("方正小标宋简体", 22)
    assert font(by_text["一、总体情况"])[0] == "黑体"
    assert font(by_text["请各单位逐项核查。"])[0] == "仿宋"
    assert opened.styles["Normal"].font.size.pt == 16
    assert by_text["附件1"].paragraph_format.page_break_before


def test_every_font_names_those_that_may_stand_in_for_it(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        table = package.read("word/fontTable.xml").decode()
    for name, other in (("方正小标宋简体", "FZXiaoBiaoSong-B05S"), ("仿宋", "仿宋_GB2312"), ("黑体", "SimHei")):
        assert f'w:name="{name}"><w:altName w:val="' in table
        assert other in table


def test_the_chart_is_native_and_holds_the_figures_and_the_workbook_behind_them(made: bytes, opened: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        chart = ET.fromstring(package.read("word/charts/chart1.xml"))
        relations = package.read("word/charts/_rels/chart1.xml.rels").decode()
        behind = load_workbook(io.BytesIO(package.read("word/embeddings/chart1.xlsx")))
        types = package.read("[Content_Types].xml").decode()
    series = chart.findall(f".//{CHART}ser")
    drawn = [[value.text for value in one.findall(f"{CHART}val//{CHART}v")] for one in series]
    assert drawn == [["6", "8", "0"], ["1", "0", "0"], ["1", "0", "0"]]
    assert [one.find(f"{CHART}tx//{CHART}v").text for one in series] == ["按时", "逾期办结", "逾期未办"]  # type: ignore[union-attr]
    assert [value.text for value in series[0].findall(f"{CHART}cat//{CHART}v")] == ["市直单位", "黄埔区", "天河区"]
    assert series[0].find(f"{CHART}val//{CHART}f").text == "'图表数据'!$B$2:$B$4"  # type: ignore[union-attr]
    assert list(chart)[-1].tag == f"{CHART}externalData"
    assert "../embeddings/chart1.xlsx" in relations
    assert 'PartName="/word/charts/chart1.xml"' in types
    assert list(behind["图表数据"].values)[1] == ("市直单位", 6, 1, 1)
    assert len(opened.element.body.findall(f".//{CHART}chart")) == 1


def test_no_writer_leaves_the_time_at_which_it_was_run(made: bytes) -> None:
    """Neither in the document nor in the small workbook behind its chart: made in another second, the bytes would differ."""
    packages = [made, zipfile.ZipFile(io.BytesIO(made)).read("word/embeddings/chart1.xlsx")]
    for package in packages:
        core = zipfile.ZipFile(io.BytesIO(package)).read("docProps/core.xml").decode()
        assert set(re.findall(r"<dcterms:\w+[^>]*>([^<]*)<", core)) == {"2026-09-07T00:00:00Z"}


def test_the_same_issue_makes_the_same_bytes(made: bytes) -> None:
    assert document(ISSUE) == made
    assert document(replace(ISSUE, published_on=date(2026, 9, 8))) != made


def test_a_quiet_month_has_one_attachment_and_says_so() -> None:
    said = texts(Document(io.BytesIO(document(QUIET))))
    assert attachments(QUIET) == ("各单位行政应诉事项办理情况表",)
    assert "附件：各单位行政应诉事项办理情况表" in said
    assert "本月没有新增逾期事项。" in said
    assert "".join(said).count("按时率为—") == 1
    assert not [text for text in said if text.startswith(("五、", "六、"))]


def test_a_draft_says_that_it_is_one() -> None:
    draft = replace(ISSUE, number=None)
    assert "（草稿，未编号）" in texts(Document(io.BytesIO(document(draft))))
    assert draft.file_stem == "2026年8月（草稿） 关于2026年8月全市行政应诉事项办理情况的通报"


def test_its_properties_name_the_issuer_and_no_machine(opened: Any) -> None:
    properties = opened.core_properties
    assert (properties.title, properties.author) == (ISSUE.title, "广州市司法局")
    assert properties.modified.date() == properties.created.date() == date(2026, 9, 7)
