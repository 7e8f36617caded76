"""The two cities of the demo: their courts, their home districts, their agencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.demo.rosters import DemoAgency, guangzhou, shenzhen
from core.errors import BadUserInput

GUANGZHOU, SHENZHEN = 4401, 4403


class NoDemoCity(BadUserInput):
    """没有该城市的演示数据: the demo knows Guangzhou (4401) and Shenzhen (4403)."""

    def __init__(self, city: int) -> None:
        super().__init__(f"there is no demo of {city}: choose 4401 or 4403", f"没有{city}的演示数据，可选4401、4403")


@dataclass(frozen=True, slots=True)
class DemoCity:
    """A city of the demo.

    `ladder` are the courts that hear its administrative cases, from the court of first instance up (行政诉讼法 14-17);
    the two uppermost serve other cities too, so each city takes the serial numbers of its own `lane` there.
    `home` is the district whose members the demo shows; `districts` weighs the districts (1 where none is named).
    """

    code: int
    mark: str
    ladder: tuple[str, str, str, str]
    lane: int
    home: str
    districts: Mapping[str, float]
    lost_share: float
    agencies: Callable[[], tuple[DemoAgency, ...]]

    def first_court(self, agency: DemoAgency) -> str:
        """The court of first instance: the intermediate court for governments from the county up and customs (行政诉讼法 15)."""
        higher = agency.category == "customs" or (
            agency.category == "government" and agency.level in ("city", "district")
        )
        return self.ladder[1] if higher else self.ladder[0]

    def above(self, court: str) -> str:
        """The court one step up; the supreme court has none and answers itself."""
        return self.ladder[min(self.ladder.index(court) + 1, len(self.ladder) - 1)]

    def is_shared(self, court: str) -> bool:
        """Whether the court hears the cases of other cities too."""
        return court in self.ladder[2:]


CITIES: Mapping[int, DemoCity] = MappingProxyType(
    {
        # The railway courts hear Guangzhou's administrative cases since 2016. 白云, 黄埔 and 增城 have the most.
        GUANGZHOU: DemoCity(
            code=GUANGZHOU,
            mark="穗",
            ladder=("粤7101", "粤71", "粤", "最高法"),
            lane=1,
            home="440112",
            districts=MappingProxyType(
                {"440111": 1.8, "440112": 1.6, "440118": 1.4, "440113": 1.1, "440117": 0.4, "440103": 0.6}
            ),
            lost_share=0.16,
            agencies=guangzhou,
        ),
        # One basic court hears first instances for the whole city: the shipped courts say 盐田, unverified.
        SHENZHEN: DemoCity(
            code=SHENZHEN,
            mark="深",
            ladder=("粤0308", "粤03", "粤", "最高法"),
            lane=2,
            home="440305",
            districts=MappingProxyType({"440306": 1.7, "440307": 1.6, "440309": 1.3, "440308": 0.3}),
            lost_share=0.12,
            agencies=shenzhen,
        ),
    }
)
LANES = len(CITIES)


def demo_city(city: int) -> DemoCity:
    """A city by its code; raises `NoDemoCity`."""
    if city not in CITIES:
        raise NoDemoCity(city)
    return CITIES[city]
