"""Bad input of every kind: a typed error that names the field, never a 500, no exception text, no SQL."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ErrorCode
from schema.mutation import Slot, slots_of
from schema.names import camel
from tests.e2e.conftest import Api

LEAK = re.compile(
    r"Traceback|asyncpg|sqlalchemy|psycopg|select |insert into|invalid literal|Incorrect padding|unhashable|NoneType"
    r"|object has no attribute|File \"|0x[0-9a-f]{6,}|<[A-Za-z_]+ object",
    re.IGNORECASE,
)
CODES = {code.value for code in ErrorCode} - {"INTERNAL"}
ODD: list[Any] = [
    "", " ", "abc", "\u0001", "null", "0" * 300, "é" * 200, "../../etc/passwd", "'; drop table member; --", "%s%s%n", "{}", "[]",
    "true", "1e309", "NaN", "Infinity", "-1", "2026-02-30", "2026-13-01", "0000-00-00", "9999999-01-01", "２０２６-03-10",
    "25:99", "01363a0000113101a20de414067f21a2b2a78dd6eadc8939eba08099a4", "ff" * 27, "WyJYIl0", "W1tbW1tb", "eyJhIjoxfQ",
    0, -1, 1.5, 10**9, 2**31, 2**53, True, None, [], {}, ["x"], {"eq": "x"},
]  # fmt: skip


def assert_typed(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    body = answer.json()
    for error in body.get("errors", []):
        assert error["extensions"]["code"] in CODES, error
        assert error["extensions"]["requestId"]
        assert error["extensions"]["messageZh"]
        assert not LEAK.search(error["message"]), error["message"]


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:24])
async def test_ids_cursors_dates_and_numbers(api: Api, value: Any) -> None:
    queries = {
        "query($v: ID!) { node(id: $v) { id } }": value,
        "query($v: [ID!]!) { nodes(ids: $v) { id } }": [value],
        "query($v: String) { cases(after: $v) { nodes { id } } }": value,
        "query($v: String) { agencies(before: $v, last: 3) { nodes { id } } }": value,
        "query($v: Int) { cases(first: $v) { nodes { id } } }": value,
        "query($v: String!) { caseByNumber(number: $v) { id } }": value,
        "query($v: CaseFilter) { cases(filter: $v) { nodes { id } } }": {"filedOn": {"gte": value}},
        "query($v: CaseFilter!) { cases(filter: $v) { nodes { id } } }": {"agency": {"eq": value}},
        "query($v: CaseFilter!) { cases(filter: $v) { totalCount } }": {"status": {"in": [value]}},
        "query($v: Date!) { calendarDays(first: $v, last: $v) { day } }": value,
        "query($v: Int!) { tenant(code: $v) { id } }": value,
        'query($v: Int!) { periodPreview(startOn: "2026-03-10", amount: $v, unit: DAY, roll: true) { dueOn } }': value,
    }
    for query, variable in queries.items():
        assert_typed(await api.post("city_bureau", query, {"v": variable}))


def inputs_of(api: Api) -> list[tuple[str, GraphQLInputObjectType]]:
    mutation = api.application.execution.services.house.schema(()).graphql.mutation_type
    assert mutation is not None
    found = []
    for name, field in mutation.fields.items():
        kind = get_named_type(field.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        found.append((name, kind))
    return found


PLAUSIBLE = {
    "Date": "2026-03-10", "DateTime": "2026-03-10T09:00:00+08:00", "Time": "09:30", "Decimal": "1.50", "String": "x", "Int": 1,
    "Boolean": True,
}  # fmt: skip


def sample(kind: Any, odd: Any) -> Any:
    """A value of an input type with the odd value for every leaf."""
    if isinstance(kind, GraphQLNonNull):
        return sample(kind.of_type, odd)
    if isinstance(kind, GraphQLList):
        return [sample(kind.of_type, odd)]
    if isinstance(kind, GraphQLInputObjectType):
        return {name: sample(field.type, odd) for name, field in kind.fields.items()}
    return odd


@pytest.mark.parametrize("value", ["x", "", "\u0001 \u202e", "2026-03-10", 0, -1, 10**9, None, [], {}], ids=repr)
async def test_every_mutation_refuses_nonsense_in_typed_words(api: Api, value: Any) -> None:
    for name, kind in inputs_of(api):
        given_input = sample(kind, value)
        query = f"mutation($v: {kind.name}!) {{ {name}(input: $v) {{ errors {{ code message messageZh path }} }} }}"
        answer = await api.post("agency", query, {"v": given_input})
        assert_typed(answer)
        for error in ((answer.json().get("data") or {}).get(name) or {}).get("errors", []):
            assert not LEAK.search(error["message"]), error


def plausible(slot: Slot, kind: Any, api: Api) -> Any:
    """A value that fits: a well-signed id of a row that does not exist, an enum's first value, a plain word."""
    services = api.application.execution.services
    if slot.ref is not None:
        sharded = services.house.catalogue.nodes[slot.ref].sharded
        return services.ids.encode(slot.ref, 4401 if sharded else 0, UUID(int=1) if sharded else "x")
    named = get_named_type(kind)
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    return PLAUSIBLE.get(named.name)


