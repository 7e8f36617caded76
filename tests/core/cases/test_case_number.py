from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.case_number import (
    CaseNumber,
    CaseNumberChange,
    CaseNumberReason,
    CaseNumberRefused,
    CourtLevel,
    normalise_case_number,
    parse_case_number,
    parse_normalised,
    split_case_numbers,
)
from core.cases.case_number_grammar import PROVINCES, numeral_text, numeral_value
from core.cases.procedures import CASE_TYPES

TODAY = date(2026, 11, 24)
R = CaseNumberReason
C = CaseNumberChange
GOOD = "（2026）粤7101行初123号"

with (Path(__file__).parents[2] / "data" / "case_numbers.csv").open(encoding="utf-8", newline="") as file:
    EXAMPLES = list(csv.DictReader(file))
VALID = [row for row in EXAMPLES if row["validity"] == "valid"]
INVALID = [row for row in EXAMPLES if row["validity"] == "invalid"]

REASONS = {
    "（2026）粤7101行初号": R.SERIAL_MISSING,
    "（2026）粤7101行初0123号": R.SERIAL_LEADING_ZERO,
    "（26）粤7101行初123号": R.YEAR_MALFORMED,
    "2026粤7101行初123号": R.BRACKETS_MISSING,
    "（2026粤7101行初123号": R.BRACKETS_UNBALANCED,
    "[2026]粤7101行初123号": R.BRACKETS_WRONG_KIND,
    "〔2026〕粤7101行初123号": R.BRACKETS_WRONG_KIND,
    "（2026)粤7101行初123号": R.BRACKETS_MIXED,
    "（2026）粤7101行初123": R.HAO_MISSING,
    "（2026）粤7101行初第123号": R.ORDINAL_PREFIX,
    "（2026）穗铁法行初字第123号": R.LEGACY_STYLE,
    "（2015）粤7101行初1号": R.YEAR_BEFORE_2016,
    "（2026）粤71010行初123号": R.COURT_CODE_MALFORMED,
    "（2026）粤710行初123号": R.COURT_CODE_MALFORMED,
    "（2026）粤7101行终123号": R.TYPE_NOT_FOR_BASIC_COURT,
    "（2026）粤7101行申12号": R.TYPE_NOT_FOR_BASIC_COURT,
    "（2026）越7101行初123号": R.COURT_UNKNOWN_PROVINCE,
    "（2026）粤7101刑初123号": R.TYPE_NOT_ADMINISTRATIVE,
    "（2026）粤7101行诉123号": R.TYPE_UNKNOWN,
    "（２０２６）粤７１０１行初１２３号": R.FULLWIDTH_DIGITS,
    "（2026）粤7101 行初 123号": R.INNER_SPACE,
    "（2099）粤7101行初123号": R.YEAR_IN_FUTURE,
    "（2026）粤7101行初123、124号": R.SEVERAL_NUMBERS,
    "（2014）管行初字第9号": R.LEGACY_STYLE,
}


def refused(text: str, *, today: date = TODAY) -> CaseNumberReason:
    with pytest.raises(CaseNumberRefused) as caught:
        parse_case_number(text, today=today)
    assert caught.value.text == text
    assert caught.value.message == caught.value.reason.en
    assert caught.value.message_zh == caught.value.reason.zh
    return caught.value.reason


def test_the_examples_are_all_there() -> None:
    assert (len(VALID), len(INVALID)) == (33, 24)
    assert {row["text"] for row in INVALID} == set(REASONS)


@pytest.mark.parametrize("row", VALID, ids=lambda row: row["text"])
def test_valid_examples(row: dict[str, str]) -> None:
    number = parse_case_number(row["text"], today=TODAY)
    assert (str(number.year), number.court_code, number.special) == (row["year"], row["court_code"], row["special"])
    assert (number.type, str(number.serial), number.suffix) == (row["type"], row["serial"], row["suffix"])
    assert number.canonical == row["canonical"]
    assert parse_normalised(row["text"], today=TODAY) == (number, ())


@pytest.mark.parametrize("row", INVALID, ids=lambda row: row["text"])
def test_invalid_examples(row: dict[str, str]) -> None:
    assert refused(row["text"]) is REASONS[row["text"]]


