"""Automatic persisted queries on the whole endpoint: who may use them, and what they spare."""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from core.http.persisted.automatic import sha256_of
from tests.e2e.conftest import Api

QUERY = "query Mine { viewer { subject } }"


def by_hash(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256_of(text)}}


async def send(api: Api, who: str | None, body: Any, method: str = "POST") -> httpx.Response:
    headers = {"Authorization": f"Bearer {api.tokens[who]}"} if who else {}
    async with httpx.AsyncClient(headers=headers) as client:
        if method == "GET":
            return await client.get(f"{api.url}/graphql", params=body)
        return await client.post(f"{api.url}/graphql", json=body)


def code(answer: httpx.Response) -> str:
    found: str = answer.json()["errors"][0]["extensions"]["code"]
    return found


async def test_learned_from_one_and_used_by_another_as_themselves(api: Api) -> None:
    assert code(await send(api, "agency", {"extensions": by_hash(QUERY)})) == "PERSISTED_QUERY_NOT_FOUND"
    await send(api, "agency", {"query": QUERY, "extensions": by_hash(QUERY)})
    for who in ("agency", "city_bureau"):
        answer = await send(api, who, {"extensions": by_hash(QUERY)})
        assert answer.json()["data"] == {"viewer": {"subject": f"dev:{who}"}}
    url = {"extensions": orjson.dumps(by_hash(QUERY)).decode()}
    assert (await send(api, "agency", url, "GET")).json()["data"] == {"viewer": {"subject": "dev:agency"}}
    assert code(await send(api, "other_city", {"extensions": by_hash(QUERY)})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_without_a_token_nothing_is_learned_or_told(api: Api) -> None:
    text = "query Anonymous { viewer { subject } }"
    assert code(await send(api, None, {"query": text, "extensions": by_hash(text)})) == "UNAUTHENTICATED"
    assert code(await send(api, None, {"extensions": by_hash(text)})) == "UNAUTHENTICATED"
    assert code(await send(api, "nobody", {"query": text, "extensions": by_hash(text)})) == "FORBIDDEN"
    assert code(await send(api, "agency", {"extensions": by_hash(text)})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_mutation_by_its_hash_is_still_no_get(api: Api) -> None:
    text = 'mutation { noteWrite(input: { responseId: "x", body: "x" }) { errors { code } } }'
    await send(api, "agency", {"query": text, "extensions": by_hash(text)})
    answer = await send(api, "agency", {"extensions": orjson.dumps(by_hash(text)).decode()}, "GET")
    assert answer.status_code == 405


async def test_variables_and_operation_name_go_with_a_hash(api: Api) -> None:
    text = "query A { viewer { today } } query B($name: String!) { enumLabels(name: $name) { value } }"
    body = {"operationName": "B", "variables": {"name": "CaseStatus"}, "extensions": by_hash(text)}
    whole = await send(api, "agency", {**body, "query": text})
    assert whole.json()["data"]["enumLabels"]
    assert (await send(api, "agency", body)).json() == whole.json()
