"""Rows by themselves: what each column and each rule of a row makes of a cell."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports.columns import COLUMNS, STAGING, ImportFile, Presence
from core.imports.fates import RULES, Fate
from core.imports.kinds import FaultKind as K
from core.imports.row import PLACES
from core.imports.sources import find_sources, open_source
from core.imports.validate import validate

CASE = {
    "case_id": "C1", "case_no": "（2024）粤7101行初1号", "stage": "first", "court_code": "粤7101", "tenant_code": "440111", "agency_id": "A000146",
    "agency_name": "广州市白云区人力资源和社会保障局", "plaintiff": "丁某丙", "plaintiff_type": "自然人", "cause_code": "010704",
    "cause_name": "工伤保险资格或者待遇认定", "procedure": "普通", "filed_date": "2024-01-02", "received_date": "2024-01-04", "status": "open",
}  # fmt: skip
HEARING = {
    "hearing_id": "H1",
    "case_id": "C1",
    "seq": "1",
    "date": "2024-01-29",
    "start_time": "10:30",
    "mode": "现场",
    "head_attended": "1",
}
JUDGMENT = {
    "judgment_id": "J1",
    "case_id": "C1",
    "kind": "判决书",
    "doc_no": "（2024）粤7101行初1号",
    "doc_date": "2024-06-04",
    "outcome": "驳回诉讼请求",
}
DOCUMENT = {
    "doc_id": "D1",
    "case_id": "C1",
    "doc_type": "传票",
    "doc_date": "2024-01-02",
    "received_date": "2024-01-04",
    "direction": "收",
    "pages": "2",
}
AGENCY = {"agency_id": "A1", "name": "广州市某局", "level": "city", "tenant_code": "4401", "category": "police"}
ROWS = {
    ImportFile.AGENCIES: AGENCY,
    ImportFile.CASES: CASE,
    ImportFile.HEARINGS: HEARING,
    ImportFile.JUDGMENTS: JUDGMENT,
    ImportFile.DOCUMENTS: DOCUMENT,
}


@pytest.fixture
def run(tmp_path, full_reference):
    """Judge rows given as dicts: the staged rows as dicts of column to text, and the findings."""

    def judge(file, *rows, header=None, reference=full_reference, data=None):
        names = header or [column.name for column in COLUMNS[file]]
        path = tmp_path / f"{file.value}.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([row.get(name, "") for name in names] if isinstance(row, dict) else row for row in rows)
        if data is not None:
            path.write_bytes(data)
        opened = open_source(find_sources(tmp_path).files[0])
        batches = list(validate(opened, reference))
        staged = csv.reader(b"".join(batch.copy for batch in batches).decode().splitlines(keepends=True))
        columns = [name for name, _ in STAGING[file]]
        findings = [*opened.findings, *(finding for batch in batches for finding in batch.findings)]
        return [dict(zip(columns, row, strict=True)) for row in staged], findings

    return judge


@pytest.mark.parametrize("file", ROWS)
def test_the_rows_that_the_other_tests_spoil_are_clean(run, file):
    staged, findings = run(file, ROWS[file])
    assert findings == []
    assert {key: staged[0][key] for key in ROWS[file]} == ROWS[file]


SPOILT = [
    (ImportFile.CASES, "tenant_code", "440300", K.OUTSIDE_TENANT, None),
    (ImportFile.CASES, "tenant_code", "44", K.UNKNOWN_CODE, None),
    (ImportFile.CASES, "tenant_code", "440112", K.TENANT_DIFFERS, "440112"),
    (ImportFile.CASES, "tenant_code", "", None, ""),
    (ImportFile.CASES, "agency_id", "", K.MISSING_AGENCY, None),
    (ImportFile.CASES, "agency_id", "\u3000", K.MISSING_AGENCY, None),
    (ImportFile.CASES, "agency_id", "A999999", K.UNKNOWN_AGENCY, None),
    (ImportFile.CASES, "agency_id", "Ａ０００１４６", K.FULLWIDTH_DIGITS, "A000146"),
    (ImportFile.CASES, "co_agency_id", "A999999", K.UNKNOWN_AGENCY, None),
    (ImportFile.CASES, "agency_name", "白云区人社局 ", K.AGENCY_ALIAS, CASE["agency_name"]),
    (ImportFile.CASES, "agency_name", "", None, CASE["agency_name"]),
    (ImportFile.CASES, "case_no", "", K.MISSING_REQUIRED, None),
    (ImportFile.CASES, "case_no", "（2024）粤7101行初1号之一", K.CASE_NUMBER_STYLE, CASE["case_no"]),
    (ImportFile.CASES, "case_no", "(2024)粤7101行初1号", None, CASE["case_no"]),
    (ImportFile.CASES, "case_no", "（2024）粤71行初1号", K.CASE_NUMBER_CONTRADICTS, None),
    (ImportFile.CASES, "case_no", "（2023）粤7101行初1号", K.CASE_NUMBER_CONTRADICTS, None),
    (ImportFile.CASES, "stage", "retrial", K.CASE_NUMBER_CONTRADICTS, None),
    (ImportFile.CASES, "stage", "一审", K.CODE_SYNONYM, "first"),
    (ImportFile.CASES, "stage", "third", K.UNKNOWN_CODE, None),
    (ImportFile.CASES, "cause_code", "10704", K.LEADING_ZERO, "010704"),
    (ImportFile.CASES, "cause_code", "77", K.UNKNOWN_CAUSE, "77"),
    (ImportFile.CASES, "cause_code", "", K.MISSING_VALUE, ""),
    (ImportFile.CASES, "cause_name", "其他（行政）", K.UNKNOWN_CAUSE, "其他（行政）"),
    (ImportFile.CASES, "plaintiff", "", K.MISSING_REQUIRED, None),
    (ImportFile.CASES, "plaintiff", "甲" * 501, K.TOO_LONG, None),
    (ImportFile.CASES, "plaintiff", "丁\0", K.CONTROL_CHARACTER, None),
    (ImportFile.CASES, "plaintiff", "#REF!", K.CELL_ERROR, None),
    (ImportFile.CASES, "plaintiff", '丁"某", 丙', None, '丁"某", 丙'),
    (ImportFile.CASES, "filed_date", "2024-02-30", K.DATE_IMPOSSIBLE, None),
    (ImportFile.CASES, "filed_date", "", K.MISSING_REQUIRED, None),
    (ImportFile.CASES, "received_date", "2024-01-01", K.DATE_ORDER, "2024-01-01"),
    (ImportFile.CASES, "closed_date", "2023-12-01", K.DATES_REVERSED, None),
    (ImportFile.CASES, "closed_date", "2024-12-02", K.STATUS_CONTRADICTS, "2024-12-02"),
    (ImportFile.CASES, "status", "closed", K.STATUS_CONTRADICTS, "closed"),
    (ImportFile.CASES, "outcome", "维持", K.UNKNOWN_LABEL, "维持"),
    (ImportFile.CASES, "outcome", "不知道", K.UNKNOWN_LABEL, "不知道"),
    (ImportFile.HEARINGS, "date", "2024-01-28", K.REST_DAY, "2024-01-28"),
    (ImportFile.HEARINGS, "date", "2024-02-18", None, "2024-02-18"),  # a Sunday swapped to a working day
    (ImportFile.HEARINGS, "date", "２０２４年１月２９日", K.FULLWIDTH_DIGITS, "2024-01-29"),
    (ImportFile.HEARINGS, "start_time", "早上", K.TIME_UNREADABLE, ""),
    (ImportFile.HEARINGS, "head_attended", "未知", K.YES_NO_TEXT, ""),
    (ImportFile.HEARINGS, "seq", "第二次", K.NUMBER_UNREADABLE, None),
    (ImportFile.JUDGMENTS, "doc_no", "", K.MISSING_VALUE, ""),
    (ImportFile.JUDGMENTS, "amount_yuan", "1.2万元", K.AMOUNT_TEXT, "12000"),
    (ImportFile.JUDGMENTS, "amount_yuan", "NaN", K.AMOUNT_UNREADABLE, None),
    (ImportFile.JUDGMENTS, "served_date", "2024-06-01", K.DATE_ORDER, "2024-06-01"),
    (ImportFile.JUDGMENTS, "kind", "判决", K.UNKNOWN_CODE, None),
    (ImportFile.DOCUMENTS, "doc_type", "奇怪的文书", K.UNKNOWN_LABEL, "奇怪的文书"),
    (ImportFile.DOCUMENTS, "file_name", "../判决书.pdf", K.BAD_FILE_NAME, "判决书.pdf"),
    (ImportFile.DOCUMENTS, "received_date", "2024-01-01", K.DATE_ORDER, "2024-01-01"),
    (ImportFile.DOCUMENTS, "pages", "2页", K.NUMBER_TEXT, "2"),
    (ImportFile.AGENCIES, "tenant_code", "4403", K.OUTSIDE_TENANT, None),
    (ImportFile.AGENCIES, "level", "市级", K.CODE_SYNONYM, "city"),
]


@pytest.mark.parametrize(("file", "column", "text", "kind", "value"), SPOILT)
def test_one_spoilt_cell(run, file, column, text, kind, value):
    staged, findings = run(file, ROWS[file] | {column: text})
    assert {finding.kind for finding in findings} >= ({kind} if kind else set())
    if kind is None:
        assert findings == []
    assert [row[column] for row in staged] == ([] if value is None else [value])
    assert all(finding.line == 2 and finding.file == file.value for finding in findings)
    if kind is not None and text:
        found = next(finding for finding in findings if finding.kind is kind)
        if found.column == column:
            assert found.text == text[:499] + ("…" if len(text) > 500 else "") or "\0" in text


@pytest.mark.parametrize("file", ROWS)
def test_every_required_column_is_missed(run, file):
    for column in COLUMNS[file]:
        staged, findings = run(file, ROWS[file] | {column.name: ""})
        if column.presence is Presence.REQUIRED:
            assert staged == []
            assert {(finding.column, RULES[finding.kind].fate) for finding in findings} == {
                (column.name, Fate.REJECTED)
            }


def test_a_row_that_starts_after_a_field_over_two_lines_is_named_by_its_own_line(run):
    _, findings = run(ImportFile.CASES, CASE | {"court_name": "一\n二"}, CASE | {"case_id": "C2", "agency_id": ""})
    assert [(finding.line, finding.kind) for finding in findings] == [(2, K.SPACES), (4, K.MISSING_AGENCY)]


def test_width_of_rows(run):
    whole = [CASE.get(column.name, "") for column in COLUMNS[ImportFile.CASES]]
    staged, findings = run(ImportFile.CASES, whole[:-1], [*whole, "x"], [*whole, "", ""], [], ["", " "])
    assert [row["line"] for row in staged] == ["4"]
    assert [(finding.line, finding.kind) for finding in findings] == [(2, K.COLUMN_COUNT), (3, K.COLUMN_COUNT)]


def test_columns_in_another_order_by_chinese_title_with_one_unknown(run):
    titles = {column.name: column.zh for column in COLUMNS[ImportFile.DOCUMENTS]}
    row = {titles[name]: text for name, text in DOCUMENT.items()}
    header = [*reversed(row), "备注"]
    staged, findings = run(ImportFile.DOCUMENTS, row, header=header)
    assert {key: staged[0][key] for key in DOCUMENT} == DOCUMENT
    assert [(finding.kind, finding.column) for finding in findings] == [(K.UNKNOWN_COLUMN, "备注")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", K.EMPTY_FILE),
        (b"\n\n", K.EMPTY_FILE),
        (b"\xef\xbb\xbf", K.EMPTY_FILE),
        (b"doc_id,case_id\nD1,C1\n", K.MISSING_COLUMN),
        (b"\xff\xfed\x00o\x00c\x00", K.UNREADABLE_FILE),
        (b"doc_id,\xff\n", K.UNREADABLE_FILE),
        (b"doc_id,doc_id,case_id,doc_type,direction\n", K.DUPLICATE_COLUMN),
    ],
)
def test_a_file_that_is_refused_as_a_whole(run, data, kind):
    staged, findings = run(ImportFile.DOCUMENTS, data=data)
    assert staged == []
    assert kind in {finding.kind for finding in findings}


def test_agencies_come_out_for_the_cases_and_a_second_one_of_the_same_id_is_refused(run, tmp_path, reference):
    staged, findings = run(ImportFile.AGENCIES, AGENCY, AGENCY | {"name": "另一个局"}, reference=reference)
    assert [row["name"] for row in staged] == ["广州市某局"]
    assert [(finding.kind, finding.line, finding.parent_line) for finding in findings] == [(K.DUPLICATE_ID, 3, 2)]
    (batch,) = validate(open_source(find_sources(tmp_path).files[0]), reference)
    assert {key: agency.code for key, agency in batch.agencies.items()} == {"A1": 440_100_000}


def test_a_district_takes_its_own_rows_only(run, full_reference):
    district = replace(full_reference, low=440_112_000, high=440_113_000)
    staged, findings = run(ImportFile.CASES, CASE, reference=district)
    assert staged == []
    assert {finding.kind for finding in findings} == {K.OUTSIDE_TENANT}


@pytest.mark.parametrize("file", ROWS)
@settings(max_examples=60)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_end_in_rows_and_findings(tmp_path_factory, full_reference, file, data, with_header):
    folder = tmp_path_factory.mktemp("any", numbered=True)
    header = ",".join(column.name for column in COLUMNS[file]).encode() + b"\n"
    (folder / f"{file.value}.csv").write_bytes(header * with_header + data)
    opened = open_source(find_sources(folder).files[0])
    for batch in validate(opened, full_reference):
        rows = list(csv.reader(batch.copy.decode().splitlines(keepends=True)))
        assert batch.staged == len(rows)
        assert {len(row) for row in rows} <= {len(STAGING[file])}
        refused = {f.line for f in batch.findings if RULES[f.kind].fate is Fate.REJECTED}
        assert batch.staged + len(refused) == batch.read
        assert all("\0" not in finding.text for finding in batch.findings)


@settings(max_examples=150)
@given(st.data())
def test_any_cells_end_in_values_that_the_staged_types_take(full_reference, data):
    file = data.draw(st.sampled_from(list(ROWS)))
    row = ROWS[file] | data.draw(
        st.dictionaries(st.sampled_from([c.name for c in COLUMNS[file]]), st.text(max_size=20), max_size=4)
    )
    from core.imports.rows import Record
    from core.imports.thorough import Examiner

    fields = [row.get(column.name, "") for column in COLUMNS[file]]
    judged = Examiner(file, full_reference).examine(Record(2, fields))
    assert judged is not None
    assert judged.rejected == any(RULES[finding.kind].fate is Fate.REJECTED for finding in judged.findings)
    if judged.rejected:
        return
    assert len(judged.values) + len(judged.derived) + 1 == len(STAGING[file])
    for column in COLUMNS[file]:
        value = judged.values[PLACES[file][column.name]]
        assert value is None or (0 < len(value) <= max(column.longest, 240) and "\0" not in value)
        assert value is not None or column.presence is not Presence.REQUIRED
    # A row that landed, written out and read again, is left as it is.
    again = Examiner(file, full_reference).examine(Record(2, [value or "" for value in judged.values]))
    assert again.values == judged.values
