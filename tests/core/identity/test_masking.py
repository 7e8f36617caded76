import sqlite3
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.masking import mask_id, mask_id_sql, mask_name, mask_name_sql, mask_phone, mask_phone_sql

PAIRS = [(mask_id, mask_id_sql), (mask_phone, mask_phone_sql), (mask_name, mask_name_sql)]
SAMPLES = [
    *("1" * length for length in range(24)),
    "440106199001011234",
    "44010619900101123X",
    "４４０１０６１９９００１０１１２３４",
    "+86 138 1234 5678",
    "020-83123456",
    "张三",
    "欧阳",
    "欧阳锋",
    "欧阳娜娜",
    "阿依古丽·买买提",
    "𠮷田太郎",
    "O'Brien",
    "\u0301\u200d🧑‍⚖️",
    " ",
]

Fetch = Callable[[str, str | None], str | None]
"""Runs a statement with one text parameter, written `$1`, and gives its one value."""


def assert_masks_agree(fetch: Fetch, values: list[str]) -> None:
    """The expression gives what the function gives, in whatever database `fetch` asks."""
    for mask, expression in PAIRS:
        statement = f"SELECT {expression('t.v')} FROM (SELECT CAST($1 AS text) AS v) AS t"
        assert [fetch(statement, value) for value in values] == [mask(value) for value in values]
        assert fetch(statement, None) is None


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Fetch]:
    """SQLite with PostgreSQL's two functions that it lacks: it runs the text of the expressions, but is not the proof."""
    connection = sqlite3.connect(":memory:")
    connection.create_function("char_length", 1, lambda text: None if text is None else len(text))
    connection.create_function("repeat", 2, lambda text, times: None if times is None else text * times)
    yield lambda statement, value: connection.execute(statement.replace("$1", "?"), (value,)).fetchone()[0]
    connection.close()


def test_expressions_agree_with_functions(sqlite: Fetch) -> None:
    assert_masks_agree(sqlite, SAMPLES)


# SQLite ends a text at a NUL, which PostgreSQL does not store at all.
@given(values=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_expressions_agree_on_any_text(sqlite: Fetch, values: list[str]) -> None:
    assert_masks_agree(sqlite, values)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("440106199001011234", "440***********1234"),
        ("440106900101123", "440********1123"),
        ("E12345678", "E******78"),
        ("12345678", "1*****78"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_id(value: str, masked: str) -> None:
    assert mask_id(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+86*******5678"),
        ("020-83123456", "020*****3456"),
        ("83123456", "8*****56"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_phone(value: str, masked: str) -> None:
    assert mask_phone(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("张三", "张某"),
        ("张三丰", "张某"),
        ("欧阳锋", "欧阳某"),
        ("欧阳", "欧某"),
        ("张", "张某"),
        ("买买提", "买某"),
        ("Smith", "S某"),
        ("", ""),
    ],
)
def test_name(value: str, masked: str) -> None:
    assert mask_name(value) == masked


@pytest.mark.parametrize("mask", [mask_id, mask_phone])
@given(value=st.text("0123456789Xx-+ "))
def test_a_number_keeps_its_length_and_hides_four_characters_or_all(mask: Callable[[str], str], value: str) -> None:
    masked = mask(value)
    assert len(masked) == len(value)
    assert masked.count("*") >= min(4, len(value))
    assert all(shown in ("*", original) for shown, original in zip(masked, value, strict=True))
