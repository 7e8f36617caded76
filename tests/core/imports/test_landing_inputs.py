"""Files as people send them: workbooks, encodings, empty and broken files, and a million bad rows."""

from __future__ import annotations

import codecs
import csv
import gc
import shutil

import openpyxl
import pytest

from core.errors import BadUserInput
from core.imports.columns import COLUMNS, ImportFile
from core.imports.kinds import Finding
from core.imports.report import ExitCode
from core.imports.template import template
from core.imports.validate import RejectedCase
from tests.core.imports.landing_support import SAMPLES, agency, case, document, write_files

GRAPH = {
    "case_shell": "number_text, filed_on, closed_on, outcome, first_hearing_on, cause_code, challenged_act_number",
    "response": "ordinal, code, received_on, answer_due_on, answered_on, outcome, lost",
    "party": "side, kind, name, people",
    "hearing": "sequence, held_on, starts_at, mode, head_required",
    "appearance": "ordinal, head_attended, head_name, head_title, absence_reason, agents",
    "judgment": "kind, number_text, decided_on, served_on, outcome, appeal_until, effective_on",
    "holding": "ordinal, outcome, lost, loss_reason, amount_yuan",
    "document": "doc_type, title, number_text, direction, dated_on, received_on, pages, file_name",
    "period": "kind, starts_on, due_on, status, met_on, provisional",
}


async def graph(landing):
    return {
        table: sorted(map(repr, await landing.rows(f"select {columns} from {table}")))
        for table, columns in GRAPH.items()
    }


def as_workbook(directory, target):
    """The template, filled with the rows of CSV files as a person's spreadsheet holds them: as text."""
    path = target / "cases-of-2026.xlsx"
    target.mkdir()
    path.write_bytes(template())
    book = openpyxl.load_workbook(path)
    for file in ImportFile:
        with (directory / f"{file.value}.csv").open(encoding="utf-8", newline="") as rows:
            for row in list(csv.reader(rows))[1:]:
                book[file.value].append([cell or None for cell in row])
    book.save(path)
    return target


async def test_a_workbook_lands_as_the_csv_files_do(landing, landed):
    reference, _ = landed
    result = await landing.run(as_workbook(SAMPLES / "clean", landing.folder / "xlsx"))
    assert result.exit_code is ExitCode.ALL_LANDED
    assert landing.report() == []
    assert {tally.source for tally in result.tallies.values()} == {"cases-of-2026.xlsx"}
    assert await graph(landing) == await graph(reference)


@pytest.mark.parametrize(
    ("encode", "kinds"),
    [
        (lambda text: text.encode("gb18030"), {"ENCODING"}),
        (lambda text: codecs.BOM_UTF8 + text.encode(), {"BOM_CRLF"}),
        (lambda text: text.replace("\n", "\r\n").encode(), {"BOM_CRLF"}),
        (lambda text: text.replace("\n", "\r\n").encode("gb18030"), {"ENCODING", "BOM_CRLF"}),
    ],
    ids=["gb18030", "bom", "crlf", "gb18030-crlf"],
)
async def test_every_encoding_lands_the_same(landing, landed, encode, kinds):
    reference, _ = landed
    folder = landing.folder / "encoded"
    folder.mkdir()
    for path in (SAMPLES / "clean").glob("*.csv"):
        (folder / path.name).write_bytes(encode(path.read_text(encoding="utf-8")))
    result = await landing.run(folder)
    assert result.exit_code is ExitCode.ALL_LANDED
    assert {row["kind"] for row in landing.report()} == kinds
    assert {row["row_fate"] for row in landing.report()} == {"NORMALISED"}
    assert await graph(landing) == await graph(reference)


HEADER = ",".join(column.name for column in COLUMNS[ImportFile.CASES])


def line_of(row):
    return ",".join(row.get(column.name, "") for column in COLUMNS[ImportFile.CASES])


GOOD_LINE, OTHER_LINE = line_of(case("C1", 1)), line_of(case("C2", 2))


