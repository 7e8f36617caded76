"""The .xlsx, opened again: its sheets, sums and rates by formula, its chart, and that its bytes never differ."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from plugins.reminders.circular.rendering.issue import Row
from plugins.reminders.circular.rendering.workbook import HEAD_ROW, workbook
from tests.plugins.reminders.circular.issues import CITY, ISSUE, QUIET


@pytest.fixture(scope="module")
def made() -> bytes:
    return workbook(ISSUE)


@pytest.fixture(scope="module")
def opened(made: bytes) -> Any:
    return load_workbook(io.BytesIO(made))


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD_ROW)]


def test_there_is_a_sheet_for_each_way_to_look_at_the_month(opened: Any) -> None:
    assert opened.sheetnames == ["分地区", "分事项", "分单位", "新增逾期", "以往更正"]
    for sheet in opened:
        assert sheet["A1"].value == f"关于2026年8月全市行政应诉事项办理情况的通报（{sheet.title}）"
        assert sheet["A2"].value == "穗应诉通报〔2026〕8号　广州市司法局　2026年9月7日"
        assert sheet.freeze_panes == f"B{HEAD_ROW + 1}"


def test_figures_are_numbers_and_sums_and_rates_are_reckoned_by_the_sheet(opened: Any) -> None:
    head, city, huangpu, _tianhe, total = rows(opened["分地区"])
    assert head == ["地区", "到期", "按时", "逾期办结", "逾期未办", "未到期", "作废", "曾逾期", "已补救", "按时率"]
    assert city[:9] == ["市直单位", 10, 6, 1, 1, 1, 1, 2, 1]
    assert city[9] == '=IF(B4-G4=0,"—",C4/(B4-G4))'
    assert huangpu[:3] == ["黄埔区", 8, 8]
    assert total[:2] == ["合计", "=SUM(B4:B6)"]
    assert total[9] == '=IF(B7-G7=0,"—",C7/(B7-G7))'
    assert opened["分地区"].cell(4, 10).number_format == "0.0%"


def test_agencies_kinds_misses_and_corrections_have_every_row(opened: Any) -> None:
    assert [row[:3] for row in rows(opened["分单位"])[1:4]] == [
        ["广州市公安局", "市直单位", 10],
        ["广州市黄埔区人民政府<红山&街道>", "黄埔区", 8],
        ["广州市天河区人民政府", "天河区", 2],
    ]
    assert [row[0] for row in rows(opened["分事项"])] == ["事项", "报备", "履行生效裁判", "答辩举证", "合计"]
    missed = rows(opened["新增逾期"])
    assert missed[1][:3] == ["广州市公安局", "市直单位", "履行生效裁判"]
    assert [str(value.date()) for value in missed[1][3:6]] == ["2026-07-31", "2026-08-01", "2026-08-20"]
    assert missed[2][5:] == ["未办结", 11, "否"]
    assert rows(opened["以往更正"])[1] == ["广州市公安局", "市直单位", "履行生效裁判", "2026年7月", "逾期办结", 0, 1]


def test_the_chart_draws_the_cells_of_its_sheet(opened: Any) -> None:
    (chart,) = opened["分地区"]._charts
    drawn = [(one.val.numRef.f, one.cat.strRef.f, one.tx.strRef.f) for one in chart.series]
    assert drawn == [
        ("'分地区'!$C$4:$C$6", "'分地区'!$A$4:$A$6", "'分地区'!$C$3"),
        ("'分地区'!$D$4:$D$6", "'分地区'!$A$4:$A$6", "'分地区'!$D$3"),
        ("'分地区'!$E$4:$E$6", "'分地区'!$A$4:$A$6", "'分地区'!$E$3"),
    ]
    assert (chart.grouping, chart.overlap) == ("stacked", 100)
    assert [point.v for point in chart.series[0].val.numRef.numCache.pt] == [6, 8, 0]


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    sheet = load_workbook(io.BytesIO(workbook(replace(ISSUE, agencies=(Row("=1+1", CITY, "市直单位"),)))))["分单位"]
    assert sheet.cell(HEAD_ROW + 1, 1).value == "=1+1"
    assert sheet.cell(HEAD_ROW + 1, 1).data_type == "s"


def test_a_quiet_month_has_its_sheets_and_no_chart() -> None:
    opened = load_workbook(io.BytesIO(workbook(QUIET)))
    assert rows(opened["分地区"])[1][:2] == ["合计", 0]
    assert opened["分地区"]._charts == []


def test_the_same_issue_makes_the_same_bytes_without_a_clock_in_them(made: bytes) -> None:
    assert workbook(ISSUE) == made
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 9, 7, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert "2026-09-07T00:00:00Z</dcterms:modified>" in core
