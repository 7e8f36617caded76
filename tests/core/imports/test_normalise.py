from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.kinds import FaultKind as K
from core.imports.normalise import (
    clean_text,
    half_width,
    mend_amount,
    mend_case_number,
    mend_date,
    mend_file_name,
    mend_number,
    mend_time,
    mend_yes_no,
    restore_leading_zero,
)

TODAY = date(2026, 11, 1)
MENDERS = [clean_text, half_width, mend_date, mend_time, mend_number, mend_amount, mend_yes_no, mend_file_name]


def test_table_of_texts():
    for text, value, kind in [
        ("\u200b广州市\u3000", "广州市", K.ZERO_WIDTH),
        (" 丁某  丙 ", "丁某 丙", K.SPACES),
        ("丁\n某", "丁 某", K.SPACES),
        ("a\0b", None, K.CONTROL_CHARACTER),
        ("#N/A", None, K.CELL_ERROR),
    ]:
        mended = clean_text(text)
        assert mended.value == value
        assert kind in mended.faults
    assert clean_text("\u200b \u3000") == (None, ())
    assert clean_text("John Smith") == ("John Smith", ())


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("2024-01-05", "2024-01-05", None),
        ("2024-02-29", "2024-02-29", None),
        ("2024年1月5日", "2024-01-05", K.DATE_FORMAT),
        ("2024.1.5", "2024-01-05", K.DATE_FORMAT),
        ("2024/1/5", "2024-01-05", K.DATE_FORMAT),
        ("20240105", "2024-01-05", K.DATE_FORMAT),
        ("2024-1-5", "2024-01-05", K.DATE_FORMAT),
        ("2024-01-05 09:30:00", "2024-01-05", K.DATE_FORMAT),
        ("二〇二六年十二月三十一日", "2026-12-31", K.DATE_FORMAT),
        ("二零二六年二月十日", "2026-02-10", K.DATE_FORMAT),
        ("45293", "2024-01-02", K.EXCEL_SERIAL),
        ("45293.0", "2024-01-02", K.EXCEL_SERIAL),
        ("2023-02-29", None, K.DATE_IMPOSSIBLE),
        ("2024-02-30", None, K.DATE_IMPOSSIBLE),
        ("2024-13-05", None, K.DATE_IMPOSSIBLE),
        ("20241305", None, K.DATE_IMPOSSIBLE),
        ("二〇二六年一二月三日", None, K.DATE_IMPOSSIBLE),
        ("24-1-5", None, K.DATE_UNREADABLE),
        ("1/5/2024", None, K.DATE_UNREADABLE),
        ("0024-01-05", None, K.DATE_UNREADABLE),
        ("9999-01-05", None, K.DATE_UNREADABLE),
        ("昨天", None, K.DATE_UNREADABLE),
    ],
)
def test_dates(text, value, kind):
    assert mend_date(text) == (value, (kind,) if kind else ())


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("09:30", "09:30", None),
        ("9:30", "09:30", K.TIME_FORMAT),
        ("09:30:00", "09:30", K.TIME_FORMAT),
        ("9：30", "09:30", K.TIME_FORMAT),
        ("9时30分", "09:30", K.TIME_FORMAT),
        ("下午2点半", "14:30", K.TIME_FORMAT),
        ("上午9时", "09:00", K.TIME_FORMAT),
        ("24:00", None, K.TIME_UNREADABLE),
        ("09:60", None, K.TIME_UNREADABLE),
        ("早上", None, K.TIME_UNREADABLE),
    ],
)
def test_times(text, value, kind):
    assert mend_time(text) == (value, (kind,) if kind else ())


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("0", "0", None),
        ("12000", "12000", None),
        ("12000.50", "12000.50", None),
        ("0元", "0", K.AMOUNT_TEXT),
        ("12,000.00元", "12000", K.AMOUNT_TEXT),
        ("1.2万元", "12000", K.AMOUNT_TEXT),
        ("¥300", "300", K.AMOUNT_TEXT),
        ("12，000元", "12000", K.AMOUNT_TEXT),
        ("人民币3亿元整", "300000000", K.AMOUNT_TEXT),
        ("12,00", None, K.AMOUNT_UNREADABLE),
        ("-5", None, K.AMOUNT_UNREADABLE),
        ("1.005", None, K.AMOUNT_UNREADABLE),
        ("NaN", None, K.AMOUNT_UNREADABLE),
        ("1e5", None, K.AMOUNT_UNREADABLE),
        ("9" * 40, None, K.AMOUNT_UNREADABLE),
        ("约三万", None, K.AMOUNT_UNREADABLE),
    ],
)
def test_amounts(text, value, kind):
    assert mend_amount(text) == (value, (kind,) if kind else ())


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("1", "1", None),
        ("0", "0", None),
        ("是", "1", K.YES_NO_TEXT),
        ("否", "0", K.YES_NO_TEXT),
        ("未知", None, K.YES_NO_TEXT),
        ("TRUE", "1", K.YES_NO_TEXT),
        ("也许", None, K.UNKNOWN_CODE),
        ("2", None, K.UNKNOWN_CODE),
    ],
)
def test_yes_and_no(text, value, kind):
    assert mend_yes_no(text) == (value, (kind,) if kind else ())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", "3"),
        ("3页", "3"),
        ("第2次", "2"),
        ("007", "7"),
        ("3.0", "3"),
        ("3.5", None),
        ("-1", None),
        ("10000", None),
        ("二", None),
    ],
)
def test_whole_numbers(text, value):
    assert mend_number(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("C1-传票-1.pdf", "C1-传票-1.pdf"),
        ("C1-传票-1*?.pdf", "C1-传票-1.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\案件\判决书.pdf", "判决书.pdf"),
        ("..", None),
        ("con.pdf", "_con.pdf"),
        ("a.pdf.", "a.pdf"),
    ],
)
def test_file_names(text, value):
    assert mend_file_name(text) == (value, (K.BAD_FILE_NAME,) if value != text else ())


