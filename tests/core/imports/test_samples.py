"""The generator's output, clean and dirty: what can be judged without other rows comes out as the table of fates says."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date

from core.calendar.calendar_file import shipped_calendar
from core.imports.columns import COLUMNS, STAGING, ImportFile
from core.imports.fates import LEDGER, fate_of, ledger_fate
from core.imports.kinds import FaultKind


def ledger(samples):
    with (samples / "dirty" / "dirt.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def needs_other_rows(entry, kinds):
    """Whether a ledger's row shows only beside other rows: then nothing may be found in it by itself."""
    match entry["kind"]:
        case "unknown_case":
            return True
        case "duplicate_case_no":
            return FaultKind.CASE_NUMBER_CONTRADICTS not in kinds
        case "rest_day":
            return shipped_calendar().is_workday(date.fromisoformat(entry["dirty"]))
        case _:
            return False


def test_clean_rows_are_staged_as_they_are_and_unreported(samples, judge):
    outcome = judge(samples / "clean")
    assert outcome.findings == []
    for file in ImportFile:
        with (samples / "clean" / f"{file.value}.csv").open(encoding="utf-8", newline="") as source:
            rows = list(csv.reader(source))[1:]
        staged = list(csv.reader(outcome.lines(file.value)))
        assert len(rows) > 100
        assert [row[1 : len(COLUMNS[file]) + 1] for row in staged] == rows
        assert [int(row[0]) for row in staged] == list(range(2, len(rows) + 2))
        assert {len(row) for row in staged} == {len(STAGING[file])}


def test_derived_columns_of_a_case(samples, judge):
    first = next(csv.reader(judge(samples / "clean").lines("cases")))
    derived = dict(zip((name for name, _ in STAGING[ImportFile.CASES]), first, strict=True))
    assert derived["code"] == derived["tenant_code"].ljust(9, "0")
    number = (
        f"（{derived['number_year']}）{derived['number_court']}{derived['number_type']}{derived['number_serial']}号"
    )
    assert number == derived["case_no"]
    assert derived["number_read"] == ""


def test_the_sample_has_every_kind_of_dirt(samples):
    assert {entry["kind"] for entry in ledger(samples)} == set(LEDGER)


def test_every_dirty_row_has_the_fate_of_the_table_and_no_other_row_is_reported(samples, judge):
    outcome = judge(samples / "dirty")
    found = defaultdict(list)
    for finding in outcome.findings:
        found[finding.file, finding.line].append(finding)
    for entry in ledger(samples):
        place = entry["file"], int(entry["row"]) + 1 if entry["row"] != "0" else 0
        findings = found.pop(place, [])
        kinds = {finding.kind for finding in findings}
        if needs_other_rows(entry, kinds):
            assert not findings, entry
            continue
        assert fate_of(kinds) is ledger_fate(entry["kind"]), entry
        assert kinds & set(LEDGER[entry["kind"]]), entry
        if entry["column"]:
            assert entry["dirty"] in {finding.text for finding in findings if finding.column == entry["column"]}
    assert not found


def test_dirty_rows_that_land_hold_the_clean_value(samples, judge):
    outcome = judge(samples / "dirty")
    staged = {
        (file.value, int(row[0])): row[1:] for file in ImportFile for row in csv.reader(outcome.lines(file.value))
    }
    mended = {"wrong_brackets", "missing_hao", "spaces", "fullwidth_digits", "date_format", "excel_serial"}
    mended |= {"agency_alias", "zero_width", "yes_no_text", "bad_file_name"}
    checked = set()
    for entry in ledger(samples):
        if entry["kind"] in mended:
            place = [column.name for column in COLUMNS[ImportFile(entry["file"])]].index(entry["column"])
            assert staged[entry["file"], int(entry["row"]) + 1][place] == entry["clean"], entry
            checked.add(entry["kind"])
    assert checked == mended


def test_counts_add_up_and_rejected_cases_are_named(samples, judge):
    outcome = judge(samples / "dirty")
    with (samples / "dirty" / "cases.csv").open(encoding="utf-8", newline="") as source:
        lines = {row["case_id"]: number for number, row in enumerate(csv.DictReader(source), 2)}
    rejected = [case for batch in outcome.batches["cases"] for case in batch.rejected_cases]
    assert outcome.staged("cases") + len(rejected) == outcome.read("cases") == len(lines)
    assert {case.case_id: case.line for case in rejected}.items() <= lines.items()
    # A number spoilt by 刑 still claims its place: a later row that bears it is the duplicate.
    look_alikes = {int(entry["row"]) + 1 for entry in ledger(samples) if entry["kind"] == "look_alike"}
    claims = {case.line: case for case in rejected if case.line in look_alikes}
    assert claims.keys() == look_alikes
    assert all(case.binding and case.number_type.startswith("行") for case in claims.values())
