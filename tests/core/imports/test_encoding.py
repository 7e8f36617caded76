from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports import encoding as enc
from core.imports.encoding import FileEncoding, detect_encoding, read_lines

HEADER = b"case_id,plaintiff\n"
CHINESE = "C1,丁某丙，罚款\n" * 3
LATE = b"C1,abc\n" * 200_000  # longer than any head that a sniffer would look at


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", FileEncoding("utf-8", bom=False, crlf=False)),
        (HEADER, FileEncoding("utf-8", bom=False, crlf=False)),
        (HEADER + CHINESE.encode(), FileEncoding("utf-8", bom=False, crlf=False)),
        (b"\xef\xbb\xbf" + HEADER, FileEncoding("utf-8", bom=True, crlf=False)),
        (HEADER.replace(b"\n", b"\r\n"), FileEncoding("utf-8", bom=False, crlf=True)),
        (HEADER + CHINESE.encode("gb18030"), FileEncoding("gb18030", bom=False, crlf=False)),
        (LATE + CHINESE.encode("gb18030"), FileEncoding("gb18030", bom=False, crlf=False)),
        (LATE + CHINESE.encode(), FileEncoding("utf-8", bom=False, crlf=False)),
        (HEADER + CHINESE.encode() + b"C2,\xff\xfe\n", FileEncoding("utf-8", bom=False, crlf=False)),
        (HEADER + CHINESE.encode() + "丁".encode()[:2], FileEncoding("utf-8", bom=False, crlf=False)),
        (HEADER + CHINESE.encode("gb18030") + b"C2,\xff\n", FileEncoding("gb18030", bom=False, crlf=False)),
        (HEADER.decode().encode("utf-16"), FileEncoding("utf-16", bom=True, crlf=False, readable=False)),
    ],
)
def test_detection(tmp_path, data, expected):
    path = tmp_path / "cases.csv"
    path.write_bytes(data)
    assert detect_encoding(path) == expected


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_text_written_in_utf8_is_never_taken_for_gb18030(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "detect.csv"
    path.write_bytes(text.encode())
    found = detect_encoding(path)
    assert found.codec == "utf-8"
    assert found.bom == text.startswith("\ufeff")


@given(st.binary(max_size=400), st.integers(1, 60))
def test_lines_are_the_file_whatever_the_block_size(data, block):
    before = enc.BLOCK_BYTES
    enc.BLOCK_BYTES = block
    try:
        blocks = list(read_lines(io.BytesIO(data)))
    finally:
        enc.BLOCK_BYTES = before
    assert b"".join(part.data for part in blocks) == data
    assert sum(part.size for part in blocks) == len(data)
    lines = 0
    for part in blocks:
        assert part.first == lines + 1
        assert not part.cut
        lines += part.data.count(b"\n")


def test_a_line_without_end_is_cut_and_the_next_one_is_whole():
    data = b"a\n" + b"x" * (3 << 20) + b"\nb\n"
    blocks = list(read_lines(io.BytesIO(data)))
    huge = next(part for part in blocks if part.cut)
    assert huge.first == 2
    assert len(huge.data) < 2 << 20
    assert sum(part.size for part in blocks) == len(data)
    assert blocks[-1].data.endswith(b"\nb\n")
