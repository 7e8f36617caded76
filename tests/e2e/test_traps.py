"""Traps of a plain GraphQL server that no other test names: what is not a number, what is not there, who else accepts a stream."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import Api

RECORD = "mutation($given: HoldingRecordInput!) { holdingRecord(input: $given) { errors { code } } }"
NOWHERE = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "-Infinity", "Infinity", "1_000", "１２", " 5", ""])
async def test_what_is_no_number_is_no_amount(api: Api, amount: str) -> None:
    """Python's Decimal takes them all."""
    given = {"judgmentId": "x", "responseId": "x", "outcome": "REVOKED", "amountYuan": amount}
    answer = (await api.post("city_bureau", RECORD, {"given": given})).json()
    (error,) = [one for one in answer["errors"] if "at .amountYuan" in one["message"]]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "data" not in answer


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
async def test_what_json_does_not_know_is_refused(api: Api, number: bytes) -> None:
    """Python's own parser takes these three."""
    body = b'{"query": "query($n: Int) { cases(first: $n) { nodes { id } } }", "variables": {"n": ' + number + b"}}"
    headers = {"Authorization": f"Bearer {api.tokens['city_bureau']}", "Content-Type": "application/json"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{api.url}/graphql", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_node_that_is_not_there_is_null_and_takes_nothing_with_it(api: Api) -> None:
    """`relay.node()` is `Node!`: one stale id, and the whole answer is lost."""
    first = await api.ask("city_bureau", "{ cases(first: 1) { nodes { id } } }")
    (case,) = first["cases"]["nodes"]
    unseen = await api.ask("other_city", NOWHERE, {"id": case["id"]})
    assert unseen == {"node": None, "nodes": [None]}


async def test_who_also_accepts_a_stream_is_answered_in_json(api: Api) -> None:
    """urql lists `text/event-stream` among what it accepts, and must not get one for a query."""
    accepted = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"
    answer = await api.post("city_bureau", "{ cases(first: 1) { nodes { id } } }", Accept=accepted)
    assert answer.headers["content-type"].startswith("application/graphql-response+json")
    assert answer.json()["data"]["cases"]["nodes"]
