"""Masking of sensitive fields (敏感信息脱敏), in Python and as PostgreSQL expressions that give the same result.

The expressions are for the statement itself, so that the full value does not leave the database unless it is revealed
(a mutation, which is logged). Sources: 个人信息保护法 28, 51; 行政诉讼法 54, 65 (privacy cases); for names
法释〔2016〕19号 10 (the surname stays, the given name becomes 某).

A mask is total: of any number, an old or mistyped one too, at least four characters are hidden, or all.
`column` in the SQL is a column reference written by us, never a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class _Shown:
    """From this length on, so many characters are shown at the head and at the tail."""

    length: int
    head: int
    tail: int


# Longest first. A second-generation identity card has 18 characters, a first-generation one 15, a passport 9.
_IDENTITY: Final = (_Shown(15, 3, 4), _Shown(8, 1, 2))
# A mobile number has 11 digits (138****5678), one with +86 or with an area code more; a land line 7 or 8.
_PHONE: Final = (_Shown(11, 3, 4), _Shown(7, 1, 2))

_COMPOUND_SURNAMES: Final = (
    "欧阳", "太史", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容",
    "令狐", "宇文", "长孙", "司徒", "司空", "夏侯", "端木", "百里", "呼延", "轩辕",
    "南宫", "西门", "独孤", "澹台", "公冶", "申屠", "钟离", "闾丘", "公羊", "赫连",
)  # fmt: skip
_SHORTEST_COMPOUND: Final = 3


def _mask(text: str, tiers: tuple[_Shown, ...]) -> str:
    for tier in tiers:
        if len(text) >= tier.length:
            return text[: tier.head] + "*" * (len(text) - tier.head - tier.tail) + text[-tier.tail :]
    return "*" * len(text)


def _mask_sql(column: str, tiers: tuple[_Shown, ...]) -> str:
    whens = " ".join(
        f"WHEN char_length({column}) >= {tier.length} THEN substr({column}, 1, {tier.head})"
        f" || repeat('*', char_length({column}) - {tier.head + tier.tail})"
        f" || substr({column}, char_length({column}) - {tier.tail - 1})"
        for tier in tiers
    )
    return f"(CASE {whens} ELSE repeat('*', char_length({column})) END)"


def mask_id(value: str) -> str:
    """Mask an identity number (身份证件号码): `440***********1234`; the shorter it is, the less is shown."""
    return _mask(value, _IDENTITY)


def mask_id_sql(column: str) -> str:
    """`mask_id` as an expression; NULL stays NULL."""
    return _mask_sql(column, _IDENTITY)


def mask_phone(value: str) -> str:
    """Mask a telephone number (电话号码): `138****5678`; a land line shows less."""
    return _mask(value, _PHONE)


def mask_phone_sql(column: str) -> str:
    """`mask_phone` as an expression; NULL stays NULL."""
    return _mask_sql(column, _PHONE)


def mask_name(value: str) -> str:
    """Mask a person's name in a case that touches privacy (姓名): `张某`, `欧阳某`; how long it was does not show.

    The names of organisations are not personal, and are the caller's to leave alone.
    """
    if not value:
        return value
    compound = len(value) >= _SHORTEST_COMPOUND and value.startswith(_COMPOUND_SURNAMES)
    return value[: 2 if compound else 1] + "某"


def mask_name_sql(column: str) -> str:
    """`mask_name` as an expression; NULL stays NULL."""
    surnames = ", ".join(f"'{surname}'" for surname in _COMPOUND_SURNAMES)
    return (
        f"(CASE WHEN {column} = '' THEN '' WHEN char_length({column}) >= {_SHORTEST_COMPOUND}"
        f" AND substr({column}, 1, 2) IN ({surnames}) THEN substr({column}, 1, 2) || '某'"
        f" ELSE substr({column}, 1, 1) || '某' END)"
    )
