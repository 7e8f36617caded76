"""Manifests as the front ends' tools write them."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trusted.manifest import MOST_DOCUMENTS, Entry, ManifestUnreadable, read_manifest

# The first two files of GraphQL Code Generator's client preset (SHA-1 by default) and of Relay's compiler (MD5).
CODEGEN = {"d84ae3b57d6da4f3be6b8b9e52ba8c8ab97c8d0b": "query Mine { viewer { subject __typename } }"}
RELAY = {"1c6d4bb91f1b4f0d7c1ad2ba4f7a3c4b": "query MineQuery {\n  viewer {\n    subject\n  }\n}\n"}
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "ab" * 32, "name": "Mine", "type": "query", "body": "query Mine { viewer { subject } }"}],
}


def read(manifest):
    return read_manifest(json.dumps(manifest).encode())


def test_the_formats_of_the_tools():
    assert read(CODEGEN) == [Entry(id_, "", body) for id_, body in CODEGEN.items()]
    assert read(RELAY) == [Entry(id_, "", body) for id_, body in RELAY.items()]
    assert read([[id_, body] for id_, body in RELAY.items()]) == read(RELAY)
    assert read(APOLLO) == [Entry("ab" * 32, "Mine", "query Mine { viewer { subject } }")]
    assert read({"sha256:" + "ab" * 32: "{ a }"})[0].id == "ab" * 32


@pytest.mark.parametrize(
    "manifest",
    [
        {}, [], None, 7, "x", [1], [["a"]], [["a", 1]], {"a": 1}, {"a": ""}, {"a": " \n"}, {"": "{ a }"}, {"a b": "{ a }"},
        {"文": "{ a }"}, {"x" * 201: "{ a }"}, {"a": "{ a \0 }"}, {"a": "#" * 500_001}, [["a", "{ a }"], ["a", "{ b }"]],
        {**APOLLO, "version": 2}, {**APOLLO, "format": "other"}, {**APOLLO, "operations": {}},
        {**APOLLO, "operations": [1]}, {**APOLLO, "operations": [{"id": "a"}]},
        {f"d{n}": "{ a }" for n in range(MOST_DOCUMENTS + 1)},
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused(manifest):
    with pytest.raises(ManifestUnreadable) as refused:
        read(manifest)
    assert refused.value.message_zh


def test_what_is_no_json_is_refused():
    for content in (b"", b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(ManifestUnreadable):
            read_manifest(content)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_nothing_else_is_raised(content):
    with contextlib.suppress(ManifestUnreadable):
        read_manifest(content)
