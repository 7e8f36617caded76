"""案号: the grammar of administrative case numbers and the vocabulary of what can be wrong with one.

Source: 最高人民法院《关于人民法院案件案号的若干规定》, in force since 2016-01-01 (法〔2015〕137号), changed by 法〔2018〕335号::

    case_no = "（" year "）" court [special] type serial "号" [suffix]      both brackets full-width or both half-width
    year    = 2016 .. current year          filing year of the case in that court
    court   = 最高法 | P | P dd | P dddd     supreme | high | intermediate | basic; P is a province character
    special = 知                            intellectual property
    serial  = 1 .. 9999999                  no leading zero
    suffix  = 之一 .. 之九十九                 a further ruling in the same case, no part of its identity
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.cases.procedures import CASE_TYPES
from core.labels import Labelled

FIRST_YEAR = 2016
"""Court codes exist since 2016-01-01; older numbers are free text."""

SUPREME_COURT = "最高法"
PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军"
"""Province characters: 内 (not 蒙) for Inner Mongolia, 兵 for the production corps, 军 for the military courts."""

TYPES_PATTERN = "|".join(sorted(CASE_TYPES, key=len, reverse=True))
COURT_PATTERN = rf"{SUPREME_COURT}|[{PROVINCES}](?:[0-9]{{4}}|[0-9]{{2}})?"
NUMERAL_PATTERN = "[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
SUFFIX_PATTERN = f"之(?:{NUMERAL_PATTERN})"

_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(NUMERAL_PATTERN)


class CourtLevel(Labelled):
    """法院层级, as the length of the court code tells it."""

    SUPREME = "SUPREME", "最高人民法院", "supreme people's court"
    HIGH = "HIGH", "高级人民法院", "high people's court"
    INTERMEDIATE = "INTERMEDIATE", "中级人民法院", "intermediate people's court"
    BASIC = "BASIC", "基层人民法院", "basic people's court"


class CaseNumberReason(Labelled):
    """案号不合规的原因: why a text is no administrative case number, with the message for people."""

    EMPTY = "EMPTY", "案号为空", "The case number is empty"
    TOO_LONG = "TOO_LONG", "文本过长，不是案号", "The text is too long to be a case number"
    SEVERAL_NUMBERS = (
        "SEVERAL_NUMBERS",
        "一格内有多个案号，请先拆分",
        "Several case numbers in one cell: split them first",
    )
    LEGACY_STYLE = (
        "LEGACY_STYLE",
        "2016年以前的旧式案号，仅作文本保存",
        "A case number in the style before 2016: keep it as text",
    )
    FULLWIDTH_DIGITS = "FULLWIDTH_DIGITS", "含有全角数字", "Full-width digits"
    INNER_SPACE = "INNER_SPACE", "含有空格或不可见字符", "White space or invisible characters"
    BRACKETS_MISSING = "BRACKETS_MISSING", "年份缺少括号", "The year has no brackets"
    BRACKETS_UNBALANCED = "BRACKETS_UNBALANCED", "年份的括号不成对", "The brackets of the year are unbalanced"
    BRACKETS_MIXED = "BRACKETS_MIXED", "全角与半角括号混用", "A full-width and a half-width bracket are mixed"
    BRACKETS_WRONG_KIND = (
        "BRACKETS_WRONG_KIND",
        "括号种类错误，案号应使用圆括号（六角括号用于公文文号）",
        "Wrong kind of brackets: case numbers have round ones (hexagonal ones belong to official document numbers)",
    )
    YEAR_MALFORMED = "YEAR_MALFORMED", "年份应为四位数字", "The year must have four digits"
    YEAR_BEFORE_2016 = (
        "YEAR_BEFORE_2016",
        "法院代字自2016年1月1日起使用，年份不能早于2016",
        "Court codes exist since 2016-01-01, so the year cannot be earlier",
    )
    YEAR_IN_FUTURE = "YEAR_IN_FUTURE", "年份在未来", "The year is in the future"
    COURT_UNKNOWN_PROVINCE = (
        "COURT_UNKNOWN_PROVINCE",
        "法院代字中的省份简称不存在",
        "The court code does not begin with a province character",
    )
    COURT_CODE_MALFORMED = (
        "COURT_CODE_MALFORMED",
        "法院代字应为省份简称加零、二或四位数字",
        "A court code is a province character with no, two or four digits",
    )
    TYPE_NOT_ADMINISTRATIVE = (
        "TYPE_NOT_ADMINISTRATIVE",
        "不是行政案件的类型代字",
        "The type is not that of an administrative case",
    )
    TYPE_UNKNOWN = "TYPE_UNKNOWN", "类型代字不存在", "Unknown case type"
    TYPE_NOT_FOR_BASIC_COURT = (
        "TYPE_NOT_FOR_BASIC_COURT",
        "基层人民法院没有此类型的案件",
        "A basic court has no cases of this type",
    )
    ORDINAL_PREFIX = (
        "ORDINAL_PREFIX",
        "序号前不应有“第”",
        "第 before the serial number belongs to the style before 2016",
    )
    SERIAL_MISSING = "SERIAL_MISSING", "缺少序号", "The serial number is missing"
    SERIAL_LEADING_ZERO = "SERIAL_LEADING_ZERO", "序号不能以零开头", "The serial number has a leading zero"
    SERIAL_TOO_LARGE = "SERIAL_TOO_LARGE", "序号不能超过七位", "The serial number has more than seven digits"
    HAO_MISSING = "HAO_MISSING", "序号后缺少“号”", "号 is missing after the serial number"
    SUFFIX_MALFORMED = "SUFFIX_MALFORMED", "后缀应为“之一”至“之九十九”", "The suffix must be 之一 to 之九十九"
    TRAILING_TEXT = "TRAILING_TEXT", "案号后有多余文字", "There is text after the case number"


class CaseNumberRefused(ValueError):
    """案号不合规: the text is no administrative case number. `reason` is stable, `text` is what was read."""

    def __init__(self, reason: CaseNumberReason, text: str) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.text = text

    @property
    def message(self) -> str:
        """The reason in English."""
        return self.reason.en

    @property
    def message_zh(self) -> str:
        """The reason in Chinese."""
        return self.reason.zh


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """案号, as parsed. Made by `parse_case_number`; two spellings of the brackets are one number.

    `special` and `suffix` are empty where there is none; `court_code` is the court's own (粤7101).
    """

    year: int
    court_code: str
    special: str
    type: str
    serial: int
    suffix: str = ""

    @property
    def key(self) -> tuple[int, str, str, str, int]:
        """What identifies the case: (year, court, special, type, serial), never the text."""
        return (self.year, self.court_code, self.special, self.type, self.serial)

    @property
    def canonical_without_suffix(self) -> str:
        """The number of the case itself, with full-width brackets as the rule prints them."""
        return f"（{self.year}）{self.court_code}{self.special}{self.type}{self.serial}号"

    @property
    def canonical(self) -> str:
        """The number with its suffix, as it stands on the document."""
        return self.canonical_without_suffix + self.suffix

    @property
    def court_level(self) -> CourtLevel:
        """The level of the court, which the length of its code tells."""
        return court_level(self.court_code)

    @property
    def suffix_number(self) -> int | None:
        """1 for 之一, 12 for 之十二; None without a suffix."""
        return numeral_value(self.suffix[1:]) if self.suffix else None


def court_level(court_code: str) -> CourtLevel:
    """The level of a well-formed court code: 最高法, 粤, 粤71, 粤7101."""
    if court_code == SUPREME_COURT:
        return CourtLevel.SUPREME
    return {1: CourtLevel.HIGH, 3: CourtLevel.INTERMEDIATE, 5: CourtLevel.BASIC}[len(court_code)]


def numeral_value(numeral: str) -> int:
    """The number that a Chinese numeral from 一 to 九十九 stands for; `ValueError` for any other text."""
    if not _NUMERAL.fullmatch(numeral):
        raise ValueError(f"{numeral!r} is no numeral from 一 to 九十九")
    tens, has_ten, ones = numeral.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(has_ten) + (_DIGITS.index(ones) if ones else 0)


def numeral_text(value: int) -> str:
    """The Chinese numeral of a number from 1 to 99, as suffixes are written: 十二, 二十, 三十五."""
    if not 1 <= value <= 99:  # noqa: PLR2004  # the grammar ends at 九十九
        raise ValueError(f"{value} is not from 1 to 99")
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")