@pytest.mark.parametrize(
    ("content", "code", "found", "landed_cases"),
    [
        (b"", ExitCode.SOME_REJECTED, [("cases", 1, "", "EMPTY_FILE")], 0),
        (b"\n\n", ExitCode.SOME_REJECTED, [("cases", 1, "", "EMPTY_FILE")], 0),
        (f"{HEADER}\n".encode(), ExitCode.ALL_LANDED, [], 0),
        (f"{HEADER}".encode(), ExitCode.ALL_LANDED, [], 0),
        (f"{HEADER}\n\n,,,\n{GOOD_LINE}\n".encode(), ExitCode.ALL_LANDED, [], 1),
        (f"{HEADER}\n{GOOD_LINE}".encode("utf-16"), ExitCode.SOME_REJECTED, [("cases", 0, "", "UNREADABLE_FILE")], 0),
        (f"{HEADER}\nC9\n{GOOD_LINE}\n".encode(), ExitCode.SOME_REJECTED, [("cases", 2, "", "COLUMN_COUNT")], 1),
        (
            f"{HEADER}\n{GOOD_LINE}\n{OTHER_LINE}".encode().replace(b"C1", b"C\xff", 1),
            ExitCode.SOME_REJECTED,
            [("cases", 2, "case_id", "BROKEN_BYTES")],
            1,
        ),
        (
            f"{HEADER}\n{GOOD_LINE.replace('张三', '三' * 200_000)}\n{OTHER_LINE}\n".encode(),
            ExitCode.SOME_REJECTED,
            [("cases", 2, "plaintiff", "TOO_LONG")],
            1,
        ),
        (
            f"{HEADER}\n{GOOD_LINE.replace('张三', '张' + chr(0))}\n{OTHER_LINE}\n".encode(),
            ExitCode.SOME_REJECTED,
            [("cases", 2, "plaintiff", "CONTROL_CHARACTER")],
            1,
        ),
        (
            f'{HEADER}\n{GOOD_LINE.replace("张三", chr(34) + "张" + chr(10) + chr(92) + "." + chr(10) + "三" + chr(34))}\n'.encode(),
            ExitCode.ALL_LANDED,
            [("cases", 2, "plaintiff", "SPACES")],
            1,
        ),
    ],
    ids=[
        "empty", "blank", "header", "header-without-end", "blank-rows", "utf-16", "one-cell", "broken-bytes", "huge", "nul",
        "backslash-dot",
    ],
)  # fmt: skip
async def test_odd_files(landing, content, code, found, landed_cases):
    folder = write_files(landing.folder / "odd", {ImportFile.AGENCIES: [agency()]})
    (folder / "cases.csv").write_bytes(content)
    result = await landing.run(folder)
    assert landing.found() == found
    assert result.exit_code is code
    assert await landing.value("select count(*) from case_shell") == landed_cases


async def test_a_file_of_one_column_is_refused_and_the_others_land(landing):
    folder = write_files(
        landing.folder / "one", {ImportFile.AGENCIES: [agency()], ImportFile.DOCUMENTS: [document("D1", "C1")]}
    )
    (folder / "cases.csv").write_text("case_id\nC1\n", encoding="utf-8")
    result = await landing.run(folder)
    kinds = {(row["file"], row["kind"]) for row in landing.report()}
    assert kinds == {("cases", "MISSING_COLUMN"), ("documents", "UNKNOWN_CASE")}
    assert result.tallies[ImportFile.CASES].refused
    assert result.exit_code is ExitCode.SOME_REJECTED


async def test_any_text_in_a_finding_comes_out_as_it_went_in(landing):
    nasty = "\\N\\.\t'\"$1 %s {salt} 𠮷\u2028;--"
    await landing.run(write_files(landing.folder / "x", {ImportFile.AGENCIES: [agency(tenant_code=nasty)]}))
    assert landing.report()[0]["text"] == nasty


async def test_a_directory_without_files_or_with_two_of_a_kind(landing):
    folder = landing.folder / "none"
    folder.mkdir()
    with pytest.raises(BadUserInput):
        await landing.run(folder)
    shutil.copy(SAMPLES / "clean" / "cases.csv", folder)
    openpyxl.Workbook().save(folder / "cases.xlsx")
    with pytest.raises(BadUserInput, match="twice"):
        await landing.run(folder)
    assert not list(landing.folder.glob("report/*"))


async def test_what_is_found_is_not_held_in_memory(landing):
    folder = landing.folder / "broken"
    folder.mkdir()
    lines = 20_000
    with (folder / "cases.csv").open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        file.writelines(GOOD_LINE.replace("C1", f"C{n}").replace("-03-02", "-02-30") + "\n" for n in range(lines))
    held = {}

    def living():
        return sum(isinstance(one, Finding | RejectedCase) for one in gc.get_objects())

    others = living()

    def count(step, done, _of):
        held[step, done] = living() - others

    result = await landing.run(folder, progress=count)
    assert result.tallies[ImportFile.CASES].rejected == len(landing.report()) // 2 == lines
    assert result.exit_code is ExitCode.NOTHING_DONE
    # A batch at most while it is read, none after that.
    assert len(held) > 10
    assert max(held.values()) < lines / 2
    assert held["judge", 0] <= 0
    assert held["report", 0] <= 0
