"""A remembered caller is confirmed at every request: whoever was removed a moment ago is nobody now, whatever a process remembers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from core.db.desks import Desk, Desks
from core.db.session import Database
from core.http.execution import SchemaExecution
from tests.e2e.conftest import Api

LIST = "{ cases { totalCount } }"
WHO = "{ viewer { membership { role tenantCode } } }"
WRONG = "{ cases { totalCont } }"


async def change(database: Database, statement: str) -> None:
    async with database.system() as session:
        await session.execute(text(statement))


@pytest.fixture
def recognised_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each time that a caller is recognised from nothing."""
    noted: list[str] = []
    original = SchemaExecution.recognise

    async def noting(execution: SchemaExecution, context: Any, recogniser: Any) -> Any:
        noted.append(context.request_id)
        return await original(execution, context, recogniser)

    monkeypatch.setattr(SchemaExecution, "recognise", noting)
    return noted


async def test_a_known_query_of_a_known_caller_asks_nothing_more(
    api: Api, recognised_anew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await api.ask("city_bureau", LIST)
    assert len(recognised_anew) == 1
    asked: list[str] = []
    original = Desks.lend

    async def lending(desks: Desks) -> Desk:
        asked.append("lent")
        return await original(desks)

    monkeypatch.setattr(Desks, "lend", lending)
    assert await api.ask("city_bureau", LIST) == first
    assert len(recognised_anew) == 1
    assert asked == ["lent"]


@pytest.mark.parametrize("query", [LIST, WHO, WRONG])
async def test_who_is_removed_is_nobody_at_once(api: Api, database: Database, query: str) -> None:
    for _ in range(2):
        assert (await api.post("town", query)).status_code in {200, 400}
    await change(database, "update member set valid_until = date '2026-03-10' where subject = 'dev:town'")
    try:
        answer = (await api.post("town", query)).json()
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert answer["errors"][0]["extensions"]["reason"] == "NO_MEMBERSHIP"
        assert "data" not in answer
    finally:
        await change(database, "update member set valid_until = null where subject = 'dev:town'")
    assert (await api.post("town", query)).status_code in {200, 400}


async def test_another_role_or_place_counts_from_the_next_request(api: Api, database: Database) -> None:
    before = await api.ask("district_bureau", LIST)
    assert before == await api.ask("district_bureau", LIST)
    assert (await api.ask("district_bureau", WHO))["viewer"]["membership"]["role"] == "DISTRICT_BUREAU"
    await change(database, "update member set role = 'TOWN', code = 440112001 where subject = 'dev:district_bureau'")
    try:
        assert (await api.ask("district_bureau", WHO))["viewer"]["membership"] == {
            "role": "TOWN",
            "tenantCode": 440112001,
        }
        assert (await api.ask("district_bureau", LIST)) == await api.ask("town", LIST)
    finally:
        await change(
            database,
            "update member set role = 'DISTRICT_BUREAU', code = 440112000 where subject = 'dev:district_bureau'",
        )
    assert await api.ask("district_bureau", LIST) == before


async def test_a_tenant_that_ends_takes_its_people_with_it(api: Api, database: Database) -> None:
    assert await api.ask("town", LIST) == await api.ask("town", LIST)
    await change(database, "update tenant set valid_to = date '2026-03-01' where code = 440112001")
    try:
        answer = (await api.post("town", LIST)).json()
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    finally:
        await change(database, "update tenant set valid_to = null where code = 440112001")


async def test_a_token_is_looked_at_each_time(api: Api) -> None:
    assert await api.ask("agency", LIST) == await api.ask("agency", LIST)
    forged = api.tokens["agency"][:-6] + "AAAAAA"
    answer = await api.post(None, LIST, Authorization=f"Bearer {forged}")
    assert answer.status_code == 401
