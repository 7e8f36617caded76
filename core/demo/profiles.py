"""What agencies are sued for, and how often: shares that make a plausible demo; they are assumptions, not statistics."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.demo.chance import Weighted

LEVELS: Mapping[str, float] = MappingProxyType({"city": 22, "district": 48, "town": 27, "zone": 1.5})
"""Shares of disputes by the level of the agency."""

CATEGORIES: Mapping[str, float] = MappingProxyType(
    {
        "government": 14,
        "police": 9,
        "labour": 10,
        "planning_land": 8,
        "housing": 6,
        "market": 7,
        "urban_management": 6,
        "street_office": 5,
        "town_government": 8,
        "social_insurance": 6,
        "housing_fund": 4,
        "transport": 3,
        "health": 2,
        "civil_affairs": 1.5,
        "education": 1.5,
        "environment": 1.5,
        "tax": 1.5,
        "customs": 1,
        "zone_committee": 3,
        "agriculture": 1,
        "medical_insurance": 1,
        "emergency": 1,
    }
)
"""Weights of agencies within their level, by category; what is not named weighs little."""
RARELY_SUED = 0.3

RECONSIDERED, COMPENSATION, OPENNESS, FINE = "011603", "0120", "0113", "010103"
"""Causes with a meaning of their own: suits after reconsideration, for compensation, about 政府信息公开, about a fine."""

_TOWN = (
    ("010308", 28),
    ("010115", 20),
    ("0121", 18),
    ("0113", 12),
    ("011902", 8),
    ("010309", 6),
    ("011805", 5),
    ("0120", 3),
)
_CAUSES: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {
        "street_office": _TOWN,
        "town_government": _TOWN,
        "zone_committee": (("011805", 20), ("0113", 20), ("0121", 20), ("010308", 15), ("011501", 10)),
        "government": (
            *(("010502", 16), ("010501", 14), ("011902", 14), ("011901", 12), ("0113", 14), ("010308", 10)),
            *(("011602", 9), ("011601", 4), ("0120", 4), ("011701", 3)),
        ),
        "police": (
            ("010113", 30),
            ("010103", 30),
            ("0121", 18),
            ("010617", 6),
            ("010106", 6),
            ("0113", 6),
            ("010203", 4),
        ),
        "labour": (("010704", 60), ("0121", 18), ("010701", 12), ("0113", 6), ("010103", 4)),
        "social_insurance": (("010701", 36), ("010802", 24), ("010805", 20), ("0121", 20)),
        "housing_fund": (("011503", 60), ("0121", 40)),
        "planning_land": (
            ("010601", 22),
            ("0113", 22),
            ("0121", 18),
            ("010405", 14),
            ("010606", 12),
            ("010612", 6),
            ("011505", 6),
        ),
        "housing": (("0121", 28), ("0113", 24), ("010707", 20), ("010406", 12), ("011901", 10), ("010103", 6)),
        "market": (("0121", 38), ("010103", 26), ("010401", 20), ("010104", 8), ("0113", 8)),
        "urban_management": (("010115", 40), ("010103", 30), ("0121", 14), ("010308", 10), ("010203", 6)),
        "transport": (("010103", 50), ("010106", 20), ("0121", 15), ("010107", 10), ("0113", 5)),
        "customs": (("010103", 50), ("010105", 30), ("0121", 20)),
        "tax": (("0121", 40), ("010103", 25), ("011001", 25), ("0113", 10)),
    }
)
_OTHERS: tuple[tuple[str, float], ...] = (("0121", 36), ("010103", 26), ("0113", 26), ("011503", 12))

_ACTS: Mapping[str, str] = MappingProxyType(
    {
        "government": "府",
        "street_office": "街",
        "town_government": "镇府",
        "police": "公",
        "labour": "人社",
        "planning_land": "规资",
        "housing": "住建",
        "market": "市监",
        "urban_management": "综执",
        "social_insurance": "社保",
        "transport": "交",
        "health": "卫",
        "environment": "环",
        "customs": "关",
        "tax": "税",
    }
)
_WITHOUT_ACT = frozenset({"0121", "010308", "010309", "0120"})
"""Inaction and physical acts have no document to challenge."""


def causes() -> dict[str, Weighted[str]]:
    """Cause codes to draw from, by category; under the empty category those of agencies that are not named."""
    return {category: Weighted(pairs) for category, pairs in {**_CAUSES, "": _OTHERS}.items()}


def weight_of(category: str) -> float:
    """How often an agency of this category is sued, against others of its level."""
    return CATEGORIES.get(category, RARELY_SUED)


def act_number(mark: str, category: str, cause: str, year: int, serial: int) -> str:
    """文号 of the challenged act: 穗人社决〔2026〕31号; empty where there is none."""
    return "" if cause in _WITHOUT_ACT else f"{mark}{_ACTS.get(category, '行')}决〔{year}〕{serial}号"
