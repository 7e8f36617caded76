"""Every GraphQL document of the README and of the front-end guide fits the committed schema; every JSON block is JSON."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

BLOCK = re.compile(r"^( *)```(graphql|json)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
GUIDES = ("README.md", "docs/front-end.md")


@pytest.fixture(scope="module")
def committed(root: Path) -> GraphQLSchema:
    return build_schema((root / "schema" / "schema.graphql").read_text(encoding="utf-8"))


def blocks(root: Path, guide: str, language: str) -> list[str]:
    text = (root / guide).read_text(encoding="utf-8")
    return [textwrap.dedent(body) for _, found, body in BLOCK.findall(text) if found == language]


@pytest.mark.parametrize("guide", GUIDES)
def test_graphql_documents_are_valid(guide: str, root: Path, committed: GraphQLSchema) -> None:
    documents = blocks(root, guide, "graphql")
    assert documents
    for document in documents:
        assert validate(committed, parse(document)) == [], document


@pytest.mark.parametrize("guide", GUIDES)
def test_json_is_json(guide: str, root: Path) -> None:
    found = blocks(root, guide, "json")
    assert found
    for document in found:
        json.loads(document)
