"""A small city to test in: 广州 with two districts and a street, each with an agency and a case of its own, and a shared case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import insert

from core.cases.tables import CaseShell, Dispute, Response
from core.db.scope import TenantLevel
from core.db.session import Database, SystemSession
from core.reference.tables import Cause, Court
from core.tenancy.tables import Agency, Tenant

TODAY: Final = date(2026, 3, 10)
NOW: Final = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant of the small city."""

    code: int
    high: int
    level: TenantLevel
    name: str
    parent: int | None = None


PLACES: Final = MappingProxyType(
    {
        "city": Place(440100000, 440200000, TenantLevel.CITY, "广州市"),
        "tianhe": Place(440106000, 440107000, TenantLevel.DISTRICT, "天河区", 440100000),
        "huangpu": Place(440112000, 440113000, TenantLevel.DISTRICT, "黄埔区", 440100000),
        "street": Place(440112001, 440112002, TenantLevel.TOWN, "红山街道", 440112000),
        "shenzhen": Place(440300000, 440400000, TenantLevel.CITY, "深圳市"),
    }
)


@dataclass(slots=True)
class SmallCity:
    """Its rows by the name of their place; `shared` is a case that 黄埔区 and 天河区 answer together."""

    agencies: dict[str, UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    responses: dict[str, UUID] = field(default_factory=dict)


async def build(database: Database) -> SmallCity:
    """Fill a migrated, empty database."""
    built = SmallCity()
    async with database.system() as session:
        court = {"code": "粤7101", "name_zh": "广州铁路运输法院", "level": "basic", "verified": "yes"}
        await session.execute(insert(Court).values(court))
        cause = {"code": "01", "level": 1, "name_zh": "行政行为", "verified": "one_source"}
        await session.execute(insert(Cause).values(cause))
        for name, place in PLACES.items():
            await _place(session, built, name, place)
        for serial, name in enumerate(PLACES, start=1):
            await _case(session, built, name, [name], serial)
        await _case(session, built, "shared", ["huangpu", "tianhe"], len(PLACES) + 1)
    return built


async def _place(session: SystemSession, built: SmallCity, name: str, place: Place) -> None:
    shard = place.code // 100_000
    tenant = {"code": place.code, "shard": shard, "parent_code": place.parent, "level": place.level.value.upper()}
    tenant |= {"kind": "NORMAL", "name_zh": place.name, "full_name_zh": place.name, "sort_key": name}
    await session.execute(insert(Tenant).values({**tenant, "low": place.code, "high": place.high}))
    agency = {"shard": shard, "code": place.code, "external_id": name, "name_zh": f"{place.name}人民政府"}
    agency |= {"sort_key": name, "level": place.level.value.upper(), "category": "GOVERNMENT"}
    built.agencies[name] = await session.scalar(insert(Agency).values(agency).returning(Agency.id))


async def _case(session: SystemSession, built: SmallCity, name: str, agencies: list[str], serial: int) -> None:
    shard, filed = PLACES[agencies[0]].code // 100_000, date(2026, 3, serial)
    dispute = await session.scalar(insert(Dispute).values(shard=shard, opened_on=filed).returning(Dispute.id))
    repeated = {"shard": shard, "procedure_kind": "FIRST", "court_code": "粤7101", "cause_code": "01"}
    repeated |= {"filed_on": filed, "status": "OPEN"}
    shell = {"dispute_id": dispute, "compensation": "NONE", "procedure_form": "ORDINARY", "created_at": NOW}
    shell |= {"number_year": 2026, "number_type": "行初", "number_serial": serial}
    shell |= {"number_text": f"（2026）粤7101行初{serial}号"}
    case_id = await session.scalar(insert(CaseShell).values({**repeated, **shell}).returning(CaseShell.id))
    built.cases[name] = case_id
    for ordinal, who in enumerate(agencies):
        code = PLACES[who].code
        response = {"case_id": case_id, "agency_id": built.agencies[who], "code": code, "origin_code": code}
        response |= {"ordinal": ordinal, "role": "CO_RESPONDENT" if ordinal else "RESPONDENT"}
        response |= {"received_on": filed, "registered_at": NOW}
        added = insert(Response).values({**repeated, **response}).returning(Response.id)
        built.responses[name if ordinal == 0 else f"{name}/{who}"] = await session.scalar(added)
