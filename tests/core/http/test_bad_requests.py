"""Hostile requests: each a typed 4xx, none a 500, and nothing of an exception's text."""

from __future__ import annotations

import gzip
import json

import pytest

from core.errors import ErrorCode
from core.http.settings import HttpSettings

JSON = {"Content-Type": "application/json"}
QUERY = b'{"query":"{hello}"'

MALFORMED = {
    "empty": b"",
    "blank": b" \n",
    "null": b"null",
    "string": b'"x"',
    "number": b"1",
    "true": b"true",
    "batch of a number": b"[1]",
    "batch of null": b'[{"query":"{hello}"}, null]',
    "empty batch": b"[]",
    "nested 100,000 deep": b"[" * 100_000,
    "nested and closed": b'{"query":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested 900 deep": QUERY + b',"variables":{"a":' + b"[" * 900 + b"]" * 900 + b"}}",
    "nested objects": QUERY + b',"variables":' + b'{"a":' * 500 + b"1" + b"}" * 501,
    "integer of 5000 digits": QUERY + b',"variables":{"a":' + b"9" * 5000 + b"}}",
    "integer of 30 digits": QUERY + b',"variables":{"a":-' + b"9" * 30 + b"}}",
    "float out of range": QUERY + b',"variables":{"a":1e999}}',
    "NaN": QUERY + b',"variables":{"a":NaN}}',
    "Infinity": QUERY + b',"variables":{"a":-Infinity}}',
    "invalid UTF-8": b'{"query":"{hello}\xff\xfe"}',
    "overlong UTF-8": b'{"query":"\xc0\xaf"}',
    "surrogate in UTF-8": b'{"query":"\xed\xa0\x80"}',
    "GB18030": '{"query":"{ echo(text: \\"应诉\\") }"}'.encode("gb18030"),
    "UTF-16": '{"query":"{hello}"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + QUERY + b"}",
    "lone surrogate in operationName": QUERY + b',"operationName":"\\ud800"}',
    "lone surrogate in a key": QUERY + b',"variables":{"\\udfff":1}}',
    "raw NUL": b'{"query":"{hello}\x00"}',
    "NUL in the query": b'{"query":"{hello}\\u0000"}',
    "NUL by an escape of GraphQL": b'{"query":"{echo(text:\\"\\\\u0000\\")}"}',
    "NUL by a braced escape of GraphQL": b'{"query":"{echo(text:\\"\\\\u{0}\\")}"}',
    "NUL in operationName": QUERY + b',"operationName":"a\\u0000"}',
    "NUL in a variable": QUERY + b',"variables":{"a":[{"b":"\\u0000"}]}}',
    "NUL in a variable's name": QUERY + b',"variables":{"a\\u0000":1}}',
    "key twice": QUERY + b',"query":"mutation{increase}"}',
    "key twice, spelt differently": QUERY + b',"quer\\u0079":"mutation{increase}"}',
    "key twice within": QUERY + b',"variables":{"a":[{"b":1,"b":2}]}}',
    "no query": b"{}",
    "query null": b'{"query":null}',
    "query number": b'{"query":1}',
    "query list": b'{"query":["{hello}"]}',
    "operationName number": QUERY + b',"operationName":1}',
    "operationName false": QUERY + b',"operationName":false}',
    "variables list": QUERY + b',"variables":[]}',
    "variables text": QUERY + b',"variables":"{}"}',
    "variables zero": QUERY + b',"variables":0}',
    "extensions list": QUERY + b',"extensions":[]}',
    "extensions true": QUERY + b',"extensions":true}',
    "two documents": QUERY + b"}{}",
    "trailing comma": QUERY + b",}",
    "comment": QUERY + b"/**/}",
    "form": b"query=%7Bhello%7D",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_body(served, assert_typed, what):
    response = served.client.post("/graphql", content=MALFORMED[what], headers=JSON)
    assert_typed(response, 400, ErrorCode.BAD_USER_INPUT)
    for leak in ("line 1", "column", "Traceback", "Error", "orjson", "codec"):
        assert leak not in response.text


def test_what_looks_bad_and_is_good(served):
    variables = {"t": 'a:b "{[,:]}" \\u0000 ' + "9" * 40, "n": 2**31 - 1}
    body = {"query": "query($t: String) { echo(text: $t) }", "variables": variables}
    for text in (json.dumps(body), json.dumps(body, ensure_ascii=False, indent=2)):
        response = served.client.post("/graphql", content=text.encode(), headers=JSON)
        assert response.json() == {"data": {"echo": variables["t"]}}


def test_automatic_persisted_query(served, assert_typed):
    """Clients of automatic persisted queries look for this message, then send the query whole."""
    response = served.client.post(
        "/graphql",
        json={"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "a"}}},
        headers={"Accept": "application/graphql-response+json"},
    )
    assert_typed(response, 400, ErrorCode.PERSISTED_QUERY_NOT_FOUND)
    assert response.json()["errors"][0]["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/jsonp",
        "application/json5",
        "text/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql-response+json",
        "application/json, text/plain",
        "application/json; charset=gbk",
        "application/json; charset=utf-16",
        "application/json; =",
        "json",
        "*/*",
        "",
    ],
)
def test_unsupported_content_type(served, assert_typed, content_type):
    headers = {"Content-Type": content_type}
    response = served.client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)
    assert_typed(response, 415, ErrorCode.BAD_USER_INPUT)


def test_doubled_content_type(served, assert_typed):
    headers = [("Content-Type", "application/json"), ("Content-Type", "application/json")]
    response = served.client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)
    assert_typed(response, 415, ErrorCode.BAD_USER_INPUT)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip", "x"])
