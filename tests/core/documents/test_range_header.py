"""One range of bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.range_header import NotSatisfiable, byte_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 6)),
        ("BYTES=2-5", (2, 6)),
        ("bytes=2-", (2, 10)),
        ("bytes=2-99", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=5-2", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=٢-٣", None),
        ("bytes=0-" + "9" * 30, None),
    ],
)
def test_a_range_is_read(header: str | None, wanted: tuple[int, int] | None) -> None:
    assert byte_range(header, 10) == wanted


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(NotSatisfiable):
        byte_range(header, 10)


@given(st.text(max_size=40) | st.from_regex(r"bytes=[0-9]{0,22}-[0-9]{0,22}", fullmatch=True), st.integers(1, 1000))
def test_every_range_lies_within_the_file(header: str, size: int) -> None:
    try:
        wanted = byte_range(header, size)
    except NotSatisfiable:
        return
    if wanted is not None:
        start, end = wanted
        assert 0 <= start < end <= size
