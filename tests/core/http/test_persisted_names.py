"""How a document is named, and the store of automatic persisted queries, within its bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadUserInput, ErrorCode
from core.http.persisted.automatic import LONGEST_TEXT, AutomaticQueries, PersistedQueryNotFound, sha256_of

QUERY = "{ hello }"
HASH = sha256_of(QUERY)
ACCEPT = {"Accept": "application/graphql-response+json"}


def persisted(sha256=HASH, **more):
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256, **more}}


def test_a_hash_is_learned_with_its_text_and_known_from_then_on(served, assert_typed):
    text = "{ hello again: hello }"
    extensions = persisted(sha256_of(text))
    response = served.client.post("/graphql", json={"extensions": extensions}, headers=ACCEPT)
    assert_typed(response, 400, ErrorCode.PERSISTED_QUERY_NOT_FOUND)
    assert response.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert served.graphql(text, extensions=extensions).json() == {"data": {"hello": "你好", "again": "你好"}}
    assert served.client.post("/graphql", json={"extensions": extensions}).json()["data"]["again"] == "你好"


def test_get_with_the_hash_alone(served):
    import orjson

    served.graphql(QUERY, extensions=persisted())
    response = served.client.get("/graphql", params={"extensions": orjson.dumps(persisted()).decode()})
    assert response.status_code == 200
    assert response.json() == {"data": {"hello": "你好"}}


def test_each_entry_of_a_batch_is_looked_up_by_itself(served):
    served.graphql(QUERY, extensions=persisted())
    body = [{"extensions": persisted("0" * 64)}, {"extensions": persisted()}, {"query": QUERY}]
    unknown, known, whole = served.client.post("/graphql", json=body).json()
    assert unknown["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert known == whole == {"data": {"hello": "你好"}}


def test_a_hash_of_another_text_is_refused_and_not_kept(served, assert_typed):
    extensions = persisted("1" * 64)
    found = assert_typed(served.graphql(QUERY, extensions=extensions), 400, ErrorCode.BAD_USER_INPUT)
    assert found["field"] == "extensions.persistedQuery.sha256Hash"
    again = served.client.post("/graphql", json={"extensions": extensions}, headers=ACCEPT)
    assert_typed(again, 400, ErrorCode.PERSISTED_QUERY_NOT_FOUND)


@pytest.mark.parametrize(
    ("extensions", "field"),
    [
        ({"persistedQuery": 1}, "extensions.persistedQuery"),
        ({"persistedQuery": []}, "extensions.persistedQuery"),
        ({"persistedQuery": {"sha256Hash": HASH}}, "extensions.persistedQuery.version"),
        (persisted(version=2), "extensions.persistedQuery.version"),
        (persisted(version=True), "extensions.persistedQuery.version"),
        (persisted(version="1"), "extensions.persistedQuery.version"),
        (persisted(version=1.0), "extensions.persistedQuery.version"),
        (persisted(None), "extensions.persistedQuery.sha256Hash"),
        (persisted(""), "extensions.persistedQuery.sha256Hash"),
        (persisted(7), "extensions.persistedQuery.sha256Hash"),
        (persisted("x" * 201), "extensions.persistedQuery.sha256Hash"),
        (persisted("散列"), "extensions.persistedQuery.sha256Hash"),
    ],
)
@pytest.mark.parametrize("query", [{}, {"query": QUERY}], ids=["alone", "with text"])
def test_a_name_of_the_wrong_form_is_refused(served, assert_typed, extensions, field, query):
    response = served.client.post("/graphql", json={"extensions": extensions, **query})
    assert assert_typed(response, 400, ErrorCode.BAD_USER_INPUT)["field"] == field


def test_null_names_nothing(served, assert_typed):
    assert served.graphql(QUERY, extensions={"persistedQuery": None}).json() == {"data": {"hello": "你好"}}
    response = served.client.post("/graphql", json={"extensions": {"persistedQuery": None}, "documentId": None})
    assert assert_typed(response, 400, ErrorCode.BAD_USER_INPUT)["field"] == "query"


@pytest.mark.parametrize("parameter", ["documentId", "doc_id", "id"])
@pytest.mark.parametrize("prefix", ["", "sha256:"])
def test_the_other_names_of_a_name(served, parameter, prefix):
    served.graphql(QUERY, extensions=persisted())
    name = {parameter: f"{prefix}{HASH}"}
    assert served.client.post("/graphql", json=name).json() == {"data": {"hello": "你好"}}
    assert served.client.get("/graphql", params=name).json() == {"data": {"hello": "你好"}}


def test_a_number_of_the_clients_own_is_no_name(served):
    for own in ({"id": 7}, {"id": "x"}, {"doc_id": ["x"]}):
        assert served.graphql(QUERY, **own).json() == {"data": {"hello": "你好"}}


def test_two_names_that_differ_are_refused(served, assert_typed):
    body = {"documentId": "other", "extensions": persisted()}
    assert_typed(served.client.post("/graphql", json=body), 400, ErrorCode.BAD_USER_INPUT)
    assert_typed(served.client.post("/graphql", json={"documentId": 7}), 400, ErrorCode.BAD_USER_INPUT)


@given(st.lists(st.text(min_size=1, max_size=30), max_size=40))
def test_the_store_stays_within_its_bounds(texts):
    store = AutomaticQueries(most_texts=5, most_bytes=60)
    for text in texts:
        store.keep(4401, sha256_of(text), text)
        assert len(store) <= 5
        assert store.bytes <= 60
    kept = [text for text in dict.fromkeys(texts) if _knows(store, text)]
    assert len(kept) == len(store)
    assert sum(len(text.encode()) for text in kept) == store.bytes


def _knows(store, text):
    try:
        return store.text_of(4401, sha256_of(text)) == text
    except PersistedQueryNotFound:
        return False


def test_what_was_used_last_stays():
    store = AutomaticQueries(most_texts=2)
    for text in ("a", "b"):
        store.keep(4401, sha256_of(text), text)
    store.text_of(4401, sha256_of("a"))
    store.keep(4401, sha256_of("c"), "c")
    assert [_knows(store, text) for text in ("a", "b", "c")] == [True, False, True]


def test_a_very_long_text_is_not_kept():
    store = AutomaticQueries()
    text = "#" * (LONGEST_TEXT + 1)
    store.keep(4401, sha256_of(text), text)
    assert len(store) == 0


def test_a_city_does_not_learn_what_another_asks():
    store = AutomaticQueries()
    store.keep(4401, HASH, QUERY)
    with pytest.raises(PersistedQueryNotFound):
        store.text_of(4403, HASH)
    with pytest.raises(BadUserInput):
        store.keep(4403, HASH, "{ other }")
