"""A small city for tests: Guangzhou with two districts and a town, Shenzhen beside it, and one case in each corner."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert

from core.cases.tables import CaseShell, Dispute, Response
from core.db.scope import Scope, ScopeKind, TenantLevel
from core.db.session import Database, SystemSession
from core.reference.tables import Cause, Court
from core.tenancy.tables import Agency, Tenant

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)

TENANTS = [
    (440100000, 4401, None, "CITY", "广州市", 440100000, 440200000),
    (440106000, 4401, 440100000, "DISTRICT", "天河区", 440106000, 440107000),
    (440112000, 4401, 440100000, "DISTRICT", "黄埔区", 440112000, 440113000),
    (440112001, 4401, 440112000, "TOWN", "红山街道", 440112001, 440112002),
    (440300000, 4403, None, "CITY", "深圳市", 440300000, 440400000),
]
AGENCIES = {
    "city": ("广州市公安局", 440100000, "CITY", "POLICE"),
    "tianhe": ("广州市天河区人民政府", 440106000, "DISTRICT", "GOVERNMENT"),
    "huangpu": ("广州市黄埔区人民政府", 440112000, "DISTRICT", "GOVERNMENT"),
    "town": ("广州市黄埔区人民政府红山街道办事处", 440112001, "TOWN", "STREET_OFFICE"),
    "shenzhen": ("深圳市公安局", 440300000, "CITY", "POLICE"),
}


@dataclass(slots=True)
class City:
    """What was built, by name."""

    agencies: dict[str, UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    responses: dict[str, UUID] = field(default_factory=dict)

    def scope(self, code: int, kind: ScopeKind = ScopeKind.TENANT, **narrowed: object) -> Scope:
        """The scope of a tenant by code, or of an agency, court or member in it."""
        row = next(row for row in TENANTS if row[0] == code)
        return Scope(kind, row[1], row[5], row[6], TenantLevel(row[3].lower()), TODAY, **narrowed)  # type: ignore[arg-type]

    def agency_scope(self, name: str) -> Scope:
        """The scope of an agency's own people."""
        return self.scope(AGENCIES[name][1], ScopeKind.AGENCY, agency_id=self.agencies[name])


async def build_city(database: Database) -> City:
    """Fill an empty database."""
    built = City()
    async with database.system() as session:
        await _reference(session)
        for code, shard, parent, level, name, low, high in TENANTS:
            await session.execute(
                insert(Tenant).values(
                    code=code,
                    shard=shard,
                    parent_code=parent,
                    level=level,
                    kind="NORMAL",
                    name_zh=name,
                    full_name_zh=name,
                    sort_key=name,
                    low=low,
                    high=high,
                )
            )
        for number, (key, (name, code, level, category)) in enumerate(AGENCIES.items()):
            built.agencies[key] = await session.scalar(
                insert(Agency)
                .values(
                    shard=code // 100000,
                    code=code,
                    external_id=f"A{number}",
                    name_zh=name,
                    sort_key=name,
                    level=level,
                    category=category,
                )
                .returning(Agency.id)
            )
        serial = 1
        for key in AGENCIES:
            await _case(session, built, key, [key], serial)
            serial += 1
        await _case(session, built, "shared", ["huangpu", "tianhe"], serial)
    return built


async def _reference(session: SystemSession) -> None:
    await session.execute(
        insert(Court),
        [
            {
                "code": "粤7101",
                "name_zh": "广州铁路运输法院",
                "level": "basic",
                "division_code": "4401",
                "verified": "yes",
            },
            {
                "code": "粤71",
                "name_zh": "广州铁路运输中级法院",
                "level": "intermediate",
                "division_code": "4401",
                "verified": "yes",
            },
        ],
    )
    await session.execute(insert(Cause).values(code="01", level=1, name_zh="行政行为", verified="one_source"))
    await session.execute(
        insert(Cause).values(code="0101", parent_code="01", level=2, name_zh="行政处罚", verified="one_source")
    )


async def _case(session: SystemSession, built: City, key: str, agencies: list[str], serial: int) -> None:
    shard = AGENCIES[agencies[0]][1] // 100000
    filed = date(2026, 3, serial)
    dispute = await session.scalar(insert(Dispute).values(shard=shard, opened_on=filed).returning(Dispute.id))
    case_id = await session.scalar(
        insert(CaseShell)
        .values(
            shard=shard,
            dispute_id=dispute,
            procedure_kind="FIRST",
            compensation="NONE",
            procedure_form="ORDINARY",
            court_code="粤7101",
            number_year=2026,
            number_type="行初",
            number_serial=serial,
            number_text=f"（2026）粤7101行初{serial}号",
            cause_code="0101",
            filed_on=filed,
            status="OPEN",
            created_at=NOW,
        )
        .returning(CaseShell.id)
    )
    built.cases[key] = case_id
    for ordinal, name in enumerate(agencies):
        code = AGENCIES[name][1]
        built.responses[key if ordinal == 0 else f"{key}/{name}"] = await session.scalar(
            insert(Response)
            .values(
                shard=shard,
                case_id=case_id,
                agency_id=built.agencies[name],
                code=code,
                origin_code=code,
                ordinal=ordinal,
                role="RESPONDENT" if ordinal == 0 else "CO_RESPONDENT",
                received_on=filed,
                registered_at=NOW,
                filed_on=filed,
                status="OPEN",
                procedure_kind="FIRST",
                cause_code="0101",
                court_code="粤7101",
            )
            .returning(Response.id)
        )