@pytest.mark.parametrize("row", INVALID, ids=lambda row: row["text"])
def test_normalising_mends_exactly_the_examples_that_have_a_canonical_form(row: dict[str, str]) -> None:
    if row["canonical"]:
        number, changes = parse_normalised(row["text"], today=TODAY)
        assert number.canonical == row["canonical"]
        assert changes
    else:
        with pytest.raises(CaseNumberRefused) as caught:
            parse_normalised(row["text"], today=TODAY)
        assert caught.value.reason is REASONS[row["text"]]
        assert caught.value.text == row["text"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", R.EMPTY),
        (" \u00a0\u200b", R.EMPTY),
        ("x" * 65, R.TOO_LONG),
        ("1\n" * 5_000_000, R.TOO_LONG),
        ("2026）粤7101行初123号", R.BRACKETS_UNBALANCED),
        ("（2026】粤7101行初123号", R.BRACKETS_WRONG_KIND),
        ("（年）粤7101行初123号", R.YEAR_MALFORMED),
        ("（2026）", R.COURT_UNKNOWN_PROVINCE),
        ("（2026）蒙01行初1号", R.COURT_UNKNOWN_PROVINCE),
        ("（2026）行初1号", R.COURT_UNKNOWN_PROVINCE),
        ("（2026）粤7行初1号", R.COURT_CODE_MALFORMED),
        ("（2026）粤0104民初1号", R.TYPE_NOT_ADMINISTRATIVE),
        ("（2026）粤01行保1号", R.TYPE_NOT_ADMINISTRATIVE),
        ("（2026）粤01执1号", R.TYPE_NOT_ADMINISTRATIVE),
        ("（2026）粤01司救行1号", R.TYPE_NOT_ADMINISTRATIVE),
        ("（2026）粤7101赔辖1号", R.TYPE_NOT_FOR_BASIC_COURT),
        ("（2026）粤7101行初0号", R.SERIAL_LEADING_ZERO),
        ("（2026）粤7101行初12345678号", R.SERIAL_TOO_LARGE),
        ("（2026）粤7101行初①号", R.SERIAL_MISSING),
        ("（2026）粤7101行初123号之百", R.SUFFIX_MALFORMED),
        ("（2026）粤7101行初123号之", R.SUFFIX_MALFORMED),
        ("（2026）粤7101行初123号之一百", R.TRAILING_TEXT),
        ("（2026）粤7101行初123号之一十", R.TRAILING_TEXT),
        ("（2026）粤7101行初123号判决书", R.TRAILING_TEXT),
        (GOOD + "\n", R.INNER_SPACE),
        (GOOD + "\x00", R.TRAILING_TEXT),
        ("（2026）粤7101行初123-130号", R.SEVERAL_NUMBERS),
        (f"{GOOD}；（2026）粤7101行初124号", R.SEVERAL_NUMBERS),
    ],
)
def test_further_faults(text: str, reason: CaseNumberReason) -> None:
    assert refused(text) is reason


def test_the_year_is_bounded_by_today() -> None:
    assert refused("（2027）粤71行终1号", today=date(2026, 12, 31)) is R.YEAR_IN_FUTURE
    assert parse_case_number("（2027）粤71行终1号", today=date(2027, 1, 1)).year == 2027


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("（2026）最高法行申1号", CourtLevel.SUPREME),
        ("（2026）粤行申1号", CourtLevel.HIGH),
        ("（2026）粤71行终1号", CourtLevel.INTERMEDIATE),
        (GOOD, CourtLevel.BASIC),
    ],
)
def test_court_level(text: str, level: CourtLevel) -> None:
    assert parse_case_number(text, today=TODAY).court_level is level


def test_the_suffix_is_no_part_of_the_key() -> None:
    with_suffix = parse_case_number(f"{GOOD}之二十一", today=TODAY)
    plain = parse_case_number("(2026)粤7101行初123号", today=TODAY)
    assert with_suffix.key == plain.key == (2026, "粤7101", "", "行初", 123)
    assert with_suffix.canonical_without_suffix == plain.canonical == GOOD
    assert (with_suffix.suffix_number, plain.suffix_number) == (21, None)


