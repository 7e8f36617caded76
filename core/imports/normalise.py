"""What may be mended in one cell, and what it was: pure functions from text to value and faults.

Each gives a `Mended`: the value to stage (None: empty), and the kinds of fault found. A fault that is rejected has the
value None. Mending twice changes nothing: the value of a mended cell has no faults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from core.cases.case_number import CaseNumber, CaseNumberChange, CaseNumberReason, CaseNumberRefused, parse_normalised
from core.imports.kinds import FaultKind as K

FIRST_YEAR, LAST_YEAR = 1949, 2100
"""Years outside are taken for slips of the pen."""

MOST = 9999
"""The largest whole number of a cell (pages, people, ordinals)."""

MOST_YUAN = Decimal(10) ** 12
"""Amounts are below: what `numeric(14,2)` holds."""

LONGEST_FILE_NAME = 240
"""UTF-8 bytes of a file name; most file systems allow 255."""


LONGEST_EXTENSION = 12
"""Characters of a file name's extension."""


class Mended(NamedTuple):
    """A cell's value after mending, and what was wrong with it."""

    value: str | None
    faults: tuple[K, ...] = ()


EMPTY = Mended(None)

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_ZERO_WIDTH = re.compile(f"[{_INVISIBLE}]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_REPLACEMENT = "\ufffd"
"""What stands for bytes that are no text, whether our decoder put it there or that of an earlier tool."""
_SPACES = re.compile(r"\s+")
_PUNCTUATION = frozenset("（），：；＜＝＞？")
_HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94) if chr(0xFF01 + i) not in _PUNCTUATION}
_CELL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


def clean_text(text: str) -> Mended:
    """Remove invisible characters, trim, and make every run of white space one ASCII space."""
    if _CONTROL.search(text):
        return Mended(None, (K.CONTROL_CHARACTER,))
    if _REPLACEMENT in text:
        return Mended(None, (K.BROKEN_BYTES,))
    faults: list[K] = []
    visible = _ZERO_WIDTH.sub("", text)
    if visible != text:
        faults.append(K.ZERO_WIDTH)
    tidy = _SPACES.sub(" ", visible).strip(" ")
    if tidy != visible and tidy:
        faults.append(K.SPACES)
    if tidy in _CELL_ERRORS:
        return Mended(None, (K.CELL_ERROR,))
    return Mended(tidy or None, tuple(faults) if tidy else ())


def half_width(text: str) -> Mended:
    """Write full-width digits, letters and signs half-width: for ids, numbers, days and times.

    What is ordinary punctuation in Chinese text stays.
    """
    folded = text.translate(_HALF_WIDTH)
    return Mended(folded, (K.FULLWIDTH_DIGITS,) if folded != text else ())


# ---------------------------------------------------------------- days and times
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_LOOSE = re.compile(rf"([0-9]{{4}}) ?[-./年] ?([0-9]{{1,2}}) ?[-./月] ?([0-9]{{1,2}}) ?[日号]?{_CLOCK}")
_COMPACT = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_HAN = re.compile(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]")
_HAN_DIGITS = "〇一二三四五六七八九"
_EXCEL_EPOCH = date(1899, 12, 30)


def mend_date(text: str) -> Mended:
    """Read a day: ISO, 2026年1月5日, 2026.1.5, 2026/1/5, 20260105, a spreadsheet's day number, 二〇二六年一月五日.

    Two-digit years and orders other than year, month, day are never guessed.
    """
    faults: tuple[K, ...] = ()
    if match := _ISO.fullmatch(text):
        parts = match.groups()
    elif match := _LOOSE.fullmatch(text) or _COMPACT.fullmatch(text):
        parts, faults = match.groups(), (K.DATE_FORMAT,)
    elif match := _SERIAL.fullmatch(text):
        day = _EXCEL_EPOCH + timedelta(days=int(match[1]))
        parts, faults = (str(day.year), str(day.month), str(day.day)), (K.EXCEL_SERIAL,)
    elif match := _HAN.fullmatch(text):
        year, month, day_of_month = match.groups()
        digits = "".join(str(_HAN_DIGITS.index("〇" if char in "零○" else char)) for char in year)
        parts, faults = (digits, _han_number(month), _han_number(day_of_month)), (K.DATE_FORMAT,)
    else:
        return Mended(None, (K.DATE_UNREADABLE,))
    year, month, day_of_month = map(int, parts)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Mended(None, (K.DATE_UNREADABLE,))
    try:
        return Mended(date(year, month, day_of_month).isoformat(), faults)
    except ValueError:
        return Mended(None, (K.DATE_IMPOSSIBLE,))


