"""Checks of single input values. Each answers the value to store, or raises `Refused` with INVALID_INPUT and the field."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from core.acting import ActContext
from core.cases.acts.refusing import Path, Refused, refuse
from core.cases.refusals.common import Common
from core.labels import Labelled

NAME: Final = 200
"""Characters of a name, a title, a place, a number."""
REASON: Final = 2_000
"""Characters of a reason or a content."""
NOTE: Final = 20_000
"""Characters of a note."""

FIRST_DAY: Final = date(1990, 1, 1)
"""The year in which the 行政诉讼法 came into force: no case is older."""
LAST_DAY: Final = date(2100, 12, 31)
MOST_ITEMS: Final = 100
_MONEY: Final = Decimal("999999999999.99")
_KEPT_CONTROLS: Final = frozenset("\n\r\t")


def invalid(path: Path, message: str, message_zh: str) -> Refused:
    """The refusal of a value that its field cannot hold."""
    return Refused(Common.INVALID_INPUT, path, message, message_zh)


def text(value: str, path: Path, limit: int = NAME) -> str:
    """A text without blanks around it: not empty, not too long, and of characters that can be stored and shown."""
    cleaned = value.strip()
    if not cleaned:
        raise invalid(path, "The text must not be blank", "内容不能为空")
    if len(cleaned) > limit:
        raise invalid(path, f"The text must not be longer than {limit} characters", f"内容不能超过{limit}字")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in _KEPT_CONTROLS for char in cleaned):
        raise invalid(path, "The text holds control characters", "内容含有控制字符")
    return cleaned


def optional_text(value: str | None, path: Path, limit: int = NAME) -> str | None:
    """`text`, where nothing may be given; blank is nothing."""
    return None if value is None or not value.strip() else text(value, path, limit)


def number(value: int | None, path: Path, low: int, high: int) -> int | None:
    """A whole number within bounds."""
    if value is not None and not low <= value <= high:
        raise invalid(path, f"The number must be from {low} to {high}", f"数值应为{low}至{high}")
    return value


def money(value: Decimal | None, path: Path) -> Decimal | None:
    """An amount of yuan (元): not negative, in whole fen (分)."""
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value <= _MONEY:
        raise invalid(path, "The amount is negative or too large", "金额不能为负数，也不能过大")
    if value != value.quantize(Decimal("0.01")):
        raise invalid(path, "The amount has more than two decimals", "金额最多两位小数")
    return value


def day(value: date, path: Path) -> date:
    """A day that a case can have."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise invalid(path, f"The day must lie from {FIRST_DAY} to {LAST_DAY}", f"日期应在{FIRST_DAY}至{LAST_DAY}之间")
    return value


def past_day(context: ActContext, value: date, path: Path, in_future: Labelled) -> date:
    """A day that is not after today: what happened cannot lie in the future."""
    if day(value, path) > context.today:
        raise refuse(in_future, path)
    return value


def not_before(value: date, earliest: date | None, path: Path, too_early: Labelled) -> date:
    """A day that is not before another one, if there is one."""
    if earliest is not None and value < earliest:
        raise refuse(
            too_early,
            path,
            f"{too_early.en}: {value} is before {earliest}",
            f"{too_early.zh}：{value}早于{earliest}",
        )
    return value


def count(items: tuple[object, ...], path: Path) -> None:
    """A list that is not longer than a mutation may be."""
    if len(items) > MOST_ITEMS:
        raise invalid(path, f"At most {MOST_ITEMS} items", f"最多{MOST_ITEMS}项")