def test_numerals_round_trip() -> None:
    texts = [numeral_text(value) for value in range(1, 100)]
    assert len(set(texts)) == 99
    assert [numeral_value(text) for text in texts] == list(range(1, 100))
    assert (texts[9], texts[11], texts[19], texts[98]) == ("十", "十二", "二十", "九十九")


@pytest.mark.parametrize("bad", ["", "零", "一十", "百", "十十", "1"])
def test_what_is_no_numeral(bad: str) -> None:
    with pytest.raises(ValueError, match="no numeral"):
        numeral_value(bad)


@pytest.mark.parametrize("bad", [0, 100])
def test_numerals_end_at_99(bad: int) -> None:
    with pytest.raises(ValueError, match="not from 1 to 99"):
        numeral_text(bad)


@pytest.mark.parametrize(
    ("text", "normalised", "changes"),
    [
        (GOOD, GOOD, ()),
        ("(2026)粤7101行初123号", "(2026)粤7101行初123号", ()),
        ("【2026】粤7101行初123号", GOOD, (C.BRACKETS_REPLACED,)),
        ("〔2026]粤7101行初123号", GOOD, (C.BRACKETS_REPLACED,)),
        ("（2026）粤7101 行初123\u00a0号", GOOD, (C.SPACES_REMOVED,)),
        ("\ufeff（2026）粤7101行初\u200b123号\u3000", GOOD, (C.SPACES_REMOVED,)),
        ("（２０２６）粤７１０１行初１２３号", GOOD, (C.DIGITS_TO_ASCII,)),
        ("（2026）粤7101行初第123", GOOD, (C.ORDINAL_DROPPED, C.HAO_ADDED)),
        ("（2026）粤7101行初123之一", f"{GOOD}之一", (C.HAO_ADDED,)),
        ("［２０２６］ 粤7101行初第123", GOOD, tuple(C)),
    ],
)
def test_normalise(text: str, normalised: str, changes: tuple[CaseNumberChange, ...]) -> None:
    assert normalise_case_number(text) == (normalised, changes)


@pytest.mark.parametrize(
    "text",
    [
        "（2026）粤71010行初123号",
        "（2026）粤7101刑初123",
        "（2026）粤7101行初号",
        "（2026）粤7101行初0123号",
        "（2026）越7101行初第123",
        "（2026粤7101行初123",
        "2026粤7101行初123",
        "（2014）管行初字第9号",
        "（2015）渝二中法行终字第00085",
    ],
)
def test_what_is_never_repaired(text: str) -> None:
    assert normalise_case_number(text) == (text, ())


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        (GOOD, [GOOD]),
        ("", [""]),
        ("（2026）粤7101行初123、124号", [GOOD, "（2026）粤7101行初124号"]),
        ("（2026）粤7101行初123号、124号、130号之一", [GOOD, "（2026）粤7101行初124号", "（2026）粤7101行初130号之一"]),
        (f"{GOOD}；（2026）粤71行终9号", [GOOD, "（2026）粤71行终9号"]),
        (f"{GOOD}及（2026）粤71行终9号", [GOOD, "（2026）粤71行终9号"]),
        (f"{GOOD}\n（2026）粤71行终9号\n", [GOOD, "（2026）粤71行终9号"]),
        ("（2026）粤7101行初123-125号", [GOOD, "（2026）粤7101行初124号", "（2026）粤7101行初125号"]),
        ("（2026）粤7101行初第123、第124号", [GOOD, "（2026）粤7101行初124号"]),
        ("（2026）粤7101行初１２３、１２４号", ["（2026）粤7101行初１２３号", "（2026）粤7101行初１２４号"]),
        ("（2014）管行初字第9号、第10号", ["（2014）管行初字第9号", "（2014）管行初字第10号"]),
        ("（2026）粤7101行初123、124", ["（2026）粤7101行初123", "（2026）粤7101行初124"]),
        ("（2026）粤7101行初125-123号", ["（2026）粤7101行初125-123号"]),
        ("（2026）粤7101行初1-9999999号", ["（2026）粤7101行初1-9999999号"]),
        ("（2026）粤7101行初0123-125号", ["（2026）粤7101行初0123-125号"]),
        ("123、124号", ["123、124号"]),
        (f"见{GOOD}、另案", [f"见{GOOD}、另案"]),
        (f"{GOOD}、" * 500, [f"{GOOD}、" * 500]),
    ],
)
def test_split(cell: str, numbers: list[str]) -> None:
    assert list(split_case_numbers(cell)) == numbers


