"""Trusted documents on the whole endpoint: what is executed in each mode, for whom, and how soon a change holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from core.acting import ActContext, Actor
from core.calendar.calendar_file import shipped_calendar
from core.clock import FrozenClock
from core.db.session import Database
from core.http.persisted.automatic import sha256_of
from core.trusted.manifest import Entry
from core.trusted.registering import register, remove
from tests.e2e.conftest import Api
from tests.support.city import NOW, City

MINE = "query Mine { viewer { subject } }"
NAMED = Entry("d84ae3b57d6da4f3be6b8b9e52ba8c8ab97c8d0b", "Mine", MINE)
OTHER = "query Other { viewer { today } }"
MUTATION = """mutation($input: TrustedDocumentSetModeInput!) {
  trustedDocumentSetMode(input: $input) { trustedDocumentPolicy { mode version } errors { code } }
}"""


class Seconds:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def seconds(api: Api, database: Database) -> AsyncIterator[Seconds]:
    """The time by which the process asks again; everything is as at first."""
    trusted = api.application.execution.documents.trusted
    clock, former = Seconds(), trusted._now
    trusted._now = clock
    trusted._shards.clear()
    yield clock
    async with database.system() as session:
        await session.execute(text("delete from trusted_document"))
        await session.execute(text("delete from trusted_document_policy"))
    trusted._now = former
    trusted._shards.clear()


async def send(api: Api, who: str, body: Any, **headers: str) -> dict[str, Any]:
    headers["Authorization"] = f"Bearer {api.tokens[who]}"
    async with httpx.AsyncClient(headers=headers) as client:
        answer: dict[str, Any] = (await client.post(f"{api.url}/graphql", json=body)).json()
    return answer


def code(answer: dict[str, Any]) -> str | None:
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


async def at_work(database: Database, city: City, work: Any, tenant: int = 440100000) -> None:
    async with database.write(city.scope(tenant)) as session:
        await work(ActContext(session, FrozenClock(NOW), Actor("cli", "cli", "PLATFORM_ADMIN"), shipped_calendar()))


async def set_mode(api: Api, mode: str, **more: Any) -> dict[str, Any]:
    found = await send(api, "platform_admin", {"query": MUTATION, "variables": {"input": {"mode": mode, **more}}})
    payload: dict[str, Any] = found["data"]["trustedDocumentSetMode"]
    return payload


async def test_registered_documents_answer_to_every_name(
    api: Api, database: Database, city: City, seconds: Seconds
) -> None:
    await at_work(database, city, lambda context: register(context, [NAMED], "web", "1"))
    names = [
        {"documentId": NAMED.id},
        {"doc_id": NAMED.id},
        {"id": NAMED.id},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": NAMED.id}}},
        {"documentId": f"sha256:{sha256_of(MINE)}"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256_of(MINE)}}},
    ]
    for name in names:
        for who in ("city_bureau", "agency", "court_liaison", "secretary", "town"):
            assert (await send(api, who, name))["data"] == {"viewer": {"subject": f"dev:{who}"}}, name
        assert code(await send(api, "other_city", name)) == "PERSISTED_QUERY_NOT_FOUND"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {api.tokens['agency']}"}) as client:
        answer = await client.get(f"{api.url}/graphql", params={"documentId": NAMED.id})
    assert answer.json()["data"] == {"viewer": {"subject": "dev:agency"}}
    mismatch = await send(api, "agency", {"documentId": NAMED.id, "query": OTHER})
    assert code(mismatch) == "BAD_USER_INPUT"


async def test_enforced_only_registered_documents_are_executed(
    api: Api, database: Database, city: City, seconds: Seconds
) -> None:
    await at_work(database, city, lambda context: register(context, [NAMED, Entry("mode", "", MUTATION)], "web", "1"))
    payload = await set_mode(api, "ENFORCE")
    assert payload == {"trustedDocumentPolicy": {"mode": "ENFORCE", "version": 1}, "errors": []}
    seconds.now += 2
    by_hash = {"persistedQuery": {"version": 1, "sha256Hash": sha256_of(OTHER)}}
    refused = [
        {"query": OTHER},
        {"query": OTHER, "extensions": by_hash},
        {"extensions": by_hash},
        {"documentId": "unknown"},
        {"query": "{ __schema { queryType { name } } }"},
        {"query": "{"},
        {"query": MINE + " "},
    ]
    for body in refused:
        for who in ("city_bureau", "agency", "platform_admin"):
            assert code(await send(api, who, body)) == "PERSISTED_QUERY_REQUIRED", body
    for body in ({"query": MINE}, {"documentId": NAMED.id}, {"query": MINE, "documentId": NAMED.id}):
        assert (await send(api, "agency", body))["data"] == {"viewer": {"subject": "dev:agency"}}
    batch = await send(api, "agency", [{"query": OTHER}, {"documentId": NAMED.id}])
    assert [code(entry) for entry in batch] == ["PERSISTED_QUERY_REQUIRED", None]  # type: ignore[arg-type]
    assert (await send(api, "other_city", {"query": OTHER}))["data"]
    assert (await api.post(None, OTHER)).json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert (await set_mode(api, "OFF", expectedVersion=1))["errors"] == []
    assert code(await send(api, "agency", {"query": OTHER})) == "PERSISTED_QUERY_REQUIRED"
    seconds.now += 2
    assert (await send(api, "agency", {"query": OTHER}))["data"]


async def test_the_nearest_tenant_decides(api: Api, database: Database, city: City, seconds: Seconds) -> None:
    await at_work(database, city, lambda context: register(context, [NAMED], "web", "1"))
    assert (await set_mode(api, "ENFORCE", tenantCode="440112"))["errors"] == []
    seconds.now += 2
    answers = {
        who: code(await send(api, who, {"query": OTHER})) for who in ("agency", "town", "city_bureau", "sibling_bureau")
    }
    assert answers == {
        "agency": "PERSISTED_QUERY_REQUIRED", "town": "PERSISTED_QUERY_REQUIRED", "city_bureau": None, "sibling_bureau": None,
    }  # fmt: skip


async def test_what_a_district_registers_is_its_own(api: Api, database: Database, city: City, seconds: Seconds) -> None:
    await at_work(database, city, lambda context: register(context, [NAMED], "", ""), 440112000)
    name = {"documentId": NAMED.id}
    assert (await send(api, "agency", name))["data"]
    assert (await send(api, "town", name))["data"]
    for who in ("city_bureau", "sibling_bureau", "other_city"):
        assert code(await send(api, who, name)) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_removed_document_is_gone(api: Api, database: Database, city: City, seconds: Seconds) -> None:
    await at_work(database, city, lambda context: register(context, [NAMED], "web", "1"))
    assert (await send(api, "agency", {"documentId": NAMED.id}))["data"]
    await at_work(database, city, lambda context: remove(context, app="web"))
    seconds.now += 2
    assert code(await send(api, "agency", {"documentId": NAMED.id})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_logged_they_are_executed_and_told_once(
    api: Api, database: Database, city: City, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    await at_work(database, city, lambda context: register(context, [NAMED], "web", "1"))
    await set_mode(api, "LOG")
    seconds.now += 2
    with caplog.at_level("INFO", "yingsu.documents"):
        for _ in range(3):
            assert (await send(api, "agency", {"query": OTHER}, **{"GraphQL-Client-Name": "old phone"}))["data"]
        assert (await send(api, "agency", {"documentId": NAMED.id}, **{"GraphQL-Client-Name": "web"}))["data"]
    lines = [orjson.loads(record.message) for record in caplog.records if record.name == "yingsu.documents"]
    assert [(line["unregistered"], line["client"]) for line in lines] == [(sha256_of(OTHER), "old phone")]
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(f"{api.url}/metrics")).text
    assert "yingsu_unregistered_documents_total 3.0" in metrics


async def test_who_may_set_the_mode_and_what_is_refused(
    api: Api, database: Database, city: City, seconds: Seconds
) -> None:
    assert (await set_mode(api, "ENFORCE"))["errors"] == [{"code": "NOTHING_REGISTERED"}]
    assert (await set_mode(api, "LOG", expectedVersion=3))["errors"] == [{"code": "CONFLICT"}]
    assert (await set_mode(api, "LOG", tenantCode="4403"))["errors"] == [{"code": "NOT_FOUND"}]
    assert (await set_mode(api, "LOG", tenantCode="x"))["errors"] == [{"code": "INVALID_INPUT"}]
    assert (await set_mode(api, "LOG", expectedVersion=0))["errors"] == []
    assert (await set_mode(api, "LOG"))["errors"] == [{"code": "NOTHING_TO_CHANGE"}]
    variables = {"input": {"mode": "OFF"}}
    assert code(await send(api, "agency", {"query": MUTATION, "variables": variables})) == "FORBIDDEN"


async def test_streams_obey_too(api: Api, database: Database, city: City, seconds: Seconds) -> None:
    """A query, and a subscription that nobody registered, over server-sent events."""
    await at_work(database, city, lambda context: register(context, [NAMED], "web", "1"))
    await set_mode(api, "ENFORCE")
    seconds.now += 2
    headers = {"Authorization": f"Bearer {api.tokens['agency']}", "Accept": "text/event-stream"}
    answers = []
    async with httpx.AsyncClient(headers=headers, timeout=20) as client:
        for body in ({"documentId": NAMED.id}, {"query": OTHER}, {"query": "subscription { caseChanged { eventId } }"}):
            answers.append((await client.post(f"{api.url}/graphql/stream", json=body)).text)
    assert '"dev:agency"' in answers[0]
    for answer in answers[1:]:
        assert "PERSISTED_QUERY_REQUIRED" in answer
        assert '"data"' not in answer
