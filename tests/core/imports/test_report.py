from __future__ import annotations

import csv

import orjson
import pytest

from core.imports.columns import ImportFile
from core.imports.fates import Fate
from core.imports.kinds import FaultKind, Finding
from core.imports.report import HEADER, ExitCode, FileTally, ReportWriter, exit_code

FINDING = Finding("documents", 7, "doc_date", FaultKind.DATE_FORMAT, "2024年1月5日", "2024-01-05")
CHILD = Finding("documents", 9, "case_id", FaultKind.PARENT_REJECTED, "=C1", None, "cases", 3)


def test_the_report_names_file_line_column_reason_and_text(tmp_path):
    with ReportWriter(tmp_path) as report:
        report.write(FINDING, Fate.NORMALISED)
        report.write(CHILD, Fate.REJECTED)
        report.write_summary(
            {ImportFile.DOCUMENTS: FileTally("documents.csv", "utf-8", read=2, landed=1)}, dry_run=True
        )
        assert not (tmp_path / "report.csv").exists()
    assert (tmp_path / "report.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        one, two = csv.DictReader(file)
    assert tuple(one) == HEADER
    assert (one["file"], one["line"], one["column"], one["column_zh"]) == ("documents", "7", "doc_date", "文书日期")
    assert (one["kind"], one["row_fate"], one["text"], one["value"]) == (
        "DATE_FORMAT",
        "NORMALISED",
        "2024年1月5日",
        "2024-01-05",
    )
    assert one["reason"]
    assert one["reason_zh"]
    assert (two["parent_file"], two["parent_line"], two["row_fate_zh"]) == ("cases", "3", "未导入")
    assert two["text"] == "'=C1"
    summary = orjson.loads((tmp_path / "summary.json").read_bytes())
    assert summary["dryRun"] is True
    assert summary["files"]["documents"]["read"] == 2


def test_an_error_leaves_the_old_report(tmp_path):
    with ReportWriter(tmp_path) as report:
        report.write(FINDING, Fate.NORMALISED)
    before = (tmp_path / "report.csv").read_bytes()
    with pytest.raises(RuntimeError), ReportWriter(tmp_path):
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    assert (tmp_path / "report.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("tally", "code"),
    [
        (FileTally("cases.csv", "utf-8", read=2, landed=2, normalised=1, warned=1), ExitCode.ALL_LANDED),
        (FileTally("cases.csv", "utf-8"), ExitCode.ALL_LANDED),
        (FileTally("cases.csv", "utf-8", read=2, landed=1, rejected=1), ExitCode.SOME_REJECTED),
        (FileTally("cases.csv", "utf-8", read=2, rejected=2), ExitCode.NOTHING_DONE),
        (FileTally("cases.csv", "utf-8", refused=True), ExitCode.NOTHING_DONE),
    ],
)
def test_exit_codes(tally, code):
    assert exit_code({ImportFile.CASES: tally}) is code
