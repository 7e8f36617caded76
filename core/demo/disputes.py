"""争议: who sues which agency about what. Every later procedure of the quarrel repeats it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.demo import names, profiles
from core.demo.chance import Chance, Weighted
from core.demo.cities import DemoCity
from core.demo.rosters import DemoAgency
from core.reference.readers import read_causes

_RECONSIDERED, _TWO_DISTRICTS = 0.1, 0.02
_DISPUTED_COMPETENCE = ("0121", "010308", "0113")
"""What two districts' agencies are sued for together: neither acts, both act, each refers to the other."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A quarrel. `root_id` is its first case's id, `first_court` where that was heard."""

    root_id: str
    agency: DemoAgency
    co_agency_id: str
    plaintiff: str
    plaintiff_kind: str
    people: int
    cause: str
    cause_name: str
    act_number: str
    first_court: str

    @property
    def compensation(self) -> bool:
        """Whether it is a suit for compensation alone (行赔 numbers)."""
        return self.cause == profiles.COMPENSATION


class DisputeMaker:
    """Draws disputes over the agencies of a city.

    The first four are arranged rather than drawn, so that the smallest demo has a case of the city, of the home district,
    of a town in it, and one that it shares with a sibling district.
    """

    def __init__(self, city: DemoCity, agencies: Sequence[DemoAgency], chance: Chance) -> None:
        self._city = city
        self._chance = chance
        self._cause_names = {cause.code: cause.name_zh for cause in read_causes()}
        self._causes = profiles.causes()
        self._by_level = {level: self._weigh(agencies, level) for level in profiles.LEVELS}
        self._levels = Weighted((level, weight) for level, weight in profiles.LEVELS.items() if self._by_level[level])
        self._governments = {
            agency.tenant_code: agency
            for agency in agencies
            if agency.category == "government" and agency.level in ("city", "district")
        }
        self._alike: dict[tuple[str, str], list[DemoAgency]] = defaultdict(list)
        for agency in agencies:
            if agency.district:
                self._alike[agency.level, agency.category].append(agency)
        self._arranged = self._arrange(agencies)

    @property
    def arranged(self) -> int:
        """How many disputes are still arranged; they come first."""
        return len(self._arranged)

    def _weight(self, agency: DemoAgency) -> float:
        return profiles.weight_of(agency.category) * self._city.districts.get(agency.district, 1)

    def _weigh(self, agencies: Iterable[DemoAgency], level: str) -> Weighted[DemoAgency] | None:
        pairs = [(agency, self._weight(agency)) for agency in agencies if agency.level == level]
        return Weighted(pairs) if pairs else None

    def _arrange(self, agencies: Sequence[DemoAgency]) -> list[tuple[DemoAgency, bool]]:
        """The agencies of the first disputes (last first), and whether a sibling district's is sued with them."""
        home = self._city.home
        chosen = []
        for level, district, shared in (
            ("city", "", False),
            ("district", home, False),
            ("town", home, False),
            ("district", home, True),
        ):
            fitting = [
                a for a in agencies if a.level == level and a.district == district and a.category != "government"
            ]
            if fitting:
                chosen.append((max(fitting, key=self._weight), shared))
        return chosen[::-1]

    def open(self, root_id: str, filed: int) -> Dispute:
        """A new dispute whose first case is filed on that day."""
        agency, shared = self._arranged.pop() if self._arranged else (self._draw_agency(), False)
        cause, co_agency = self._cause_and_co_agency(agency, shared)
        plaintiff, kind, people = names.plaintiff(self._chance)
        acted = date.fromordinal(filed - self._chance.between(20, 170))
        return Dispute(
            root_id=root_id,
            agency=agency,
            co_agency_id=co_agency.agency_id if co_agency else "",
            plaintiff=plaintiff,
            plaintiff_kind=kind,
            people=people,
            cause=cause,
            cause_name=self._cause_names[cause],
            act_number=profiles.act_number(
                self._city.mark, agency.category, cause, acted.year, self._chance.between(1, 1800)
            ),
            first_court=self._city.first_court(agency),
        )

    def _draw_agency(self) -> DemoAgency:
        weighted = self._by_level[self._chance.draw(self._levels)]
        if weighted is None:
            raise LookupError("a level without agencies was drawn")
        return self._chance.draw(weighted)

    def _cause_and_co_agency(self, agency: DemoAgency, shared: bool) -> tuple[str, DemoAgency | None]:
        if shared or self._chance.hits(_TWO_DISTRICTS):
            sibling = self._sibling(agency)
            if sibling:
                return self._chance.pick(_DISPUTED_COMPETENCE), sibling
        if self._chance.hits(_RECONSIDERED):
            organ = self._review_organ(agency)
            if organ:
                return profiles.RECONSIDERED, organ
        causes = self._causes.get(agency.category) or self._causes[""]
        return self._chance.draw(causes), None

    def _sibling(self, agency: DemoAgency) -> DemoAgency | None:
        """An agency of the same kind in another district."""
        alike = self._alike.get((agency.level, agency.category), ())
        others = [other for other in alike if other.district != agency.district] if agency.district else []
        return self._chance.pick(others) if others else None

    def _review_organ(self, agency: DemoAgency) -> DemoAgency | None:
        """The government that reviews acts of this agency, and is sued with it when it upheld one (行政复议法 24; 行政诉讼法 26)."""
        by_city = agency.level in ("city", "zone") or agency.category == "government"
        organ = self._governments.get(str(self._city.code) if by_city else agency.district)
        return None if organ is agency else organ
