"""What front ends generate from the committed SDL alone: strict types without `any`, for our pages' examples too."""

from __future__ import annotations

import re

import pytest

from tests.support.front_end import GENERATED, PackagesMissing, documents_of_the_guides, generate, node, tool

NAMED = re.compile(r"^(?:query|mutation|subscription) (\w+)", re.MULTILINE)
DECLARED = re.compile(r"^export (?:type|enum|interface) (\w+)", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/|//.*?$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module", autouse=True)
def generated() -> None:
    try:
        generate()
    except PackagesMissing as missing:
        pytest.skip(f"LEFT OUT: {missing}")


def test_everything_is_right_to_a_strict_type_checker() -> None:
    """`tests/types.ts` is among it: there, what must be wrong is wrong."""
    done = tool("tsc", "--project", ".")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["types.ts", "gql/graphql.ts"])
def test_no_type_is_any_and_no_name_is_declared_twice(name: str) -> None:
    text = COMMENT.sub("", (GENERATED / name).read_text(encoding="utf-8"))
    assert re.findall(r"^.*(?<![\w'])any(?![\w']).*$", text, re.MULTILINE) == []
    names = DECLARED.findall(text)
    assert len(names) > 20
    assert sorted(names) == sorted(set(names))


def test_every_example_of_our_pages_has_its_type() -> None:
    text = (GENERATED / "gql" / "graphql.ts").read_text(encoding="utf-8")
    names = [name for document in documents_of_the_guides() for name in NAMED.findall(document)]
    assert len(names) > 9
    assert [
        name
        for name in names
        if not re.search(rf"^export type {name}(Query|Mutation|Subscription) =", text, re.MULTILINE)
    ] == []


def test_graphql_js_finds_the_schema_valid() -> None:
    script = """
      import { readFileSync } from "node:fs";
      import { buildSchema, validateSchema } from "graphql";
      const schema = buildSchema(readFileSync("generated/schema.graphql", "utf8"));
      console.log(JSON.stringify(validateSchema(schema).map((error) => error.message)));
    """
    done = node("--input-type=module", "--eval", script)
    assert (done.returncode, done.stdout.strip()) == (0, "[]")