def _han_number(text: str) -> str:
    """Write a Chinese number from 1 to 99 in digits; 0 for a text that is none, which is no day or month either."""
    match = re.fullmatch("([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)", text)
    if not match or (match[1] and match[3] and not match[2]):
        return "0"
    tens, ten, ones = match.groups()
    if not ten:
        tens, ones = "", tens or ones
    return str(10 * (_HAN_DIGITS.index(tens) if tens else 1) * bool(ten) + (_HAN_DIGITS.index(ones) if ones else 0))


_TIME = re.compile(r"(上午|下午|晚上)? ?([0-9]{1,2}) ?[:：时点] ?(?:([0-9]{1,2}) ?分?|(半))?(?::[0-9]{2})?")
_HOURS, _MINUTES, _NOON = 24, 60, 12


def mend_time(text: str) -> Mended:
    """Read a time of day as HH:MM: 9:30, 09:30:00, 9时30分, 下午2点半."""
    match = _TIME.fullmatch(text)
    if not match:
        return Mended(None, (K.TIME_UNREADABLE,))
    half_of_day, hours, minutes, half = match.groups()
    hour, minute = int(hours), int(minutes or (30 if half else 0))
    if half_of_day in ("下午", "晚上") and hour < _NOON:
        hour += _NOON
    if hour >= _HOURS or minute >= _MINUTES:
        return Mended(None, (K.TIME_UNREADABLE,))
    value = f"{hour:02d}:{minute:02d}"
    return Mended(value, (K.TIME_FORMAT,) if value != text else ())


