"""Guangzhou as the year is told of it: its agencies, with the shares of cases that they get."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

AGENCIES = Path(__file__).parents[3] / "core" / "reference" / "data" / "agencies-guangzhou.csv"
LEVELS = {"city": 30, "district": 55, "town": 15}
"""Of a hundred cases so many are answered by agencies of the city, of a district, of a street or town: rough shares."""
BUSY = {"government": 4, "police": 4, "labour": 4, "planning_land": 3, "market": 2, "urban_management": 2}
"""Kinds of agency that are sued more often than others."""


@dataclass(frozen=True, slots=True)
class AgencyOfYear:
    external_id: str
    name: str
    level: str
    category: str
    code: int


def agencies() -> tuple[AgencyOfYear, ...]:
    with AGENCIES.open(encoding="utf-8", newline="") as file:
        return tuple(
            AgencyOfYear(row["agency_id"], row["name_zh"], row["level"], row["category"], code_of(row["tenant_code"]))
            for row in csv.DictReader(file)
            if row["level"] in LEVELS
        )


def code_of(tenant: str) -> int:
    """An administrative code padded to nine digits."""
    return int(tenant.ljust(9, "0"))


def weight(agency: AgencyOfYear, of_level: dict[str, int]) -> float:
    return LEVELS[agency.level] * BUSY.get(agency.category, 1) / of_level[agency.level]
