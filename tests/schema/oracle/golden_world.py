"""The world of the golden files: four cases whose every value is chosen, so that a statement and its answer can be read together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from core.db.scope import Scope, ScopeKind
from schema.planner.compiler import View
from tests.schema.oracle.viewers import BOTH, CITY, HUANGPU, agency_id
from tests.schema.oracle.world import Builder, fill
from tests.schema.test_differential import HOUSE, IDS
from tests.support.city import NOW, TENANTS
from tests.support.house import ALL

__all__ = ["IDS", "fill_golden", "views"]

AGENCIES = {2: (440106000, "广州市天河区人民政府"), 3: (440112000, "广州市黄埔区人民政府")}
CASES: list[tuple[int, list[int], date, date | None]] = [
    (1, [3], date(2026, 3, 1), None),
    (2, [2], date(2026, 3, 2), date(2026, 3, 9)),
    (3, [3, 2], date(2026, 3, 3), None),
    (4, [3], date(2026, 3, 3), date(2026, 3, 8)),
]
"""Serial, respondents, filed on, closed on; the third has a co-respondent of another district."""


class Plain(Builder):
    """Leaves to chance nothing: what is not given is null, or the first that fits."""

    def pick(self, some: list[Any]) -> Any:
        return some[0]

    def absent(self) -> bool:
        return True


def numbered(kind: int, number: int) -> UUID:
    return UUID(f"00000000-0000-7000-{0x8000 + kind:x}-{number:012d}")


def views() -> dict[str, tuple[View, frozenset[str]]]:
    """Who asks, by the name in `variables.json`."""
    reader = ALL - {"parties.read", "appearances.read"}
    disabled = {"case_label": [(440112000, 440113000)]}
    none: frozenset[str] = frozenset()
    return {
        "city": (View(CITY, ALL | {"case_label.add"}, {}), BOTH),
        "city without plugins": (View(CITY, ALL, {}), none),
        "city, labels not in 黄埔": (View(CITY, ALL, disabled), BOTH),
        "district": (View(HUANGPU, ALL, {}), BOTH),
        "city, may not read parties": (View(CITY, reader, {}), none),
        "court": (View(_court(), ALL, {}), none),
    }


def _court() -> Scope:
    return replace(CITY, kind=ScopeKind.COURT, court_code="粤7101")


async def fill_golden(url: str) -> None:
    """Fill a migrated, empty database."""
    made = Plain(HOUSE.catalogue)
    made.add("court", code="粤7101", name_zh="广州铁路运输法院", level="intermediate")
    made.add("cause", code="01", level=1, name_zh="行政行为", verified="two_sources")
    made.add("cause", code="0101", parent_code="01", level=2, name_zh="行政处罚", verified="one_source")
    for code, shard, parent, level, name, low, high in TENANTS:
        made.add(
            "tenant", code=code, shard=shard, parent_code=parent, level=level, kind="NORMAL", name_zh=name, full_name_zh=name,
            low=low, high=high, sort_key=name,
        )  # fmt: skip
    for number, (code, name) in AGENCIES.items():
        made.add(
            "agency", shard=4401, id=agency_id(number), code=code, external_id=str(number), name_zh=name, level="DISTRICT",
            category="GOVERNMENT", sort_key=name, aliases=["区政府"], version=1,
        )  # fmt: skip
    for case in CASES:
        _case(made, *case)
    for status, responses in {"OPEN": 3, "CLOSED": 2}.items():
        for level, first in {"CITY": date(2026, 3, 1), "CITY_YEAR": date(2026, 1, 1)}.items():
            made.add(
                "case_tally", shard=4401, level=level, tenant_code=440100000, agency_id=None, month=first, series="FILED",
                procedure_kind="FIRST", status=status, slot=0, responses=responses,
            )  # fmt: skip
    made.add(
        "case_link",
        shard=4401,
        id=numbered(9, 1),
        from_case_id=numbered(1, 2),
        to_case_id=numbered(1, 4),
        kind="APPEAL",
    )
    await fill(url, made)


def _case(made: Builder, serial: int, respondents: list[int], filed: date, closed: date | None) -> None:
    case = numbered(1, serial)
    made.add("dispute", shard=4401, id=numbered(0, serial), opened_on=filed, title=f"争议{serial}")
    copied = {
        "filed_on": filed, "closed_on": closed, "status": "CLOSED" if closed else "OPEN", "court_code": "粤7101",
        "procedure_kind": "FIRST", "cause_code": "0101",
    }  # fmt: skip
    made.add(
        "case_shell", shard=4401, id=case, dispute_id=numbered(0, serial), number_year=2026, number_special="", number_type="行初",
        number_serial=serial, number_text=f"（2026）粤7101行初{serial}号", version=1, created_at=NOW, **copied,
    )  # fmt: skip
    hearing = numbered(2, serial)
    made.add(
        "hearing", shard=4401, id=hearing, case_id=case, sequence=1, held_on=date(2026, 3, 10 + serial), starts_at=time(9, 30),
        mode="ON_SITE", status="SCHEDULED", version=1,
    )  # fmt: skip
    made.add(
        "party", shard=4401, id=numbered(3, serial), case_id=case, side="CLAIMANT", kind="NATURAL_PERSON", ordinal=0, name=f"原告{serial}",
        people=1, identity_number="44010119900101123X", telephone="13800138000",
    )  # fmt: skip
    for ordinal, number in enumerate(respondents):
        _response(made, case, hearing, serial, ordinal, number, copied)


def _response(
    made: Builder, case: UUID, hearing: UUID, serial: int, ordinal: int, number: int, copied: dict[str, Any]
) -> None:
    code, response = AGENCIES[number][0], numbered(4 + ordinal, serial)
    whose = {"shard": 4401, "code": code, "agency_id": agency_id(number), "case_id": case}
    made.add(
        "response", id=response, origin_code=code, ordinal=ordinal, role="CO_RESPONDENT" if ordinal else "RESPONDENT",
        registered_at=NOW, version=1, **whose, **copied,
    )  # fmt: skip
    whose["response_id"] = response
    made.add(
        "appearance",
        id=numbered(6, 10 * serial + ordinal),
        hearing_id=hearing,
        ordinal=ordinal,
        held_on=date(2026, 3, 10 + serial),
        version=1,
        **whose,
    )
    made.add(
        "document",
        id=numbered(7, 10 * serial + ordinal),
        title="答辩状",
        doc_type="OTHER",
        received_on=copied["filed_on"],
        **whose,
    )
    made.add(
        "case_label", id=numbered(8, 10 * serial + ordinal), text=f"标签{serial}", colour="红", created_at=NOW, **whose
    )
