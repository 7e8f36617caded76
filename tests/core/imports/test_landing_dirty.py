"""Dirty samples: every row of the ledger has its fate, what hangs on a rejected row falls with it, everything else lands."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from core.imports.columns import ImportFile
from core.imports.fates import LEDGER, Fate, ledger_fate
from core.imports.report import ExitCode
from tests.core.imports.landing_support import SAMPLES, landing_on, read_files

KEYS = {file: next(iter(row)) for file, rows in read_files(SAMPLES / "clean").items() for row in rows[:1]}
IMPORTED = {
    "case": ImportFile.CASES,
    "hearing": ImportFile.HEARINGS,
    "judgment": ImportFile.JUDGMENTS,
    "document": ImportFile.DOCUMENTS,
}


class Told:
    """A dirty sample, what was reported of it, and what landed."""

    def __init__(self, name, result, report, landed):
        self.files = read_files(SAMPLES / name)
        with (SAMPLES / name / "dirt.csv").open(encoding="utf-8", newline="") as file:
            self.ledger = list(csv.DictReader(file))
        self.result, self.landed = result, landed
        self.report = defaultdict(list)
        for row in report:
            self.report[row["file"], int(row["line"])].append(row)
        self.dirty = {(row["file"], int(row["row"]) + 1) for row in self.ledger if row["row"] != "0"}

    def at(self, file, line):
        return self.report.get((file, line), [])

    def rejected(self, file, line):
        return any(row["row_fate"] == "REJECTED" for row in self.at(file, line))

    def parents(self, file, row):
        """The cases that a row hangs on."""
        names = ("prev_case_id", "root_case_id") if file is ImportFile.CASES else ("case_id",)
        return {row[name] for name in names if row[name]} - ({row["case_id"]} if file is ImportFile.CASES else set())


@pytest.fixture(scope="module", params=["dirty", "dirty-11", "dirty-12"])
async def told(request, server_url, seeded, tmp_path_factory):
    async with landing_on(server_url, seeded, tmp_path_factory.mktemp("dirty")) as landing:
        result = await landing.run(SAMPLES / request.param)
        keys = await landing.rows("select kind, external_id from import_key")
        yield Told(request.param, result, landing.report(), {(row["kind"], row["external_id"]) for row in keys})


def test_every_ledger_row_has_its_kinds_fate(told):
    for entry in told.ledger:
        if entry["row"] == "0":
            found = [row for line in (0, 1) for row in told.at(entry["file"], line)]
        else:
            found = told.at(entry["file"], int(entry["row"]) + 1)
        kinds = {row["kind"] for row in found}
        assert kinds & {kind.value for kind in LEDGER[entry["kind"]]}, entry
        if "PARENT_REJECTED" not in kinds:
            assert {row["row_fate"] for row in found} == {ledger_fate(entry["kind"]).value}, entry


def test_the_report_repeats_the_text_as_read(told):
    for entry in told.ledger:
        if entry["row"] == "0" or entry["kind"] in {"rest_day", "duplicate_case_no"}:
            continue
        found = told.at(entry["file"], int(entry["row"]) + 1)
        mine = [row for row in found if row["column"] == entry["column"] and row["kind"] != "PARENT_REJECTED"]
        assert entry["dirty"] in {row["text"] for row in mine}, entry


def test_nothing_else_is_reported_but_dependants_of_rejected_rows(told):
    for (file, line), found in told.report.items():
        if line > 1 and (file, line) not in told.dirty:
            assert {row["kind"] for row in found} == {"PARENT_REJECTED"}, found


def test_dependants_fall_with_their_parents_line(told):
    lines = {row["case_id"]: line for line, row in enumerate(told.files[ImportFile.CASES], 2)}
    fallen = 0
    for file, rows in told.files.items():
        if file is ImportFile.AGENCIES:
            continue
        for line, row in enumerate(rows, 2):
            bad = {
                parent
                for parent in told.parents(file, row)
                if parent in lines and told.rejected("cases", lines[parent])
            }
            found = [one for one in told.at(file.value, line) if one["kind"] == "PARENT_REJECTED"]
            if not bad:
                assert not found
            elif found:
                fallen += 1
                assert found[0]["text"] in bad
                assert (found[0]["parent_file"], int(found[0]["parent_line"])) == ("cases", lines[found[0]["text"]])
            else:
                # Already rejected for what it is itself.
                assert told.rejected(file.value, line)
    assert fallen > 20


def test_what_is_not_rejected_landed_and_nothing_else(told):
    for kind, file in IMPORTED.items():
        good = {row[KEYS[file]] for line, row in enumerate(told.files[file], 2) if not told.rejected(file.value, line)}
        assert {key for kind_, key in told.landed if kind_ == kind} == good
        assert len(good) < len(told.files[file])


def test_the_counts_and_the_exit_code_agree_with_the_report(told):
    assert told.result.exit_code is ExitCode.SOME_REJECTED
    for file, tally in told.result.tallies.items():
        fates = defaultdict(int)
        for (name, line), found in told.report.items():
            if name == file.value and line > 1:
                fates[found[0]["row_fate"]] += 1
        assert tally.rejected == fates[Fate.REJECTED.value]
        assert tally.warned == fates[Fate.WARNED.value]
        assert tally.normalised == fates[Fate.NORMALISED.value]
        assert tally.read == len(told.files[file]) == tally.landed + tally.rejected


def test_the_samples_have_every_kind_of_dirt_between_them():
    kinds = set()
    for name in ("dirty", "dirty-11", "dirty-12"):
        with (SAMPLES / name / "dirt.csv").open(encoding="utf-8", newline="") as file:
            kinds |= {row["kind"] for row in csv.DictReader(file)}
    assert kinds == set(LEDGER)