async def test_every_mutation_answers_in_typed_words_for_ids_of_nothing(api: Api) -> None:
    for name, kind in inputs_of(api):
        act = api.application.execution.services.house.acts[name][1]
        values: dict[str, Any] = {}
        for slot in slots_of(act.given):
            one = plausible(slot, kind.fields[camel(slot.name)].type, api)
            if one is not None:
                values[camel(slot.name)] = [one] if slot.many else one
        query = f"mutation($v: {kind.name}!) {{ {name}(input: $v) {{ errors {{ code path }} }} }}"
        assert_typed(await api.post("city_bureau", query, {"v": values}))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"1", b'"x"', b'{"query": 1}', b'{"query": "{"}', b'{"query": "{ a }"}', b'\xff\xfe{"query"',
        b'{"query": "{ viewer { subject } }", "variables": []}', b'{"query": "{ viewer { subject } }", "operationName": "x"}',
        json.dumps({"query": "query($v: ID!) { node(id: $v) { id } }", "variables": {"v": "a\u0000b"}}).encode(),
        json.dumps({"query": '{ caseByNumber(number: "a\u0000") { id } }'}).encode(),
        json.dumps({"query": "{ cases(first: 99999999999999999999) { nodes { id } } }"}).encode(),
        json.dumps({"query": "query($v: String!) { caseByNumber(number: $v) { id } }", "variables": {"v": "\ud800"}}).encode(),
        b'{"query": "' + b"{a" * 2000 + b'"}', b"[" * 100_000,
        b'{"query": "query { ' + b" ".join(b"a%d: viewer { subject }" % n for n in range(300)) + b' }"}',
    ],
    ids=range(19),
)  # fmt: skip
async def test_bodies(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.tokens['city_bureau']}"}
    async with httpx.AsyncClient() as client:
        assert_typed(await client.post(f"{api.url}/graphql", content=body, headers=headers, timeout=20))


async def test_ten_megabytes_are_refused_by_name(api: Api) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.tokens['city_bureau']}"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{api.url}/graphql", content=b'{"query":"' + b" " * 10_000_000 + b'"}', headers=headers, timeout=30
        )
    assert answer.status_code == 413
    assert_typed(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
async def test_any_text_as_a_query(api: Api, text: str) -> None:
    if "\ud800" <= max(text, default="") <= "\udfff":
        return
    async with httpx.AsyncClient() as client:
        body = json.dumps({"query": text}).encode("utf-8", "surrogatepass")
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.tokens['agency']}"}
        assert_typed(await client.post(f"{api.url}/graphql", content=body, headers=headers, timeout=20))
