"""Wordings: named places and nothing that runs, as tables and for any text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.labels import Labelled
from core.notifications.declared import NotificationKind, Placeholder
from core.notifications.wording import WordingFault, check_wording, render, shown

NAMES = {"case_number": "case_number", "案号": "case_number", "due_on": "due_on", "到期日": "due_on"}


class Kind(Labelled):
    DEFENCE = "DEFENCE", "答辩", "defence"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("案件{案号}到期", "案件甲到期"),
        ("{case_number}{到期日}", "甲乙"),
        ("{{案号}}", "{案号}"),
        ("{{{案号}}}", "{甲}"),
        ("没有占位符", "没有占位符"),
    ],
)
def test_places_are_filled(text: str, expected: str) -> None:
    check_wording("body", text, NAMES, 100)
    assert render(text, NAMES, {"case_number": "甲", "due_on": "乙"}) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "{",
            "}",
            "{案号",
            "案号}",
            "{}",
            "{案号.x}",
            "{案号!r}",
            "{案号:>99}",
            "{案号[0]}",
            "{0}",
            "{__class__}",
        ),
        *("{ 案号}", "{未知}", "{{案号}", "a\x00b", "a\x1bb", "长" * 101),
    ],
)
def test_what_is_no_wording_is_refused(text: str) -> None:
    with pytest.raises(WordingFault) as caught:
        check_wording("body", text, NAMES, 100)
    assert caught.value.message_zh


def test_a_title_is_one_line() -> None:
    check_wording("body", "一\n二", NAMES, 100)
    with pytest.raises(WordingFault):
        check_wording("title", "一\n二", NAMES, 100)


@given(st.text(alphabet="{}案号x\n", max_size=12), st.text(max_size=8))
def test_whatever_is_accepted_can_be_rendered_and_a_value_is_never_read_as_a_place(text: str, value: str) -> None:
    try:
        check_wording("body", text, {"案号": "n"}, 100)
    except WordingFault:
        return
    blank = render(text, {"案号": "n"}, {"n": ""})
    filled = render(text, {"案号": "n"}, {"n": f"{{{value}}}"})
    assert filled.count(f"{{{value}}}") >= text.count("{案号}") - text.count("{{案号}")
    assert len(filled) == len(blank) + (len(value) + 2) * ((len(filled) - len(blank)) // (len(value) + 2))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 1), "2026年3月1日"),
        (datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "2026年3月2日00:30"),
        (time(9, 5), "09:05"),
        (3, "3"),
        (None, "—"),
        (Kind.DEFENCE, "答辩"),
        ("甲\r\n乙\x00", "甲  乙 "),
        ("长" * 600, "长" * 500),
    ],
)
def test_values_are_shown_as_chinese_readers_write_them(value: object, expected: str) -> None:
    assert shown(value) == expected


def kind(**other: object) -> NotificationKind:
    given = {"name": "x_y.z", "zh": "种类", "en": "kind", "title": "题", "body": "文"}
    return NotificationKind(**{**given, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"name": "z"}, {"name": "X.y"}, {"zh": " "}, {"title": "{案号}"}, {"body": ""}, {"title": "一\n二"}),
        {"placeholders": (Placeholder("A", "案号", "x"),)},
        {"placeholders": (Placeholder("a", "案 号", "x"),)},
        {"placeholders": (Placeholder("a", "甲", "x"), Placeholder("a", "乙", "x"))},
    ],
)
def test_a_kind_that_cannot_be_right_is_refused_when_it_is_declared(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        kind(**wrong)


def test_values_are_exactly_the_declared_ones() -> None:
    declared = kind(placeholders=(Placeholder("number", "案号", "x"),), title="{案号}")
    assert declared.worded(declared.texts({"number": 7}), None, "正文{number}") == ("7", "正文7")
    for wrong in ({}, {"number": 1, "more": 2}, {"案号": 1}):
        with pytest.raises(ValueError, match="takes the values"):
            declared.texts(wrong)