def test_compressed_body(served, assert_typed, coding):
    headers = {**JSON, "Content-Encoding": coding}
    response = served.client.post("/graphql", content=gzip.compress(QUERY + b"}"), headers=headers)
    assert_typed(response, 415, ErrorCode.BAD_USER_INPUT)
    assert response.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
def test_body_too_large(served, assert_typed, size):
    response = served.client.post("/graphql", content=QUERY + b" " * (size - len(QUERY)), headers=JSON)
    extensions = assert_typed(response, 413, ErrorCode.COST_LIMIT_EXCEEDED)
    assert (extensions["limit"], extensions["actual"]) == (1_000_000, size)


def test_body_too_large_in_chunks(served, assert_typed):
    response = served.client.post("/graphql", content=(b" " * 100_000 for _ in range(11)), headers=JSON)
    assert_typed(response, 413, ErrorCode.COST_LIMIT_EXCEEDED)


def test_body_of_just_the_limit(served):
    body = QUERY + b"}"
    response = served.client.post("/graphql", content=body + b" " * (1_000_000 - len(body)), headers=JSON)
    assert response.json() == {"data": {"hello": "你好"}}


BAD_URLS = {
    "nothing": "",
    "no query": "operationName=A",
    "broken UTF-8": "query=%FF%FE",
    "surrogate": "query=%ED%A0%80",
    "NUL": "query=%7Bhello%7D%00",
    "NUL in operationName": "query=%7Bhello%7D&operationName=%00",
    "variables not JSON": "query=%7Bhello%7D&variables=x",
    "variables a list": "query=%7Bhello%7D&variables=[1]",
    "variables deep": "query=%7Bhello%7D&variables=" + "[" * 5000,
    "variables with a long number": "query=%7Bhello%7D&variables=%7B%22a%22:" + "9" * 5000 + "%7D",
    "extensions a number": "query=%7Bhello%7D&extensions=1",
    "query twice": "query=%7Bhello%7D&query=%7Bhello%7D",
    "thousands of parameters": "&".join(f"a{n}=1" for n in range(5000)),
}


@pytest.mark.parametrize("what", BAD_URLS)
def test_malformed_url(served, assert_typed, what):
    assert_typed(served.client.get(f"/graphql?{BAD_URLS[what]}"), 400, ErrorCode.BAD_USER_INPUT)


@pytest.mark.parametrize(
    "headers",
    [
        [("Idempotency-Key", "")],
        [("Idempotency-Key", "a b")],
        [("Idempotency-Key", "k" * 256)],
        [("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
        [("Authorization", "Bearer a"), ("Authorization", "Bearer b")],
        [("Yingsu-Membership", "a"), ("Yingsu-Membership", "b")],
    ],
)
def test_malformed_headers(served, assert_typed, headers):
    response = served.client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert_typed(response, 400, ErrorCode.BAD_USER_INPUT)


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_unexpected_exception(served, assert_typed, caplog, accept):
    response = served.graphql("{ hello }", accept=accept, headers={"GraphQL-Client-Name": "crash"})
    extensions = assert_typed(response, 500, ErrorCode.INTERNAL)
    assert "secret" not in response.text
    assert extensions["requestId"] in caplog.text
    assert "RuntimeError: select secret from everything" in caplog.text


def test_batch(served):
    before = served.executor.root.count
    batch = [{"query": "{ hello }"}, {"query": "{ unknown }"}, {"query": "mutation { increase(by: 2) }"}]
    response = served.client.post("/graphql", json=batch, headers={"Idempotency-Key": "k"})
    assert response.status_code == 200
    first, second, third = response.json()
    assert first == {"data": {"hello": "你好"}}
    assert set(second) == {"errors"}
    assert third == {"data": {"increase": before + 2}}
    assert [context.idempotency_key for context in served.executor.contexts[-3:]] == ["k:0", "k:1", "k:2"]


def test_batch_is_checked_before_anything_runs(served, assert_typed):
    before = served.executor.root.count
    batch = [{"query": "mutation { increase }"}, {"query": 1}]
    extensions = assert_typed(served.client.post("/graphql", json=batch), 400, ErrorCode.BAD_USER_INPUT)
    assert extensions["index"] == 1
    assert served.executor.root.count == before


def test_batch_too_long(served, assert_typed):
    assert len(served.client.post("/graphql", json=[{"query": "{ hello }"}] * 10).json()) == 10
    response = served.client.post("/graphql", json=[{"query": "{ hello }"}] * 11)
    extensions = assert_typed(response, 400, ErrorCode.COST_LIMIT_EXCEEDED)
    assert (extensions["limit"], extensions["actual"]) == (10, 11)


def test_batch_of_one_whom_we_do_not_know(served):
    batch = [{"query": "{ hello }"}] * 2
    response = served.client.post("/graphql", json=batch, headers={"Authorization": "Bearer expired"})
    assert response.status_code == 401
    assert [entry["errors"][0]["extensions"]["code"] for entry in response.json()] == ["UNAUTHENTICATED"] * 2


def test_settings_refuse_what_would_open_the_endpoint():
    with pytest.raises(ValueError, match="one by one"):
        HttpSettings(cors_origins=("*",))
    with pytest.raises(ValueError, match="positive"):
        HttpSettings(body_limit=0)
