"""The commands on tenants, agencies, calendars and tokens, with what they print and where they end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.calendar import shipped_calendar_file
from core.clock import SystemClock
from core.db.session import Database
from core.identity.development_issuer import DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, DevelopmentIssuer
from core.identity.tables import Member
from core.identity.tokens import TokenVerifier
from core.tenancy.tables import Agency, Tenant, TenantChange

Yingsu = Callable[..., Awaitable[Any]]
SHIPPED_AGENCIES = Path(__file__).parents[3] / "core" / "reference" / "data" / "agencies-guangzhou.csv"

pytestmark = pytest.mark.usefixtures("seeded")


async def count(database: Database, table: Any, *where: Any) -> int:
    async with database.system() as session:
        return int(await session.scalar(select(func.count()).select_from(table).where(*where)))


async def test_migrating_a_migrated_database_changes_nothing(yingsu: Yingsu, database: Database) -> None:
    before = await count(database, Tenant)
    ran = await yingsu("migrate")
    assert (ran.code, ran.out) == (0, "migrated\n")
    assert await count(database, Tenant) == before


async def test_agencies_are_imported_once(yingsu: Yingsu, database: Database) -> None:
    ran = await yingsu("agency", "import", str(SHIPPED_AGENCIES), "--tenant", "4401")
    assert (ran.code, ran.out) == (0, "503 agencies added, 0 changed, 0 unchanged, 0 rejected, 0 warnings\n")
    ran = await yingsu("agency", "import", str(SHIPPED_AGENCIES), "--tenant", "4401")
    assert (ran.code, ran.out) == (0, "0 agencies added, 0 changed, 503 unchanged, 0 rejected, 0 warnings\n")


async def test_rejected_rows_end_with_one_and_are_named(yingsu: Yingsu, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text("agency_id,name,level,tenant_code,category\nZ1,某局,city,4403,water\nZ2,好局,city,4401,water\n")
    ran = await yingsu("agency", "import", str(file), "--tenant", "4401")
    assert (ran.code, ran.out) == (1, "")
    assert "line 2, tenant_code '4403'" in ran.err
    assert await count(database, Agency, Agency.external_id.in_(["Z1", "Z2"])) == 0
    ran = await yingsu("agency", "import", str(file), "--tenant", "4401", "--keep-good")
    assert ran.code == 1
    assert ran.out.startswith("1 agencies added")
    assert await count(database, Agency, Agency.external_id == "Z2") == 1
    assert (await yingsu("agency", "import", str(file), "--tenant", "440199")).code == 1


async def test_tenants_are_imported_and_shown(yingsu: Yingsu, tmp_path: Path) -> None:
    file = tmp_path / "tenants.csv"
    file.write_text("parent_code,name\n440112,黄埔某园区\n")
    assert (await yingsu("tenant", "import", str(file))).out.startswith("1 tenants added")
    assert (await yingsu("tenant", "import", str(file))).out.startswith("0 tenants added, 0 changed, 1 unchanged")
    ran = await yingsu("tenant", "show", "440112")
    assert ran.code == 0
    assert ran.out.startswith("440112000 广东省广州市黄埔区 (区县, 一般)\n")
    assert "  440112900 黄埔某园区\n" in ran.out
    assert (await yingsu("tenant", "show", "440199")).code == 1


async def test_a_dry_run_shows_a_move_that_does_not_happen(yingsu: Yingsu, database: Database) -> None:
    arguments = ("tenant", "move", "440112001", "440106", "--reason", "穗府〔2026〕1号")
    ran = await yingsu(*arguments, "--dry-run")
    assert ran.code == 0
    assert ran.out.startswith("440112001 -> 440106900\n") or ran.out.startswith("440112001 -> 440106001\n")
    assert ran.out.endswith("dry run: nothing was changed\n")
    assert await count(database, TenantChange) == 0
    ran = await yingsu(*arguments)
    assert (ran.code, await count(database, TenantChange)) == (0, 1)
    new = ran.out.split("\n")[0].split(" -> ")[1]
    shown = await yingsu("tenant", "show", new)
    assert "  440112001 " in shown.out
    again = await yingsu(*arguments)
    assert (again.code, again.out) == (1, "")
    assert "租户已撤销" in again.err


async def test_tenants_are_renamed_and_merged(yingsu: Yingsu) -> None:
    ran = await yingsu("tenant", "rename", "440115", "南沙新区", "--reason", "x", "--on", "2026-01-05")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "440115000 南沙新区 from 2026-01-05")
    ran = await yingsu(
        *("tenant", "merge", "440118", "--into", "440117", "--name", "从增区", "--reason", "x", "--on", "2026-01-06"),
        *("--town", "440118001=440112", "--new-code", "440118100=440117333"),
    )
    assert ran.code == 0, ran.err
    assert "440118 -> 440117\n" in ran.out
    assert "440118100 -> 440117333\n" in ran.out
    assert "440117000 从增区 from 2026-01-06\n" in ran.out
    shown = await yingsu("tenant", "show", "440118")
    assert "until 2026-01-06, then 440117000" in shown.out
    ran = await yingsu("tenant", "rename", "440115", "x", "--reason", "x", "--on", "2999-01-01")
    assert ran.code == 1


async def test_a_calendar_is_loaded_once(yingsu: Yingsu, tmp_path: Path) -> None:
    lines = shipped_calendar_file().decode().splitlines()
    file = tmp_path / "2027.csv"
    file.write_text("\n".join([lines[0], *(line for line in lines if line.startswith("2027"))]))
    assert "2027 provisional: the same" in (await yingsu("calendar", "import", str(file))).out
    ran = await yingsu("calendar", "import", str(file), "--status", "official", "--source", "国办发明电〔2026〕7号")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "2027 official: loaded（已载入）, version 2")
    assert "the same as" in (await yingsu("calendar", "import", str(file), "--status", "official")).out
    ran = await yingsu("calendar", "import", str(file))
    assert ran.code == 1
    assert "an official edition is in force" in ran.out
    file.write_text("date,is_workday,kind,status\n2027-01-01,2,holiday,official\n")
    ran = await yingsu("calendar", "import", str(file))
    assert ran.code == 1
    assert "line 2, is_workday '2'" in ran.err


async def test_a_token_belongs_to_a_member_made_once(yingsu: Yingsu, database: Database, tmp_path: Path) -> None:
    arguments = ("token", "--tenant", "440112", "--role", "district_bureau")
    ran = await yingsu(*arguments)
    assert ran.code == 0
    await yingsu(*arguments)
    assert await count(database, Member, Member.subject == "dev:district_bureau:440112") == 1
    issuer = DevelopmentIssuer.open(tmp_path / "data" / "dev")
    verifier = TokenVerifier(DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE, issuer.keys)
    identity = await verifier.verify(ran.out.strip(), datetime.now(UTC))
    assert identity.subject == "dev:district_bureau:440112"
    async with database.anonymous() as session:
        rows = await session.rows(
            select(func.memberships_of(DEVELOPMENT_ISSUER, identity.subject, SystemClock().today()))
        )
    assert len(rows) == 1


async def test_a_token_of_an_agency_stands_where_the_agency_does(yingsu: Yingsu, database: Database) -> None:
    await yingsu("agency", "import", str(SHIPPED_AGENCIES), "--tenant", "4401")
    async with database.system() as session:
        agency = await session.row(
            select(Agency.id, Agency.external_id, Agency.code).where(Agency.level == "TOWN").limit(1)
        )
    assert agency is not None
    for named in (agency.external_id, str(agency.id)):
        ran = await yingsu("token", "--tenant", "4401", "--role", "agency", "--agency", named)
        assert ran.code == 0, ran.err
    async with database.system() as session:
        places = await session.rows(
            select(Member.code, Member.agency_id).where(Member.subject.like("dev:agency:4401:%"))
        )
    assert {tuple(place) for place in places} == {(agency.code, agency.id)}


@pytest.mark.parametrize(
    "arguments",
    [
        ("4401", "agency"),
        ("4401", "city_bureau", "--agency", "A0001"),
        ("4401", "agency", "--agency", "nobody"),
        ("4401", "court_liaison"),
        ("4401", "court_liaison", "--court", "粤9999"),
        ("4401", "town"),
        ("440112", "city_bureau"),
        ("440199", "district_bureau"),
    ],
)
async def test_a_token_is_refused_for_a_place_that_cannot_be(yingsu: Yingsu, arguments: tuple[str, ...]) -> None:
    code, role, *more = arguments
    ran = await yingsu("token", "--tenant", code, "--role", role, *more)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1


async def test_figures_are_counted_anew(yingsu: Yingsu) -> None:
    ran = await yingsu("figures", "rebuild", "--tenant", "4401")
    assert (ran.code, ran.out) == (0, "0 figures were wrong; 0 are written\n")
    assert (await yingsu("figures", "rebuild", "--tenant", "44")).code == 1
