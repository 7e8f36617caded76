from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http.errors import HttpRefusal
from core.http.json_document import parse_json

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(documents, st.booleans(), st.sampled_from([None, 1]))
def test_good_json_passes_unchanged(document, ascii_only, indent):
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    assert parse_json(text.encode(), 100, where="body") == document


@given(st.dictionaries(texts, documents, min_size=1, max_size=3), st.data())
def test_a_key_that_stands_twice_is_refused(members, data):
    doubled = data.draw(st.sampled_from(sorted(members)))
    pairs = [*members.items(), (doubled, 0)]
    text = "{" + ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in pairs) + "}"
    with pytest.raises(HttpRefusal, match="twice"):
        parse_json(text.encode(), 100, where="body")


@given(st.integers().filter(lambda number: not -(2**63) <= number < 2**64) | st.integers(2**64, 10**400))
def test_integers_beyond_64_bits_are_refused(number):
    with pytest.raises(HttpRefusal):
        parse_json(b'{"n":%d}' % number, 100, where="body")


@given(documents, st.text(max_size=3), st.text(max_size=3))
def test_nul_is_refused_wherever_it_stands(document, before, after):
    text = json.dumps({"a": [document, {before + "\0" + after: 1}]})
    with pytest.raises(HttpRefusal):
        parse_json(text.encode(), 100, where="body")


@given(st.integers(1, 900))
def test_depth(depth):
    text = b"[" * depth + b"]" * depth
    if depth <= 100:
        assert parse_json(text, 100, where="body") is not None
    else:
        with pytest.raises(HttpRefusal, match="nests deeper"):
            parse_json(text, 100, where="body")


@given(
    st.binary(max_size=60)
    | st.lists(
        st.sampled_from([b"{", b"}", b"[", b"]", b'"', b":", b",", b"1", b"\\", b"u0000", b"a", b"-", b"e"])
    ).map(b"".join)
)
def test_any_bytes_are_parsed_or_refused(text):
    with contextlib.suppress(HttpRefusal):  # any other exception fails the test
        parse_json(text, 100, where="body")
