"""The agencies of the demo: Guangzhou's from the shipped list, Shenzhen's by the way in which its agencies are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.reference.readers import Division, read_agencies_guangzhou, read_divisions

DISTRICT_DIGITS = 6

_SHENZHEN_CITY = (
    ("深圳市人民政府", "government"),
    ("深圳市公安局", "police"),
    ("深圳市公安局交通警察局", "police"),
    ("深圳市人力资源和社会保障局", "labour"),
    ("深圳市社会保险基金管理局", "social_insurance"),
    ("深圳市规划和自然资源局", "planning_land"),
    ("深圳市住房和建设局", "housing"),
    ("深圳市市场监督管理局", "market"),
    ("深圳市交通运输局", "transport"),
    ("深圳市卫生健康委员会", "health"),
    ("深圳市生态环境局", "environment"),
    ("深圳市教育局", "education"),
    ("深圳市民政局", "civil_affairs"),
    ("深圳市医疗保障局", "medical_insurance"),
    ("深圳市应急管理局", "emergency"),
    ("深圳市城市管理和综合执法局", "urban_management"),
)
_SHENZHEN_DISTRICT = (
    ("深圳市{district}人民政府", "government"),
    ("深圳市公安局{short}分局", "police"),
    ("深圳市{district}人力资源局", "labour"),
    ("深圳市规划和自然资源局{short}管理局", "planning_land"),
    ("深圳市{district}住房和建设局", "housing"),
    ("深圳市市场监督管理局{short}监管局", "market"),
    ("深圳市{district}城市管理和综合执法局", "urban_management"),
    ("深圳市{district}卫生健康局", "health"),
    ("深圳市{district}教育局", "education"),
    ("深圳市{district}应急管理局", "emergency"),
)


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """行政机关 of the demo; `level` and `category` as import files write them, `tenant_code` with 4, 6 or 9 digits."""

    agency_id: str
    name: str
    level: str
    tenant_code: str
    category: str

    @property
    def district(self) -> str:
        """The district that it belongs to; empty for one of the whole city."""
        return self.tenant_code[:DISTRICT_DIGITS] if len(self.tenant_code) >= DISTRICT_DIGITS else ""


def guangzhou() -> tuple[DemoAgency, ...]:
    """The shipped agencies of Guangzhou, under their own ids."""
    return tuple(
        DemoAgency(seed.agency_id, seed.name_zh, seed.level, seed.tenant_code, seed.category)
        for seed in read_agencies_guangzhou()
    )


def shenzhen() -> tuple[DemoAgency, ...]:
    """Agencies of Shenzhen by naming rule: departments of the city, branches and departments of districts, street offices.

    The names are plausible, not verified; functional zones have no agency here.
    """
    divisions = [d for d in read_divisions() if d.code.startswith("4403") and d.kind == "normal"]
    names = {division.code: division.name_zh for division in divisions}
    found = [agency for division in divisions for agency in _shenzhen_of(division, names)]
    return tuple(DemoAgency(f"B{number:04d}", *agency) for number, agency in enumerate(found, 1))


def _shenzhen_of(division: Division, names: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    if division.level == "city":
        for name, category in _SHENZHEN_CITY:
            yield name, "city", division.code, category
    elif division.level == "district":
        short = division.name_zh.removesuffix("区")
        for pattern, category in _SHENZHEN_DISTRICT:
            yield pattern.format(district=division.name_zh, short=short), "district", division.code, category
    else:
        district = names[division.code[:DISTRICT_DIGITS]]
        yield f"深圳市{district}{division.name_zh}办事处", "town", division.code, "street_office"
