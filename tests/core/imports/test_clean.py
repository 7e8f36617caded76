"""The fast path and the thorough path agree: what the fast one passes, the thorough one finds nothing in."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.imports.clean import LONGEST_LINE, clean_test
from core.imports.columns import COLUMNS, ImportFile
from core.imports.rows import Record, is_odd
from core.imports.thorough import Examiner

SAMPLES = Path(__file__).parents[2] / "data" / "import"
FILES = [file for file in ImportFile if file is not ImportFile.AGENCIES]


@cache
def sample(file):
    with (SAMPLES / "clean" / f"{file.value}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.reader(source))[1:]


WORDS = (
    "0 1 9 是 2024-01-02 2024-02-30 2024-1-2 45293 9:30 1元 12.5 A000001 A999999 440112 4401 4402 （2024）粤7101行初1号 (2024)粤7101行初1号 "
    "（2024）粤7101行初0号 （2024）粤7101行初1 （2015）粤7101行初1号 （2024）粤7101民初1号 con.pdf .pdf a:b open closed 一审 second 维持 撤诉 0121 "
    "121 其他 10000 007"
)
POOL = st.sampled_from(["", " ", "\u200b", "x" * 65, "x" * 210, *WORDS.split()]) | st.text(max_size=8)


@pytest.fixture(scope="module")
def paths(full_reference):
    return {file: (clean_test(file, full_reference), Examiner(file, full_reference)) for file in FILES}


@given(st.data())
@pytest.mark.parametrize("file", FILES)
def test_the_fast_path_passes_only_what_the_thorough_path_leaves_as_it_is(paths, file, data):
    test, examiner = paths[file]
    row = list(data.draw(st.sampled_from(sample(file))))
    other = data.draw(st.sampled_from(sample(file)))
    for place in data.draw(st.lists(st.integers(0, len(row) - 1), max_size=3)):
        row[place] = data.draw(POOL | st.just(other[place]))
    line = ",".join(row)
    assume("\n" not in line)  # a plain line has none
    derived = test(line.split(",")) if len(line) <= LONGEST_LINE and not is_odd(line) else None
    if derived is None:
        return
    judged = examiner.examine(Record(2, row))
    assert judged.findings == []
    assert [value or "" for value in judged.values] == row
    assert derived == "".join(f",{value or ''}" for value in judged.derived)


@pytest.mark.parametrize("file", FILES)
def test_the_fast_path_passes_every_clean_row_of_the_samples(paths, file):
    test, _ = paths[file]
    assert all(test(row) is not None for row in sample(file))
    assert all(len(row) == len(COLUMNS[file]) for row in sample(file))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("width", [0, 1, 5, 40])
def test_a_row_of_another_width_is_not_passed(paths, file, width):
    assert paths[file][0]([""] * width) is None
