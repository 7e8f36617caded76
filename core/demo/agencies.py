"""The agencies of a demonstration city: Guangzhou's real ones; elsewhere those that the naming rule gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.reference.readers import read_agencies_guangzhou, read_divisions

GUANGZHOU = "4401"
CITY_BODIES = (
    ("人民政府", "government"),
    ("公安局", "police"),
    ("人力资源和社会保障局", "labour"),
    ("规划和自然资源局", "planning_land"),
    ("市场监督管理局", "market"),
    ("司法局", "justice"),
)
DISTRICT_BODIES = (
    ("人民政府", "government"),
    ("人力资源局", "labour"),
    ("市场监督管理局", "market"),
    ("城市管理和综合执法局", "urban_management"),
)


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """One row of agencies.csv."""

    agency_id: str
    name: str
    level: str
    tenant_code: str
    category: str


def agencies_of(city: str) -> tuple[DemoAgency, ...]:
    """The agencies of a city by its 4-digit code."""
    if city == GUANGZHOU:
        return tuple(
            DemoAgency(seed.agency_id, seed.name_zh, seed.level, seed.tenant_code, seed.category)
            for seed in read_agencies_guangzhou()
            if seed.level in {"city", "district", "town"}
        )
    return tuple(DemoAgency(f"B{number:05d}", *rest) for number, rest in enumerate(_by_rule(city), start=1))


def _by_rule(city: str) -> Iterator[tuple[str, str, str, str]]:
    divisions = [one for one in read_divisions() if one.code.startswith(city) and one.kind == "normal"]
    names = {one.code: one.name_zh for one in divisions}
    yield from ((names[city] + body, "city", city, category) for body, category in CITY_BODIES)
    for one in divisions:
        if one.level == "district":
            full = names[city] + one.name_zh
            yield from ((full + body, "district", one.code, category) for body, category in DISTRICT_BODIES)
        elif one.level == "town" and one.name_zh.endswith("街道"):
            full = names[city] + names[one.code[:6]]
            yield f"{full}人民政府{one.name_zh}办事处", "town", one.code, "street_office"
