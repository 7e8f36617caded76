from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http.media_types import ResponseType, accepts_gzip, negotiate, parse_content_type, parse_media_types

NEW, OLD = ResponseType.GRAPHQL_RESPONSE, ResponseType.LEGACY_JSON


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ([], NEW),
        ([""], NEW),
        (["*/*"], OLD),
        (["application/*"], OLD),
        (["application/graphql-response+json, */*"], NEW),
        (["application/json, */*"], OLD),
        (["application/json", "application/graphql-response+json"], NEW),
        (["*/*, application/json;q=0"], NEW),
        (["application/json;q=0.5, */*;q=0.1"], OLD),
        (["application/json;q=0.1, */*;q=0.5"], NEW),
        (["application/json;q=1.5"], None),
        (["application/json;q=0.0001"], None),
        (["application/json;q="], None),
        (["application/json;q=0.000"], None),
        (["APPLICATION/JSON;Q=1"], OLD),
        (['application/json;charset="UTF-8"'], OLD),
        (['text/plain;x="a,application/json"'], None),
        (["application/json;profile=x"], None),
        (["nonsense, application/json"], OLD),
        (["application/json garbage, application/graphql-response+json"], NEW),
        (["xapplication/json"], None),
        (["application/json+x"], None),
        ([",,application/json,,"], OLD),
        (["*/json"], None),
        (["application/json ; q=0.4 , application/graphql-response+json;q=0.3"], OLD),
    ],
)
def test_negotiation(accept, expected):
    assert negotiate(accept) is expected


@pytest.mark.parametrize(
    ("header", "essence"),
    [
        ("application/json", "application/json"),
        ("application/json;", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json x", None),
        ("application/json, application/json", None),
        ("application / json", None),
        ('application/json; a="unclosed', None),
        ("", None),
    ],
)
def test_content_type(header, essence):
    parsed = parse_content_type(header)
    assert (parsed.essence if parsed else None) == essence


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("xgzip", False),
        ("identity", False),
        ("", False),
        ("gzip;q=nonsense", False),
    ],
)
def test_gzip(header, expected):
    assert accepts_gzip(header) is expected


@given(st.text(max_size=200))
def test_parsing_ends_and_never_raises(header):
    assert len(list(parse_media_types(header))) <= len(header) + 1
    negotiate([header])
    accepts_gzip(header)


@given(st.lists(st.sampled_from([",", ";", '"', "\\", "a", "/", "=", " ", "*", "q", "1"]), max_size=40).map("".join))
def test_parsing_of_almost_media_types(header):
    assert len(list(parse_media_types(header))) <= len(header) + 1


def test_long_hostile_header_is_read_in_linear_steps():
    assert negotiate([";" * 60_000]) is None
    assert negotiate(['a/b;c="' + "\\" * 60_000]) is None
    assert negotiate(['"' * 60_001]) is None
