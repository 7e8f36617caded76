"""Rate limits on the whole endpoint: 429 with `Retry-After`, in batches too, and nobody shut out by another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.http.rate.buckets import Rate
from core.http.rate.limits import RateLimits
from tests.e2e.conftest import Api

QUERY = "{ viewer { today } }"
ACCEPT = "application/graphql-response+json"


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(api: Api) -> Iterator[Seconds]:
    """Five requests at once, twelve a minute; two failures at once; the test's own time."""
    clock, execution = Seconds(), api.application.execution
    former = execution.services
    execution.services = replace(former, rates=RateLimits(Rate(12, 5), Rate(12, 2), clock))
    yield clock
    execution.services = former


async def send(api: Api, token: str | None, body: Any = None, path: str = "/graphql") -> httpx.Response:
    headers = {"Accept": ACCEPT, **({"Authorization": f"Bearer {token}"} if token else {})}
    async with httpx.AsyncClient(headers=headers) as client:
        if path != "/graphql":
            return await client.get(f"{api.url}{path}")
        return await client.post(f"{api.url}{path}", json=body or {"query": QUERY})


async def test_too_many_are_told_when_to_come_again(api: Api, seconds: Seconds) -> None:
    agency, bureau = api.tokens["agency"], api.tokens["city_bureau"]
    assert [(await send(api, agency)).status_code for _ in range(5)] == [200] * 5
    refused = await send(api, agency)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "5"
    error = refused.json()["errors"][0]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert (error["extensions"]["limit"], error["extensions"]["retryAfter"]) == (12, 5)
    assert error["extensions"]["requestId"] == refused.headers["x-request-id"]
    assert (await send(api, agency, path="/schema.graphql")).headers["retry-after"] == "5"
    assert (await send(api, bureau)).status_code == 200
    seconds.now += 5
    assert (await send(api, agency)).status_code == 200
    assert (await send(api, agency)).status_code == 429
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(f"{api.url}/metrics")).text
    assert 'outcome="refused"' in metrics
    assert 'code="RATE_LIMITED"' in metrics


async def test_each_entry_of_a_batch_counts(api: Api, seconds: Seconds) -> None:
    answer = await send(api, api.tokens["agency"], [{"query": QUERY}] * 7)
    codes = [entry["errors"][0]["extensions"]["code"] if "errors" in entry else None for entry in answer.json()]
    assert codes == [None] * 5 + ["RATE_LIMITED"] * 2
    assert answer.status_code == 200
    assert answer.headers["retry-after"] == "5"
    whole = await send(api, api.tokens["agency"], [{"query": QUERY}] * 2)
    assert whole.status_code == 429


async def test_what_is_dear_takes_more(api: Api, seconds: Seconds) -> None:
    dear = "{ cases(first: 100) { nodes { id responses { id documents(first: 10) { nodes { id } } } } } }"
    answer = await send(api, api.tokens["agency"], {"query": dear})
    assert "errors" not in answer.json(), answer.text
    cost = answer.json()["extensions"]["cost"]["requested"]
    assert cost >= 1_000
    left = 0
    while (await send(api, api.tokens["agency"])).status_code == 200:
        left += 1
    assert left == int(5 - 1 - cost / 1_000)


async def test_who_guesses_is_slowed_and_shuts_nobody_out(api: Api, seconds: Seconds) -> None:
    codes = []
    for token in ("guess", None, "guess", None):
        answer = await send(api, token)
        codes.append((answer.status_code, answer.json()["errors"][0]["extensions"]["code"]))
    assert codes == [(401, "UNAUTHENTICATED")] * 2 + [(429, "RATE_LIMITED")] * 2
    assert (await send(api, api.tokens["agency"])).status_code == 200


async def test_a_refused_mutation_had_no_effect_and_may_be_sent_again(api: Api, seconds: Seconds) -> None:
    from tests.e2e.test_idempotency import WRITE, response_id

    given = {"responseId": await response_id(api), "body": "when there is time"}
    body = {"query": WRITE, "variables": {"input": given}}
    while (await send(api, api.tokens["agency"])).status_code == 200:
        pass
    headers = {"Authorization": f"Bearer {api.tokens['agency']}", "Idempotency-Key": "k-rate"}
    async with httpx.AsyncClient(headers=headers) as client:
        first = await client.post(f"{api.url}/graphql", json=body)
        seconds.now += 60
        second = await client.post(f"{api.url}/graphql", json=body)
    assert first.status_code == 429
    assert second.json()["data"]["noteWrite"]["errors"] == []
    assert "idempotency-replayed" not in second.headers
