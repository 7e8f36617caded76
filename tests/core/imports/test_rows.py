from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports import encoding as enc
from core.imports.encoding import detect_encoding
from core.imports.kinds import FaultKind
from core.imports.rows import MOST_LINES, PlainBlock, Record, is_odd, read_csv, read_header


def records(path, data):
    path.write_bytes(data)
    found = []
    for block in read_csv(path, detect_encoding(path)):
        if isinstance(block, PlainBlock):
            found += [Record(number, line.split(",")) for number, line in enumerate(block.lines, block.first)]
        else:
            found += block.records
    return found


@pytest.fixture
def read(tmp_path):
    return lambda data: records(tmp_path / "cases.csv", data)


CELL = st.text(st.sampled_from('a1,"\n ；\u200b（中'), max_size=6)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]), st.integers(1, 50)
)
def test_what_a_csv_writer_writes_is_read_back_with_the_line_where_it_starts(tmp_path_factory, rows, end, block):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(["a", "b", "c"])
    expected = []
    for row in rows:
        expected.append((text.getvalue().count("\n") + 1, row))
        writer.writerow(row)
    before = enc.BLOCK_BYTES
    enc.BLOCK_BYTES = block
    try:
        found = records(tmp_path_factory.getbasetemp() / "rows.csv", text.getvalue().encode())
    finally:
        enc.BLOCK_BYTES = before
    assert [(record.line, record.fields) for record in found] == expected
    assert all(record.fault is None and record.shown is None for record in found)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_and_every_line_is_accounted_for(tmp_path_factory, data):
    found = records(tmp_path_factory.getbasetemp() / "any.csv", b"a,b\n" + data)
    lines = [record.line for record in found]
    assert lines == sorted(set(lines))
    assert all(2 <= line <= data.count(b"\n") + 2 for line in lines)
    if b'"' not in data and b"\r" not in data:
        assert lines == list(range(2, 2 + len(data.removesuffix(b"\n").split(b"\n")) * bool(data)))


def test_broken_bytes_are_shown_and_spoil_their_own_line_only(read):
    one, two, three = read("a,b\n甲,1\n".encode() + b"\xe7\x94,2\n" + "丙,3\n".encode())
    assert (one.fields, one.shown) == (["甲", "1"], None)
    assert (two.line, two.fields[1], two.shown) == (3, "2", ["\\xe7\\x94", "2"])
    assert (three.fields, three.shown) == (["丙", "3"], None)


def test_broken_bytes_of_gb18030(read):
    good, bad = read(b"a,b\n" + "甲,一\n".encode("gb18030") + b"\xff,2\n")
    assert good.fields == ["甲", "一"]
    assert bad.shown == ["\\xff", "2"]


def test_broken_bytes_inside_a_quoted_field(read):
    (record,) = read(b'a,b\n"x,\xff\ny",2\n')
    assert record.line == 2
    assert record.fields == ["x,\ufffd\ny", "2"]
    assert record.shown == ["x,\\xff\ny", "2"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'"a"x,1\nb,2\n', [(2, None), (3, ["b", "2"])]),
        (b'a"x,1\nb,2\n', [(2, ['a"x', "1"]), (3, ["b", "2"])]),
        (b'"a,1\nb,2\n', [(2, None), (3, ["b", "2"])]),
        (b'"a,1\nb",2\nc,3\n', [(2, ["a,1\nb", "2"]), (4, ["c", "3"])]),
        (b'"a,1\n"b,2\nc,3\n', [(2, None), (3, None), (4, ["c", "3"])]),
    ],
)
def test_broken_quotation_marks_cost_their_line_and_no_other(read, data, expected):
    found = read(b"a,b\n" + data)
    assert [(record.line, None if record.fault else record.fields) for record in found] == expected
    assert {record.fault for record in found} <= {None, FaultKind.BROKEN_QUOTE}


def test_an_opening_quotation_mark_does_not_swallow_the_rest_of_the_file(read):
    found = read(b'a,b\n"x,1\n' + b"y,2\n" * (MOST_LINES * 3))
    assert found[0].fault is FaultKind.BROKEN_QUOTE
    assert [record.line for record in found] == list(range(2, MOST_LINES * 3 + 3))
    assert all(record.fields == ["y", "2"] for record in found[1:])


def test_a_huge_line_is_refused_and_the_next_is_read(read):
    found = read(b"a,b\n" + b"x" * (3 << 20) + b"\n" + b'"' + b"y" * 200_000 + b'",1\nb,2\n')
    assert [(record.line, record.fault) for record in found] == [
        (2, FaultKind.TOO_LONG),
        (3, FaultKind.TOO_LONG),
        (4, None),
    ]


def test_last_line_without_end(read):
    assert [record.fields for record in read(b"a,b\r\n1,2\r\n3,4")] == [["1", "2"], ["3", "4"]]


def test_header(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(b'\xef\xbb\xbf case_id , "x"\r\n')
    assert read_header(path, detect_encoding(path))[0] == "case_id"
    path.write_bytes(b'"case_id\n')
    with pytest.raises(ValueError):
        read_header(path, detect_encoding(path))


@pytest.mark.parametrize(
    ("line", "odd"),
    [
        ("C1,（2024）粤7101行初1号,丁某等3人", False),
        ("C1,John Smith", False),
        ("C1, 丁某", True),
        ("C1,丁某 ", True),
        ("C1,丁  某", True),
        ("C1,丁\u200b某", True),
        ("C1,丁\u00a0某", True),
        ("C1,２０２４", True),
        ("C1,丁\ufffd", True),
        ("C1,\0", True),
        ("C1,#N/A", True),
        ('C1,"丁"', True),
    ],
)
def test_odd_lines(line, odd):
    assert is_odd(line) is odd
