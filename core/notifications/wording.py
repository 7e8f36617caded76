"""Wordings (措辞): texts with named places, and nothing that runs. `{案号}` is a place; `{{` and `}}` are braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from core.clock import SHANGHAI
from core.labels import Labelled

_PART: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
LONGEST_VALUE: Final = 500


class WordingFault(ValueError):
    """措辞有误: a text that is no wording of its kind; `field` is `title` or `body`."""

    def __init__(self, field: str, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.field = field
        self.message_zh = message_zh


def check_wording(field: str, text: str, names: Mapping[str, str], longest: int) -> None:
    """`WordingFault` unless the text is not empty, not too long, and names declared places only."""
    if not text.strip():
        raise WordingFault(field, f"the {field} is empty", "内容不能为空")
    if len(text) > longest:
        raise WordingFault(field, f"the {field} has more than {longest} characters", f"最多{longest}字")
    if _CONTROL.search(text) or (field == "title" and "\n" in text):
        raise WordingFault(field, f"the {field} has a control character", "含有控制字符或标题换行")
    for part in _PART.finditer(text):
        name = part.group(1)
        if name is None and part.group() not in {"{{", "}}"}:
            raise WordingFault(field, f"a lone {part.group()} in the {field}", "花括号不成对；花括号本身应写成两个")
        if name is not None and name not in names:
            raise WordingFault(field, f"{{{name}}} is no placeholder of this kind", f"没有占位符“{name}”")


def render(text: str, names: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The text with every place filled; the text has been checked, and `values` has a text for every name."""

    def filled(part: re.Match[str]) -> str:
        name = part.group(1)
        return part.group()[0] if name is None else values[names[name]]

    return _PART.sub(filled, text)


def shown(value: Any) -> str:
    """A value as Chinese readers write it: 2026年3月10日, 2026年3月10日09:30 (in Shanghai), 一 line, at most 500 characters."""
    if isinstance(value, Labelled):
        return value.zh
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI)
        return f"{shown(local.date())}{local:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if value is None:
        return "—"
    return " ".join(_CONTROL.sub(" ", str(value)).split("\n"))[:LONGEST_VALUE]
