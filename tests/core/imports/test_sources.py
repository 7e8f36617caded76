from __future__ import annotations

import csv
import datetime as dt
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from core.errors import BadUserInput
from core.imports.columns import COLUMNS, Holds, ImportFile
from core.imports.fates import RULES, Fate
from core.imports.kinds import FaultKind as K
from core.imports.sources import Format, find_sources, open_source
from core.imports.template import template
from core.imports.validate import validate
from core.imports.workbook import cell_text

moment = dt.datetime.fromisoformat  # the cells of a sheet have no time zone


def test_files_come_in_the_order_in_which_they_depend_on_each_other(samples):
    sources = find_sources(samples / "dirty")
    assert [source.file for source in sources.files] == list(ImportFile)
    assert sources.ignored == ("dirt.csv",)
    assert sources.size == sum(path.stat().st_size for path in (samples / "dirty").glob("*.csv") if path.stem != "dirt")


def test_what_cannot_be_imported_is_refused_in_both_languages(tmp_path):
    with pytest.raises(BadUserInput):
        find_sources(tmp_path / "missing")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(BadUserInput) as refused:
        find_sources(tmp_path)
    assert refused.value.message_zh
    (tmp_path / "cases.csv").write_text("")
    book(tmp_path / "all.xlsx", {"案件": []})
    with pytest.raises(BadUserInput, match="twice"):
        find_sources(tmp_path)


def book(path, sheets):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)


def typed(column, text):
    """A cell as a person's spreadsheet holds it."""
    if not text:
        return None
    if column.holds is Holds.DATE:
        return dt.date.fromisoformat(text)
    if column.holds is Holds.TIME:
        return dt.time.fromisoformat(text)
    if column.holds in (Holds.NUMBER, Holds.AMOUNT, Holds.TENANT_CODE):
        return int(text)
    if column.holds is Holds.YES_NO:
        return text == "1"
    return text


def copied(folder, reference):
    rows, findings = {}, []
    for source in find_sources(folder).files:
        opened = open_source(source)
        findings += opened.findings
        data = b""
        for batch in validate(opened, reference):
            reference = replace(reference, agencies={**reference.agencies, **batch.agencies})
            findings += batch.findings
            data += batch.copy
        rows[source.file] = data.decode().splitlines()
    return rows, findings


@pytest.mark.parametrize("one_book", [True, False])
def test_workbooks_give_the_same_rows_as_the_csv_files(samples, tmp_path, reference, one_book):
    sheets = {}
    for file in ImportFile:
        with (samples / "clean" / f"{file.value}.csv").open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        columns = COLUMNS[file]
        sheets[file.zh if one_book else file.value] = [
            header,
            *([typed(column, text) for column, text in zip(columns, row, strict=True)] for row in rows),
        ]
    if one_book:
        book(tmp_path / "导出.xlsx", sheets)
    else:
        for name, rows in sheets.items():
            book(tmp_path / f"{name}.xlsx", {"Sheet1": rows})
    assert all(source.format is Format.XLSX for source in find_sources(tmp_path).files)
    rows, findings = copied(tmp_path, reference)
    assert findings == []
    assert rows == copied(samples / "clean", reference)[0]


def test_day_numbers_lost_zeros_and_errors_of_a_spreadsheet(tmp_path, full_reference):
    names = [column.name for column in COLUMNS[ImportFile.DOCUMENTS]]
    row = ["D1", "C1", "传票", None, 45293, moment("2024-01-04"), "收", 2.0, "a.pdf"]
    broken = ["D2", "C1", "#N/A", None, dt.date(2024, 1, 2), "2024-01-04", "收", 2, None]
    book(tmp_path / "documents.xlsx", {"documents": [names, row, [], broken]})
    rows, findings = copied(tmp_path, full_reference)
    assert rows[ImportFile.DOCUMENTS] == ["2,D1,C1,传票,,2024-01-02,2024-01-04,收,2,a.pdf"]
    assert [(f.line, f.column, f.kind, f.text) for f in findings] == [
        (2, "doc_date", K.EXCEL_SERIAL, "45293"),
        (4, "doc_type", K.CELL_ERROR, "#N/A"),
    ]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"not a workbook" * 100])
def test_a_broken_workbook_is_a_finding(tmp_path, data):
    (tmp_path / "cases.xlsx").write_bytes(data)
    (tmp_path / "other.xlsx").write_bytes(data)
    sources = find_sources(tmp_path)
    assert sources.ignored == ("other.xlsx",)
    opened = open_source(sources.files[0])
    assert opened.refused
    assert [finding.kind for finding in opened.findings] == [K.UNREADABLE_FILE]
    assert list(opened.blocks()) == []


def test_a_workbook_that_breaks_off_says_where(tmp_path, full_reference):
    names = [column.name for column in COLUMNS[ImportFile.DOCUMENTS]]
    row = ["D{}", "C1", "传票", "", "2024-01-02", "2024-01-04", "收", "2", "a.pdf"]
    whole, broken = tmp_path / "whole.xlsx", tmp_path / "in" / "documents.xlsx"
    broken.parent.mkdir()
    book(whole, {"documents": [names, *([row[0].format(number), *row[1:]] for number in range(2500))]})
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[: len(data) * 9 // 10] if name.startswith("xl/worksheets/") else data)
    rows, findings = copied(broken.parent, full_reference)
    landed = len(rows[ImportFile.DOCUMENTS])
    assert landed > 1000
    assert [(finding.kind, finding.line) for finding in findings] == [(K.UNREADABLE_FILE, landed + 2)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (True, "1"), (False, "0"), (3, "3"), (3.0, "3"), (1.5, "1.5"), (moment("2024-01-02"), "2024-01-02"),
        (moment("2024-01-02 09:30"), "2024-01-02 09:30:00"), (dt.date(2024, 1, 2), "2024-01-02"), (dt.time(9, 30), "09:30"), ("甲", "甲"),
    ],
)  # fmt: skip
def test_cells(value, text):
    assert cell_text(value) == text


def test_the_template_holds_every_column_with_a_chinese_comment_and_is_read_back(tmp_path, reference):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template())
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == [file.value for file in ImportFile]
    for file in ImportFile:
        cells = workbook[file.value][1]
        assert [cell.value for cell in cells] == [column.name for column in COLUMNS[file]]
        assert all(column.zh in cell.comment.text for cell, column in zip(cells, COLUMNS[file], strict=True))
    for source in find_sources(tmp_path).files:
        opened = open_source(source)
        assert (opened.findings, opened.layout.order) == ((), None)
        assert sum(batch.read for batch in validate(opened, reference)) == 0


def test_encoding_findings_are_of_the_file_and_refuse_nothing(samples):
    found = {source.file: open_source(source) for source in find_sources(samples / "dirty").files}
    assert [f.kind for f in found[ImportFile.HEARINGS].findings] == [K.ENCODING]
    assert [f.kind for f in found[ImportFile.DOCUMENTS].findings] == [K.BOM_CRLF]
    assert all(RULES[f.kind].fate is Fate.NORMALISED and f.line == 0 for o in found.values() for f in o.findings)
