"""Random requests against the real server: never a 5xx, always JSON."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

quick = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
queries = (
    st.sampled_from(["{ hello }", "mutation { increase }", "query A($t: String) { echo(text: $t) }", "{", ""]) | values
)
envelopes = st.fixed_dictionaries(
    {}, optional={"query": queries, "operationName": values, "variables": values, "extensions": values}
)
bodies = envelopes | st.lists(envelopes | values, max_size=12) | values
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(
    str.strip
)  # blanks at the ends are not HTTP


def check(response):
    assert response.status_code < 500, response.text
    assert response.headers["content-type"].endswith("json; charset=utf-8")
    answers = response.json()
    for answer in answers if isinstance(answers, list) else [answers]:
        assert "data" in answer or all(error["extensions"]["code"] != "INTERNAL" for error in answer["errors"])


@quick
@given(body=st.binary(max_size=300))
def test_random_bytes(served, body):
    check(served.client.post("/graphql", content=body, headers={"Content-Type": "application/json"}))


@quick
@given(body=bodies)
def test_random_structures(served, body):
    text = json.dumps(body).encode()
    check(served.client.post("/graphql", content=text, headers={"Content-Type": "application/json"}))


@quick
@given(body=bodies, position=st.floats(0, 1), garbage=st.binary(max_size=4), cut=st.integers(0, 4))
def test_mutated_bytes(served, body, position, garbage, cut):
    text = json.dumps(body).encode()
    at = int(position * len(text))
    mutated = text[:at] + garbage + text[at + cut :]
    check(served.client.post("/graphql", content=mutated, headers={"Content-Type": "application/json"}))


@quick
@given(accept=header_text, content_type=header_text, authorization=header_text, key=header_text)
def test_random_headers(served, accept, content_type, authorization, key):
    headers = {"Accept": accept, "Content-Type": content_type, "Authorization": authorization, "Idempotency-Key": key}
    check(served.client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers))


@quick
@given(query_string=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=100))
def test_random_urls(served, query_string):
    check(served.client.get(f"/graphql?{query_string}"))
