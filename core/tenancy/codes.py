"""租户代码: arithmetic of tenant codes. A code is an administrative code padded to nine digits, a tenant a range of codes.

========  ==================  ============================
level     digits              range of 440112001's ancestors
========  ==================  ============================
province  44 0000000          [440000000, 450000000)
city      4401 00000          [440100000, 440200000)
district  440112 000          [440112000, 440113000)
town      440112001           [440112001, 440112002)
========  ==================  ============================

The root tenant (租户根, the `shard`) is the prefecture city (4401), the municipality (直辖市: 11, 12, 31, 50) or the county
that its province runs directly (429004, 659001: digits three and four are 90).

Units without a legal division (zone committees and the like) that stand in no list get a code of the reserved sub-range:
district digits 90-99 under a city, town digits 900-999 under a district or directly run county. No list uses them: the
statistics bureau gives functional districts 57-78 and functional towns 400-599, the highest legal district is 88, the
highest legal town 400.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from core.errors import BadUserInput
from core.labels import Labelled

MUNICIPALITIES = frozenset({11, 12, 31, 50})
"""直辖市: 北京, 天津, 上海, 重庆."""

DIRECT_CITY_DIGITS = 90
"""Digits three and four of counties that the province runs directly (省直辖县级行政区划)."""

RESERVED_DISTRICTS = range(90, 100)
RESERVED_TOWNS = range(900, 1000)

_PROVINCE, _CITY, _DISTRICT, _TOWN = 10_000_000, 100_000, 1_000, 1
_FORMS = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}")
_SMALLEST, _LARGEST = 11 * _PROVINCE, 100 * _PROVINCE


class TenantLevel(Labelled):
    """租户层级. A municipality and a directly run county are the CITY of their tree; an ordinary province is no tenant."""

    PROVINCE = "PROVINCE", "省", "province"
    CITY = "CITY", "市", "city"
    DISTRICT = "DISTRICT", "区县", "district or county"
    TOWN = "TOWN", "镇街", "town or street"


class TenantCodeMalformed(BadUserInput):
    """租户代码有误: the text or number is no administrative code."""

    def __init__(self, text: object) -> None:
        super().__init__(
            f"{text!r} is no administrative code: expected 2, 4, 6 or 9 digits, e.g. 4401, 440112 or 440112001",
            f"“{text}”不是行政区划代码，应为2、4、6或9位数字，例如4401、440112、440112001",
        )


class NoRootTenant(BadUserInput):
    """没有租户根: the code names a province (or the node above directly run counties), which belongs to no root tenant."""

    def __init__(self, code: int) -> None:
        super().__init__(
            f"{code} is a province and belongs to no root tenant; name a city, a municipality or a directly run county",
            f"{code}是省级代码，不属于任何租户，请使用市、直辖市或省直辖县级行政区划的代码",
        )


@dataclass(frozen=True, slots=True, order=True)
class TenantCode:
    """租户代码: nine digits. Raises `TenantCodeMalformed` for a number that no administrative code can be."""

    value: int

    def __post_init__(self) -> None:
        city_digits, rest = self.value // _CITY % 100, self.value % _CITY
        # Digits five and six may be 00 above a town (东莞 has no districts), digits three and four may not.
        if not _SMALLEST <= self.value < _LARGEST or (city_digits == 0 and rest):
            raise TenantCodeMalformed(self.value)

    @property
    def _span(self) -> int:
        return next(span for span in (_PROVINCE, _CITY, _DISTRICT, _TOWN) if self.value % span == 0)

    @property
    def level(self) -> TenantLevel:
        """The level of a tenant with this code."""
        match self._span:
            case 10_000_000:
                return TenantLevel.CITY if self.value // _PROVINCE in MUNICIPALITIES else TenantLevel.PROVINCE
            case 100_000:
                return TenantLevel.CITY
            case 1_000:
                direct = self.value // _CITY % 100 == DIRECT_CITY_DIGITS
                return TenantLevel.CITY if direct else TenantLevel.DISTRICT
            case _:
                return TenantLevel.TOWN

    @property
    def low(self) -> int:
        """The first code of the range."""
        return self.value

    @property
    def high(self) -> int:
        """The first code after the range."""
        return self.value + self._span

    @property
    def division_code(self) -> str:
        """The administrative code without padding: 4401, 440112, 440112001."""
        digits = {_PROVINCE: 2, _CITY: 4, _DISTRICT: 6, _TOWN: 9}[self._span]
        return str(self.value)[:digits]

    def contains(self, other: int) -> bool:
        """Whether a code lies in this tenant's range."""
        return self.low <= other < self.high


def parse_tenant_code(text: str) -> TenantCode:
    """Read what people and files write: 4401, 440112, 440112001, or padded 440100000 (`TenantCodeMalformed`)."""
    text = text.strip()
    if not _FORMS.fullmatch(text):
        raise TenantCodeMalformed(text[:40])
    return TenantCode(int(text.ljust(9, "0")))


def shard_of(code: int) -> int:
    """The code of the root tenant that a code belongs to; `NoRootTenant` for a province."""
    TenantCode(code)
    province, city_digits = code // _PROVINCE, code // _CITY % 100
    if province in MUNICIPALITIES:
        return province * _PROVINCE
    span = _DISTRICT if city_digits == DIRECT_CITY_DIGITS else _CITY
    if city_digits == 0 or (span == _DISTRICT and code % _CITY < _DISTRICT):
        raise NoRootTenant(code)
    return code // span * span


def is_reserved(code: int) -> bool:
    """Whether a code lies in the sub-range kept for units without a legal division."""
    city_reserved = code // _DISTRICT % 100 in RESERVED_DISTRICTS and code // _CITY % 100 != 0
    return city_reserved or code % _DISTRICT in RESERVED_TOWNS


def reserved_codes(parent: TenantCode) -> Iterator[TenantCode]:
    """The codes kept for units without a legal division under a tenant; none under a province or a town.

    Under a municipality they stand under its first city node: 500190, 500191, ...
    """
    if parent.level is TenantLevel.CITY and parent.value % _CITY == 0:
        city = parent.value if parent.value % _PROVINCE else parent.value + _CITY
        yield from (TenantCode(city + digits * _DISTRICT) for digits in RESERVED_DISTRICTS)
    elif parent.level in (TenantLevel.CITY, TenantLevel.DISTRICT):
        yield from (TenantCode(parent.value + digits) for digits in RESERVED_TOWNS)


def next_reserved_code(parent: TenantCode, taken: Container[int]) -> TenantCode | None:
    """The first reserved code under a tenant that is not taken; None if all are."""
    return next((code for code in reserved_codes(parent) if code.value not in taken), None)
