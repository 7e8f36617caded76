"""Who sees which case, at the database itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.cases.tables import CaseShell, Party, Response
from core.db.scope import Scope
from core.db.session import Database
from tests.support.city import City


async def seen(database: Database, scope: Scope, city: City) -> set[str]:
    names = {value: key for key, value in city.cases.items()}
    async with database.read(scope) as session:
        return {names[row.id] for row in await session.rows(select(CaseShell.id))}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (440100000, {"city", "tianhe", "huangpu", "town", "shared"}),
        (440106000, {"tianhe", "shared"}),
        (440112000, {"huangpu", "town", "shared"}),
        (440112001, {"town"}),
        (440300000, {"shenzhen"}),
    ],
)
async def test_a_tenant_sees_the_cases_of_its_range(
    database: Database, city: City, code: int, expected: set[str]
) -> None:
    assert await seen(database, city.scope(code), city) == expected


async def test_an_agency_sees_its_own_part_of_a_shared_case(database: Database, city: City) -> None:
    async with database.read(city.agency_scope("tianhe")) as session:
        rows = await session.rows(select(Response.agency_id))
        parties = await session.rows(select(Party.name).where(Party.case_id == city.cases["shared"]))
    assert {row.agency_id for row in rows} == {city.agencies["tianhe"]}
    assert {row.name for row in parties} == {"广州市黄埔区人民政府", "广州市天河区人民政府"}