# ---------------------------------------------------------------- numbers and words
_NUMBER = re.compile(r"0*([0-9]{1,4})(?:\.0+)?")
_NUMBER_UNIT = re.compile(r"(?:第|共)? ?([0-9.]+) ?(?:页|人|名|次|份|张)?")
_AMOUNT = re.compile(r"(?:人民币|RMB|CNY)? ?[¥￥]? ?([0-9][0-9,]*(?:\.[0-9]+)?) ?(亿|万|千)? ?(?:元|圆)?整?")
_PLAIN_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_UNITS = {None: Decimal(1), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_YES = frozenset({"是", "有", "对", "已", "√", "y", "yes", "true", "t"})
_NO = frozenset({"否", "无", "不", "未", "×", "n", "no", "false", "f"})
_NOT_STATED = frozenset({"未知", "不详", "不明", "未记录", "-", "—", "/"})


def mend_number(text: str) -> Mended:
    """Read a whole number from 0 to `MOST`: 3, 3页, 第2次."""
    match = _NUMBER_UNIT.fullmatch(text)
    digits = _NUMBER.fullmatch(match[1]) if match else None
    if not digits:
        return Mended(None, (K.NUMBER_UNREADABLE,))
    value = str(int(digits[1]))
    return Mended(value, (K.NUMBER_TEXT,) if value != text else ())


def mend_amount(text: str) -> Mended:
    """Read an amount in yuan, at most two decimals, below `MOST_YUAN`: 12000, 12,000.00元, 1.2万元, ¥300."""
    if _PLAIN_AMOUNT.fullmatch(text):
        return Mended(text)
    match = _AMOUNT.fullmatch(text.replace("，", ","))
    if not match or ("," in match[1] and not re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", match[1])):
        return Mended(None, (K.AMOUNT_UNREADABLE,))
    yuan = Decimal(match[1].replace(",", "")) * _UNITS[match[2]]
    cents = yuan.quantize(Decimal("0.01")) if yuan < MOST_YUAN else None
    if cents is None or cents != yuan:
        return Mended(None, (K.AMOUNT_UNREADABLE,))
    return Mended(f"{cents:f}".removesuffix(".00"), (K.AMOUNT_TEXT,))


def mend_yes_no(text: str) -> Mended:
    """Read 1, 0 or a word for them; 未知 and the like are empty: not stated."""
    word = text.lower()
    if word in ("0", "1"):
        return Mended(word)
    for words, value in ((_YES, "1"), (_NO, "0"), (_NOT_STATED, None)):
        if word in words:
            return Mended(value, (K.YES_NO_TEXT,))
    return Mended(None, (K.UNKNOWN_CODE,))


# ---------------------------------------------------------------- names and numbers of the field
_UNSAFE = re.compile(r'[<>:"|?*/\\]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)", re.IGNORECASE)


def mend_file_name(text: str) -> Mended:
    """Make a name that any file system may hold: the last part of a path, without reserved characters or names."""
    name = _SPACES.sub(" ", _UNSAFE.sub("", re.split(r"[/\\]", text)[-1])).strip(" .")
    if _DEVICE.match(name):
        name = f"_{name}"
    if len(name.encode(errors="replace")) > LONGEST_FILE_NAME:
        name = _shortened(name)
    return Mended(name or None, (K.BAD_FILE_NAME,) if name != text else ())


def _shortened(name: str) -> str:
    """Cut a name to what fits, keeping its extension."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    kept = stem.encode(errors="replace")[: LONGEST_FILE_NAME - len((dot + extension).encode(errors="replace"))]
    return kept.decode(errors="ignore").rstrip(" .") + dot + extension


def restore_leading_zero(text: str, known: Mapping[str, str]) -> Mended:
    """Give back the leading zero that a spreadsheet took from a cause's code, if the result is a known code."""
    padded = f"0{text}"
    if text not in known and padded in known:
        return Mended(padded, (K.LEADING_ZERO,))
    return Mended(text)


_CHANGES = {
    CaseNumberChange.SPACES_REMOVED: K.SPACES,
    CaseNumberChange.DIGITS_TO_ASCII: K.FULLWIDTH_DIGITS,
    CaseNumberChange.BRACKETS_REPLACED: K.WRONG_BRACKETS,
    CaseNumberChange.ORDINAL_DROPPED: K.CASE_NUMBER_STYLE,
    CaseNumberChange.HAO_ADDED: K.MISSING_HAO,
}


class MendedNumber(NamedTuple):
    """A case number as read, and what was wrong with it; `claim` is what the text seems to mean even if refused."""

    number: CaseNumber | None
    claim: CaseNumber | None
    faults: tuple[K, ...]


def mend_case_number(text: str, *, today: date) -> MendedNumber:
    """Read a case number, mending what a person need not look at.

    With 刑 for 行 the number is refused, but it still claims the number that it was meant to be: another row that
    bears the same one later is a duplicate.
    """
    try:
        number, changes = parse_normalised(text, today=today)
    except CaseNumberRefused as refused:
        if refused.reason is not CaseNumberReason.TYPE_NOT_ADMINISTRATIVE or "刑" not in text:
            return MendedNumber(None, None, (K.CASE_NUMBER_INVALID,))
        try:
            meant, _ = parse_normalised(text.replace("刑", "行", 1), today=today)
        except CaseNumberRefused:
            return MendedNumber(None, None, (K.CASE_NUMBER_INVALID,))
        return MendedNumber(None, meant, (K.LOOK_ALIKE,))
    return MendedNumber(number, number, tuple(_CHANGES[change] for change in changes))