@given(st.text(max_size=400))
def test_a_file_name_has_no_path_and_fits(text):
    name = mend_file_name(text).value or ""
    assert not set(name) & set('<>:"|?*/\\')
    assert name not in (".", "..")
    assert len(name.encode(errors="replace")) <= 255


@pytest.mark.parametrize("mend", MENDERS)
@given(st.text(max_size=60) | st.from_regex(r"[0-9０-９年月日.,/元万:\- 是否]{1,14}", fullmatch=True))
def test_mending_twice_changes_nothing(mend, text):
    first = mend(text)
    if first.value is not None:
        assert mend(first.value) == (first.value, ())


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_from_every_format(day):
    for text in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        str(day.toordinal() - 693594),
        f"{day.year}/{day.month}/{day.day}",
    ):
        assert mend_date(text).value == day.isoformat()


@pytest.mark.parametrize(
    ("text", "canonical", "kinds"),
    [
        ("（2024）粤7101行初1号", "（2024）粤7101行初1号", ()),
        ("(2024)粤7101行初1号", "（2024）粤7101行初1号", ()),
        ("（２０２４）粤７１０１行初１号", "（2024）粤7101行初1号", (K.FULLWIDTH_DIGITS,)),
        ("〔2024]粤7101行初1号", "（2024）粤7101行初1号", (K.WRONG_BRACKETS,)),
        ("（2024）粤7101行初1", "（2024）粤7101行初1号", (K.MISSING_HAO,)),
        ("（2024）粤7101 行初1\u00a0号", "（2024）粤7101行初1号", (K.SPACES,)),
        ("（2024）粤7101行初第1号", "（2024）粤7101行初1号", (K.CASE_NUMBER_STYLE,)),
        ("（2024）粤7101行初01号", None, (K.CASE_NUMBER_INVALID,)),
        ("（2014）管行初字第9号", None, (K.CASE_NUMBER_INVALID,)),
        ("（2024）粤7101行初1、2号", None, (K.CASE_NUMBER_INVALID,)),
        ("（2099）粤7101行初1号", None, (K.CASE_NUMBER_INVALID,)),
        ("（2024）粤7101民初1号", None, (K.CASE_NUMBER_INVALID,)),
        ("（2024）粤7101刑初1号", None, (K.LOOK_ALIKE,)),
    ],
)
def test_case_numbers(text, canonical, kinds):
    mended = mend_case_number(text, today=TODAY)
    assert (mended.number.canonical if mended.number else None) == canonical
    assert mended.faults == kinds


def test_a_look_alike_claims_the_number_it_was_meant_to_be():
    mended = mend_case_number("（2024）粤7101刑初1号", today=TODAY)
    assert mended.number is None
    assert mended.claim.key == (2024, "粤7101", "", "行初", 1)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_case_number(text):
    mended = mend_case_number(text, today=TODAY)
    assert (mended.number is None) == bool(set(mended.faults) & {K.CASE_NUMBER_INVALID, K.LOOK_ALIKE})


def test_leading_zeros_of_causes():
    known = {"0121": "不履行××职责", "010704": "工伤保险资格或者待遇认定"}
    assert restore_leading_zero("121", known) == ("0121", (K.LEADING_ZERO,))
    assert restore_leading_zero("10704", known) == ("010704", (K.LEADING_ZERO,))
    assert restore_leading_zero("0121", known) == ("0121", ())
    assert restore_leading_zero("999", known) == ("999", ())
