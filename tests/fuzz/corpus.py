"""The corpus, collected by machine: every GraphQL document that the documentation, the clients and the tests hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
    validate,
)

ROOT = Path(__file__).parents[2]
LONGEST = 4_000
"""Characters of a document; what is longer is an attack, and those are mutated as bytes."""
_FENCED = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
_TEMPLATE = re.compile(r"`([^`]*\{[^`]*)`")


@dataclass(frozen=True, slots=True)
class Sample:
    """A document of the corpus."""

    text: str
    valid: bool
    mutation: bool


def samples(schema: GraphQLSchema) -> list[Sample]:
    """Every document, once, in an order that is always the same."""
    found: dict[str, Sample] = {}
    for text in _texts():
        document = _executable(text)
        if document is not None and text not in found:
            mutation = any(
                isinstance(one, OperationDefinitionNode) and one.operation is OperationType.MUTATION
                for one in document.definitions
            )
            found[text] = Sample(text, not validate(schema, document, max_errors=1), mutation)
    return [found[text] for text in sorted(found)]


def _texts() -> Iterator[str]:
    for path in sorted(ROOT.glob("docs/**/*.md")):
        yield from _FENCED.findall(path.read_text())
    clients = ROOT / "tests/e2e/clients"
    for path in sorted(clients.glob("**/*.ts")):
        if "node_modules" not in path.parts:
            yield from _TEMPLATE.findall(path.read_text())
    for folder in ("tests", "plugins", "core", "benchmarks"):
        for path in sorted((ROOT / folder).glob("**/*.py")):
            yield from _strings(path)
    for path in sorted(ROOT.glob("tests/**/*.graphql")):
        if "node_modules" not in path.parts:
            yield path.read_text()


def _strings(path: Path) -> Iterator[str]:
    if "node_modules" in path.parts:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{" in node.value:
            yield node.value


def _executable(text: str) -> DocumentNode | None:
    if not 5 < len(text) <= LONGEST or "\0" in text:
        return None
    try:
        document = parse(text, no_location=True)
    except (GraphQLError, RecursionError):
        return None
    if all(isinstance(one, ExecutableDefinitionNode) for one in document.definitions):
        return document if len(print_ast(document)) > 5 else None
    return None
