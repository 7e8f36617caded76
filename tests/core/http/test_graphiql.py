from __future__ import annotations

import json
import re

from graphql import build_schema, parse, validate

from core.example_queries import EXAMPLES
from core.http.graphiql import ExampleQuery, GraphiQLPage
from schema.contract import WHOLE

FILES = (
    "graphiql.min.js",
    "graphiql.min.css",
    "react.production.min.js",
    "react-dom.production.min.js",
    "page.js",
    "page.css",
)


def test_page_has_a_fresh_nonce_and_a_strict_policy(served):
    nonces = set()
    for _ in range(2):
        response = served.client.get("/graphiql")
        policy = response.headers["content-security-policy"]
        (nonce,) = set(re.findall(r"script-src 'nonce-([\w-]+)'", policy))
        scripts = re.findall(r"<script([^>]*)>", response.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in attributes for attributes in scripts)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        nonces.add(nonce)
    assert len(nonces) == 2


def test_page_needs_no_other_host(served):
    page = served.client.get("/graphiql").text
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(source.startswith(("/graphiql/files/", "data:")) for source in sources)
    for source in sources:
        if source.startswith("/"):
            assert served.client.get(source).status_code == 200


def test_files_are_served_whole_and_without_source_maps(served):
    for name in FILES:
        response = served.client.get(f"/graphiql/files/{name}")
        assert response.status_code == 200
        assert "sourceMappingURL" not in response.text
        assert "javascript" in response.headers["content-type"] or "css" in response.headers["content-type"]
    cached = served.client.get("/graphiql/files/page.js")
    again = served.client.get("/graphiql/files/page.js", headers={"If-None-Match": cached.headers["etag"]})
    assert again.status_code == 304


async def test_an_example_cannot_end_its_element():
    page = GraphiQLPage([ExampleQuery("</script><script>alert(1)</script>", "例", "{ a }")])
    text = bytes((await page.answer(None)).body).decode()
    assert "<script>alert" not in text


def test_every_example_query_is_valid_and_has_variables_that_are_json():
    schema = build_schema(WHOLE.read_text(encoding="utf-8"))
    for example in EXAMPLES:
        assert validate(schema, parse(example.query)) == [], example.title
        assert json.loads(example.variables or "{}") is not None
