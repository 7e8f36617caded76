"""案号清洗: what may be mended in a case number before it is parsed, and how a cell with several is split.

Never mended, because a person has to look: a wrong court code, 刑 for 行, a missing or zero-led serial, missing or
unbalanced brackets.
"""

from __future__ import annotations

import re
import unicodedata

from core.cases.case_number_grammar import COURT_PATTERN, SUFFIX_PATTERN, TYPES_PATTERN
from core.labels import Labelled

MAX_CELL = 2000
"""Characters; a longer cell is free text, not a list of numbers."""

MAX_RANGE = 200
"""How many numbers a range such as 123-130号 may stand for."""

FULLWIDTH_DIGITS = "０１２３４５６７８９"
OPEN_BRACKETS = "（(〔[【［﹝"
CLOSE_BRACKETS = "）)〕]】］﹞"

_TO_ASCII = str.maketrans(FULLWIDTH_DIGITS, "0123456789")
_BRACKETS = re.compile(rf"([{re.escape(OPEN_BRACKETS)}])([0-9]+)([{re.escape(CLOSE_BRACKETS)}])")
_HEAD = rf"^(?:（[0-9]+）|\([0-9]+\))(?:{COURT_PATTERN})知?(?:{TYPES_PATTERN})"
_ORDINAL = re.compile(rf"({_HEAD})第(?=[0-9])")
_NO_HAO = re.compile(rf"({_HEAD}[0-9]+)(?=(?:{SUFFIX_PATTERN})?$)")

_DIGIT = f"0-9{FULLWIDTH_DIGITS}"
_SPLIT = re.compile(r"[、；;，,\n]|以及|及|和")
_FULL = re.compile(
    rf"(?P<head>\S.*?[^{_DIGIT}])(?P<from>[{_DIGIT}]+)(?P<to>[-–—~～至][{_DIGIT}]+)?(?P<tail>号?(?:之\w+)?)"
)
_SERIAL = re.compile(rf"第?(?P<from>[{_DIGIT}]+)(?P<to>[-–—~～至][{_DIGIT}]+)?(?P<tail>号?(?:之\w+)?)")


class CaseNumberChange(Labelled):
    """案号清洗: what was changed in the text before parsing; the text as read is kept beside the result."""

    SPACES_REMOVED = "SPACES_REMOVED", "删除空格和不可见字符", "white space and invisible characters removed"
    DIGITS_TO_ASCII = "DIGITS_TO_ASCII", "全角数字改为半角", "full-width digits made ASCII"
    BRACKETS_REPLACED = "BRACKETS_REPLACED", "括号改为圆括号", "brackets replaced by round ones"
    ORDINAL_DROPPED = "ORDINAL_DROPPED", "删除序号前的“第”", "第 before the serial number dropped"
    HAO_ADDED = "HAO_ADDED", "补上“号”", "missing 号 added"


def is_blank(char: str) -> bool:
    """Whether a character is white space or invisible (NBSP, zero-width, byte-order mark); not a control character."""
    return char.isspace() or unicodedata.category(char) in ("Zs", "Cf")


def _round_brackets(match: re.Match[str]) -> str:
    pair = match[1] + match[3]
    return match[0] if pair in ("（）", "()") else f"（{match[2]}）"


def normalise_case_number(text: str) -> tuple[str, tuple[CaseNumberChange, ...]]:
    """The text with its harmless faults mended, and which. Normalising again changes nothing.

    A text that still is no case number afterwards stays refused: nothing here invents a part that decides which case
    is meant. Texts in the style before 2016 keep their 第 and get no 号.
    """
    changes: list[CaseNumberChange] = []
    current = text

    def change(to: str, what: CaseNumberChange) -> None:
        nonlocal current
        if to != current:
            changes.append(what)
            current = to

    change("".join(char for char in current if not is_blank(char)), CaseNumberChange.SPACES_REMOVED)
    change(current.translate(_TO_ASCII), CaseNumberChange.DIGITS_TO_ASCII)
    if match := _BRACKETS.match(current):
        change(_round_brackets(match) + current[match.end() :], CaseNumberChange.BRACKETS_REPLACED)
    change(_ORDINAL.sub(r"\1", current), CaseNumberChange.ORDINAL_DROPPED)
    change(_NO_HAO.sub(r"\1号", current), CaseNumberChange.HAO_ADDED)
    return current, tuple(changes)


def _expand(match: re.Match[str], head: str) -> list[str] | None:
    """The numbers of one piece, a single one or a range; None if the range makes no sense."""
    first, tail = match["from"], match["tail"]
    if match["to"] is None:
        return [f"{head}{first}{tail}"]
    low, high = int(first), int(match["to"][1:])
    # A leading zero, a range that runs backwards or has a suffix is for a person to read.
    if str(low) != first.translate(_TO_ASCII) or not low < high < low + MAX_RANGE or tail not in ("", "号"):
        return None
    return [f"{head}{serial}{tail}" for serial in range(low, high + 1)]


def split_case_numbers(cell: str) -> tuple[str, ...]:
    """The case numbers of a cell, each as a text of its own: 行初123、124号 gives 行初123号 and 行初124号.

    Separators are 、 ； ， 及 和 and line breaks, and - between two serials (a range). A cell with one number, or
    one that cannot be split safely, comes back as it is.
    """
    if len(cell) > MAX_CELL:
        return (cell,)
    numbers: list[str] = []
    head: str | None = None
    for piece in filter(None, (part.strip() for part in _SPLIT.split(cell))):
        if match := _SERIAL.fullmatch(piece):
            if head is None:
                return (cell,)
        elif match := _FULL.fullmatch(piece):
            head = match["head"].removesuffix("第") if not match["head"].endswith("字第") else match["head"]
        else:
            return (cell,)
        expanded = _expand(match, head)
        if expanded is None:
            return (cell,)
        numbers += expanded
    if len(numbers) <= 1:
        return (cell,)
    # 行初123、124号: the one 号 at the end stands for all.
    if numbers[-1].endswith("号"):
        numbers = [number if "号" in number else f"{number}号" for number in numbers]
    return tuple(numbers)
