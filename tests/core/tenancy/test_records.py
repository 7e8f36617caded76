"""Tenants and agencies from files, and the acts on agencies."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from core.cases.vocabulary import AgencyCategory, AgencyLevel
from core.clock import FrozenClock
from core.db.session import Database
from core.installation.sort_keys import shipped_tenants
from core.tenancy.acts.agencies import AGENCY_CORRECT, AGENCY_REGISTER
from core.tenancy.acts.changes import Order
from core.tenancy.acts.import_agencies import import_agencies
from core.tenancy.acts.import_tenants import import_tenants
from core.tenancy.acts.refusals import AgencyCorrectRefusal, AgencyRegisterRefusal
from core.tenancy.acts.row_file import FileImport, FileUnreadable, Severity, read_rows
from core.tenancy.events import AgencyCorrected, AgencyRegistered
from core.tenancy.records import add_missing_tenants, find_tenant, read_register, shard_number
from core.tenancy.tables import Agency, Tenant, TenantVersion
from tests.support.acting import Desk, row_of, rows_of, trail
from tests.support.city import NOW, TODAY, City, build_city

ORDER = Order(TODAY, "file", "tester", NOW)
HEADER = "agency_id,name,level,tenant_code,category\n"
GENERATED = Path(__file__).parents[2] / "data" / "import" / "clean" / "agencies.csv"
SHIPPED = Path(__file__).parents[3] / "core" / "reference" / "data" / "agencies-guangzhou.csv"


@pytest.fixture(scope="module")
async def city(database: Database) -> City:
    """The small city, and all of Guangzhou around it."""
    built = await build_city(database)
    guangzhou = [tenant for tenant in shipped_tenants() if tenant.shard == 440_100_000]
    chongqing = [tenant for tenant in shipped_tenants() if tenant.shard == 500_000_000]
    async with database.system() as session:
        await add_missing_tenants(session, [*guangzhou, *chongqing])
    return built


async def agencies(database: Database, content: bytes, code: int = 440_100_000, **more: Any) -> FileImport:
    async with database.system() as session:
        tenant = await find_tenant(session, code)
        assert tenant is not None
        return await import_agencies(session, content, tenant, ORDER, **more)


async def tenants(database: Database, text: str, **more: Any) -> FileImport:
    async with database.system() as session:
        return await import_tenants(session, text.encode(), ORDER, **more)


async def count(database: Database, table: Any) -> int:
    async with database.system() as session:
        return int(await session.scalar(select(func.count()).select_from(table)))


def faults(result: FileImport) -> list[tuple[int, str]]:
    return [(finding.line, finding.column) for finding in result.findings]


@pytest.mark.parametrize(
    ("code", "shard"),
    [(440_112_001, 4401), (110_101_000, 11), (500_112_000, 50), (429_004_000, 429_004), (659_001_000, 659_001)],
)
def test_the_shard_is_the_roots_code_as_written(code: int, shard: int) -> None:
    assert shard_number(code) == shard


@pytest.mark.parametrize("path", [GENERATED, SHIPPED], ids=["generator", "shipped"])
async def test_real_files_land_whole_and_a_second_time_change_nothing(
    database: Database, city: City, path: Path
) -> None:
    content = path.read_bytes()
    rows = len(content.decode().splitlines()) - 1
    first = await agencies(database, content)
    assert (first.added, first.changed, first.unchanged, first.findings) == (rows, 0, 0, ())
    before = await rows_of(database, Agency)
    again = await agencies(database, content)
    assert (again.added, again.changed, again.unchanged, again.findings) == (0, 0, rows, ())
    assert await rows_of(database, Agency) == before


async def test_an_agency_lands_with_its_pinyin_and_an_audit_entry(database: Database, city: City) -> None:
    await agencies(database, f"{HEADER}B1,广州市黄埔区水务局,区级,440112,water\n".encode("gb18030"))
    (agency,) = await rows_of(database, Agency, external_id="B1")
    assert (agency.shard, agency.code, agency.level, agency.category) == (4401, 440_112_000, "DISTRICT", "WATER")
    assert agency.sort_key.startswith("guang3 zhou1 shi4")
    (entry,) = await trail(database, agency.id)
    assert (entry.act, entry.actor, entry.code, entry.agency_id) == ("agencyImport", "tester", 440_112_000, agency.id)


async def test_each_fault_is_told_with_its_line_and_nothing_lands(database: Database, city: City) -> None:
    before = await count(database, Agency)
    rows = (
        "C1,好机关,city,4401,police\n,无编号,city,4401,police\nC3,,city,4401,police\nC4,某,county,4401,police\n"
        "C5,某,city,4403,police\nC6,某,city,44x,police\nC7,某,town,440112999,police\nC1,重复,city,4401,police\n"
        "C9,某,city,4401,astronomy\n"
    )
    result = await agencies(database, f"{HEADER}{rows}".encode())
    assert faults(result) == [
        (3, "agency_id"),
        (4, "name"),
        (5, "level"),
        (6, "tenant_code"),
        (7, "tenant_code"),
        (8, "tenant_code"),
        (9, "agency_id"),
        (10, "category"),
    ]
    assert (result.landed, result.rejected) == (False, 7)
    assert all(finding.message_zh for finding in result.findings)
    assert await count(database, Agency) == before
    kept = await agencies(database, f"{HEADER}{rows}".encode(), keep_good=True)
    assert (kept.landed, kept.added) == (True, 2)
    assert (await rows_of(database, Agency, external_id="C9"))[0].category == "OTHER"


async def test_a_districts_file_cannot_touch_its_neighbours(database: Database, city: City) -> None:
    await agencies(database, f"{HEADER}D1,天河某局,district,440106,water\n".encode())
    result = await agencies(
        database, f"{HEADER}D1,黄埔某局,district,440112,water\nD2,某,district,440106,water\n".encode(), 440_112_000
    )
    assert faults(result) == [(2, "agency_id"), (3, "tenant_code")]


async def test_a_known_agency_is_kept_unless_an_update_is_wanted(database: Database, city: City) -> None:
    await agencies(database, f"{HEADER}E1,旧名,district,440112,water\n".encode())
    changed = f"{HEADER}E1,新名,district,440112,water\n".encode()
    kept = await agencies(database, changed)
    assert [finding.severity for finding in kept.findings] == [Severity.WARNING]
    assert (kept.landed, kept.unchanged) == (True, 1)
    assert (await agencies(database, changed, update=True)).changed == 1
    (agency,) = await rows_of(database, Agency, external_id="E1")
    assert (agency.name_zh, agency.sort_key, agency.version) == ("新名", "xin1 ming2", 2)
    entry = (await trail(database, agency.id))[-1]
    assert (entry.before["name_zh"], entry.after["name_zh"]) == ("旧名", "新名")
    moved = await agencies(database, f"{HEADER}E1,新名,district,440106,water\n".encode(), update=True)
    assert faults(moved) == [(2, "tenant_code")]


async def test_a_closed_tenant_is_refused_with_its_successor(database: Database, city: City) -> None:
    result = await agencies(database, f"{HEADER}F1,渝北区某局,district,500112,water\n".encode(), 500_000_000)
    assert "500157000 两江新区" in result.findings[0].message


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", HEADER.encode() + b'A,"x,city,4401,police\n', HEADER.encode() + b"\0"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content: bytes) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_rows(content, ("agency_id", "name"))
    assert caught.value.message_zh


async def test_a_functional_unit_gets_a_reserved_code_and_only_once(database: Database, city: City) -> None:
    text = "parent_code,name\n4401,广州某开发区\n440117,某园区\n"
    first = await tenants(database, text)
    assert (first.added, first.findings) == (2, ())
    async with database.system() as session:
        zone = await session.row(select(Tenant.__table__).where(Tenant.name_zh == "广州某开发区"))
        park = await session.row(select(Tenant.__table__).where(Tenant.name_zh == "某园区"))
        versions = await session.scalar(select(func.count()).where(TenantVersion.code == 440_190_000))
    assert zone is not None
    assert park is not None
    assert (zone.code, zone.level, zone.kind, zone.shard) == (440_190_000, "DISTRICT", "FUNCTIONAL", 4401)
    assert (park.code, park.parent_code, park.full_name_zh) == (440_117_900, 440_117_000, "广东省广州市从化区某园区")
    assert versions == 1
    again = await tenants(database, text)
    assert (again.added, again.unchanged) == (0, 2)


async def test_a_new_division_may_bring_its_towns(database: Database, city: City) -> None:
    text = (
        "code,parent_code,name,kind,valid_from\n440119,4401,新区,normal,2026-01-01\n440119001,440119,新街道,normal,\n"
    )
    assert (await tenants(database, text)).added == 2
    async with database.system() as session:
        town = (await read_register(session, 4401)).tenants[440_119_001]
    assert (town.parent_code, town.valid_from, town.low, town.high) == (440_119_000, None, 440_119_001, 440_119_002)


async def test_what_is_wrong_with_a_tenant_is_told(database: Database, city: City) -> None:
    before = await count(database, Tenant)
    text = (
        "code,parent_code,name,kind,valid_from\n440112,4401,别名,normal,\n440701,4401,外,normal,\n,440112999,无上级,,\n"
        ",4401,,,\n,4401,某,virtual,\n,4401,某,,2026-13-01\n,4401,某,,2026-03-11\n,44,省下,,\n440106777,4401,越级,,\n"
    )
    result = await tenants(database, text)
    assert faults(result) == [
        (2, "code"),
        (3, "code"),
        (4, "parent_code"),
        (5, "name"),
        (6, "kind"),
        (7, "valid_from"),
        (8, "valid_from"),
        (9, "parent_code"),
        (10, "code"),
    ]
    assert await count(database, Tenant) == before


@pytest.fixture
def bureau(database: Database, city: City, clock: FrozenClock) -> Desk:
    return Desk(database, city.scope(440_100_000), clock)


@pytest.fixture
def huangpu(database: Database, city: City, clock: FrozenClock) -> Desk:
    return Desk(database, city.scope(440_112_000), clock)


def agency(**more: Any) -> dict[str, Any]:
    given = {"name": "广州市黄埔区新局", "tenant_code": "440112"}
    return given | {"level": AgencyLevel.DISTRICT, "category": AgencyCategory.OTHER} | more


async def test_an_agency_is_registered_where_it_stands(database: Database, bureau: Desk) -> None:
    agency_id = await bureau.perform(AGENCY_REGISTER, **agency(aliases=("黄埔新局", "黄埔新局", "新局")))
    row = await row_of(database, Agency, agency_id)
    assert (row.code, row.aliases, row.version) == (440_112_000, ["黄埔新局", "新局"], 1)
    assert row.external_id
    assert [type(event) for event in bureau.heard] == [AgencyRegistered]
    assert [entry.act for entry in await trail(database, agency_id)] == ["agencyRegister"]


async def test_an_agency_is_refused_for_what_its_author_can_mend(
    database: Database, bureau: Desk, huangpu: Desk
) -> None:
    code = AgencyRegisterRefusal
    await bureau.perform(AGENCY_REGISTER, **agency(external_code="G1"))
    await bureau.refused(AGENCY_REGISTER, code.ALREADY_REGISTERED, "externalCode", **agency(external_code="G1"))
    await bureau.refused(AGENCY_REGISTER, code.INVALID_INPUT, "tenantCode", **agency(tenant_code="4x"))
    await bureau.refused(AGENCY_REGISTER, code.NOT_FOUND, "tenantCode", **agency(tenant_code="440199"))
    await bureau.refused(AGENCY_REGISTER, code.FORBIDDEN, "tenantCode", **agency(tenant_code="4403"))
    await huangpu.refused(AGENCY_REGISTER, code.FORBIDDEN, "tenantCode", **agency(tenant_code="440106"))
    await bureau.refused(AGENCY_REGISTER, code.INVALID_INPUT, "name", **agency(name=" "))
    await bureau.refused(
        AGENCY_REGISTER,
        code.DATES_OUT_OF_ORDER,
        "validTo",
        **agency(valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 2)),
    )
    # An id that a district cannot see is in use all the same: the unique key tells, without naming the agency.
    await agencies(database, f"{HEADER}G2,天河某局,district,440106,water\n".encode())
    refusal = await huangpu.refused(AGENCY_REGISTER, code.CONFLICT, **agency(external_code="G2"))
    assert "天河" not in refusal.message + refusal.message_zh


async def test_no_agency_is_registered_in_a_closed_tenant(database: Database, bureau: Desk) -> None:
    async with database.system() as session:
        await session.execute(
            insert(Tenant).values(
                code=440_121_000,
                shard=4401,
                parent_code=440_100_000,
                level="DISTRICT",
                kind="NORMAL",
                name_zh="旧区",
                full_name_zh="旧区",
                sort_key="jiu4",
                low=440_121_000,
                high=440_122_000,
                valid_to=TODAY,
            )
        )
    await bureau.refused(AGENCY_REGISTER, AgencyRegisterRefusal.TENANT_CLOSED, **agency(tenant_code="440121"))


async def test_an_agency_is_corrected_with_its_sort_key(database: Database, bureau: Desk, city: City) -> None:
    agency_id = await bureau.perform(AGENCY_REGISTER, **agency(short_name="新局"))
    await bureau.perform(AGENCY_CORRECT, agency_id=agency_id, name="广州市黄埔区审计局", valid_to=date(2027, 1, 1))
    row = await row_of(database, Agency, agency_id)
    assert (row.name_zh, row.short_name, row.valid_to, row.version) == (
        "广州市黄埔区审计局",
        "新局",
        date(2027, 1, 1),
        2,
    )
    assert row.sort_key.endswith("shen3 ji4 ju2")
    assert [type(event) for event in bureau.heard] == [AgencyCorrected]
    entry = (await trail(database, agency_id))[-1]
    assert entry.before["name_zh"] == "广州市黄埔区新局"


async def test_a_correction_is_refused(database: Database, bureau: Desk, huangpu: Desk, city: City) -> None:
    code = AgencyCorrectRefusal
    agency_id = await bureau.perform(AGENCY_REGISTER, **agency(valid_from=date(2026, 1, 1)))
    tianhe = {"agency_id": city.agencies["tianhe"], "name": "某"}
    await bureau.refused(AGENCY_CORRECT, code.NOTHING_TO_CHANGE, agency_id=agency_id)
    await bureau.refused(AGENCY_CORRECT, code.CONFLICT, agency_id=agency_id, name="某", expected_version=9)
    await bureau.refused(AGENCY_CORRECT, code.DATES_OUT_OF_ORDER, agency_id=agency_id, valid_to=date(2025, 1, 1))
    await huangpu.refused(AGENCY_CORRECT, code.NOT_FOUND, "agencyId", **tianhe)
    assert (await row_of(database, Agency, agency_id)).valid_to is None


async def test_tenants_that_are_there_are_never_overwritten(database: Database, city: City) -> None:
    async with database.system() as session:
        await session.execute(update(Tenant).where(Tenant.code == 440_117_000).values(name_zh="改过的名"))
        added = await add_missing_tenants(session, [t for t in shipped_tenants() if t.code == 440_117_000])
        name = await session.scalar(select(Tenant.name_zh).where(Tenant.code == 440_117_000))
    assert (added, name) == (0, "改过的名")