suffixes = st.one_of(st.just(""), st.integers(1, 99).map(lambda value: "之" + numeral_text(value)))


@st.composite
def case_numbers(draw: st.DrawFn) -> CaseNumber:
    kind = draw(st.sampled_from(sorted(CASE_TYPES)))
    lengths = [0, 2, 4] if CASE_TYPES[kind].basic_court_possible else [0, 2]
    digits = draw(
        st.sampled_from(lengths).flatmap(lambda length: st.text("0123456789", min_size=length, max_size=length))
    )
    court = draw(st.one_of(st.just("最高法"), st.sampled_from(PROVINCES).map(lambda province: province + digits)))
    special = draw(st.sampled_from(["", "知"]))
    return CaseNumber(
        draw(st.integers(2016, 2026)), court, special, kind, draw(st.integers(1, 9_999_999)), draw(suffixes)
    )


@given(case_numbers())
def test_round_trip(number: CaseNumber) -> None:
    assert parse_case_number(number.canonical, today=TODAY) == number
    half_width = number.canonical.replace("（", "(").replace("）", ")")
    assert parse_case_number(half_width, today=TODAY) == number
    assert split_case_numbers(number.canonical) == (number.canonical,)


FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(
    number=case_numbers(),
    brackets=st.tuples(st.sampled_from("（(〔[【"), st.sampled_from("）)〕]】")),
    fullwidth=st.booleans(),
    ordinal=st.booleans(),
    hao=st.booleans(),
    blanks=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(" \t\u00a0\u3000\u200b\ufeff"))),
)
def test_every_harmless_fault_is_mended(
    number: CaseNumber,
    brackets: tuple[str, str],
    fullwidth: bool,
    ordinal: bool,
    hao: bool,
    blanks: list[tuple[int, str]],
) -> None:
    text = number.canonical.replace("（", brackets[0]).replace("）", brackets[1])
    if ordinal:
        text = text.replace(number.type + str(number.serial), f"{number.type}第{number.serial}")
    if not hao:
        text = text.replace("号", "")
    if fullwidth:
        text = text.translate(FULLWIDTH)
    for position, blank in blanks:
        text = text[:position] + blank + text[position:]
    parsed, changes = parse_normalised(text, today=TODAY)
    assert parsed == number
    assert bool(changes) == (text not in (number.canonical, number.canonical.replace("（", "(").replace("）", ")")))


texts = st.text("（）()〔〕[]2026１2粤7101知行初终审复赔刑字第0号之一十、- \u200b\x00", max_size=40)


@given(st.one_of(texts, st.text()))
def test_any_text_is_parsed_or_refused_and_normalising_is_idempotent(text: str) -> None:
    normalised, changes = normalise_case_number(text)
    assert normalise_case_number(normalised) == (normalised, ())
    assert bool(changes) == (normalised != text)
    for number in split_case_numbers(text):
        assert split_case_numbers(number) == (number,)
    try:
        number = parse_case_number(text, today=TODAY)
    except CaseNumberRefused:
        return
    assert number.canonical == text.replace("(", "（").replace(")", "）")


@given(number=case_numbers(), position=st.integers(0, 40), char=st.sampled_from("x0行刑号（1二"))
def test_normalising_never_changes_which_case_is_meant(number: CaseNumber, position: int, char: str) -> None:
    text = number.canonical[:position] + char + number.canonical[position:]
    try:
        strict = parse_case_number(text, today=TODAY)
    except CaseNumberRefused:
        normalised, changes = normalise_case_number(text)
        assert set(changes) <= {C.HAO_ADDED, C.BRACKETS_REPLACED}
        assert normalised.replace("号", "") == text.replace("号", "")
    else:
        assert normalise_case_number(text)[0] == text
        assert strict.year == number.year or char in "01"
