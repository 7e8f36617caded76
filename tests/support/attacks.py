"""Attacks on the endpoint, each a body of one POST, and how each is refused: its code, and the reason where limits have one."""

from __future__ import annotations

import json
from typing import Any


def document(query: str, variables: Any = None) -> bytes:
    return json.dumps({"query": query, "variables": variables or {}}).encode()


def cycle(levels: int) -> str:
    inner = "id"
    for _ in range(levels):
        inner = f"agency {{ id tenant {{ agencies: agency {{ {inner} }} }} }}"
    return f"{{ cases {{ nodes {{ responses {{ {inner} }} }} }} }}"


def overlapping(times: int) -> str:
    nested = " ".join("dispute { cases { id } }" for _ in range(times))
    return f"{{ cases {{ nodes {{ {nested} }} }} }}"


def doubled(levels: int) -> str:
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ ...F0 }} {chain} fragment F{levels} on Query {{ viewer {{ subject }} }}"


def nested_fragments(count: int) -> str:
    chain = " ".join(f"fragment F{n} on Case {{ dispute {{ cases {{ ...F{n + 1} }} }} }}" for n in range(count))
    return f"{{ cases {{ nodes {{ ...F0 }} }} }} {chain} fragment F{count} on Case {{ id }}"


ATTACKS: dict[str, tuple[bytes, str, str | None]] = {
    "depth-50 cycle": (document(cycle(25)), "COST_LIMIT_EXCEEDED", "DEPTH"),
    "doubled fragments": (document(doubled(30)), "COST_LIMIT_EXCEEDED", "ROOT_FIELDS"),
    "nested fragments": (document(nested_fragments(90)), "COST_LIMIT_EXCEEDED", "DEPTH"),
    "1,000 aliases": (
        document("{ viewer { " + " ".join(f"a{n}: subject" for n in range(1000)) + " } }"),
        "COST_LIMIT_EXCEEDED",
        "ALIASES",
    ),
    "1,000 aliased roots": (
        document("{ " + " ".join(f"a{n}: viewer {{ subject }}" for n in range(1000)) + " }"),
        "COST_LIMIT_EXCEEDED",
        "ROOT_FIELDS",
    ),
    "2 MB of tokens": (document("{ " + "a " * 1_000_000 + "}"), "COST_LIMIT_EXCEEDED", None),
    "as many tokens as fit": (document("{ " + "a " * 490_000 + "}"), "COST_LIMIT_EXCEEDED", "LENGTH"),
    "comments": (document("#\n" * 60_000 + "{ viewer { subject } }"), "COST_LIMIT_EXCEEDED", "TOKENS"),
    "one long name": (document("{ " + "a" * 900_000 + " }"), "COST_LIMIT_EXCEEDED", "LENGTH"),
    "quadratic overlaps": (document(overlapping(400)), "COST_LIMIT_EXCEEDED", "REPEATS"),
    "600 aliased introspections": (
        document("{ " + " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(600)) + " }"),
        "COST_LIMIT_EXCEEDED",
        "ROOT_FIELDS",
    ),
    "20 whole introspections": (
        document(
            "{ "
            + " ".join(
                f"a{n}: __schema {{ types {{ fields {{ args {{ type {{ ofType {{ name }} }} }} }} }} }}" for n in range(20)
            )
            + " }"
        ),
        "COST_LIMIT_EXCEEDED",
        "COST",
    ),
    "5,000 operations": (
        document(" ".join(f"query Q{n} {{ __typename }}" for n in range(1_600))),
        "COST_LIMIT_EXCEEDED",
        "DEFINITIONS",
    ),
    "page product": (
        document("{ cases(first: 100) { nodes { parties(first: 100) { nodes { case { id } } } } } }"),
        "COST_LIMIT_EXCEEDED",
        "ROWS",
    ),
    "300,000 ids": (
        document("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["x"] * 150_000}),
        "BAD_USER_INPUT",
        None,
    ),
    "a filter of 90,000 values": (
        document(
            "query($n: [String!]) { agencies(filter: { name: { in: $n } }) { totalCount } }", {"n": ["a"] * 90_000}
        ),
        "BAD_USER_INPUT",
        None,
    ),
    "deep JSON": (b'{"query": "{ viewer { subject } }", "variables": ' + b"[" * 100_000, "BAD_USER_INPUT", None),
    "deep variables": (
        b'{"query": "{ viewer { subject } }", "variables": {"a": ' + b"[" * 99_000 + b"]" * 99_000 + b"}}",
        "BAD_USER_INPUT",
        None,
    ),
    "deep values": (document("{ cases(filter: " + "[" * 4_000 + "]" * 4_000 + ") { totalCount } }"), "COST_LIMIT_EXCEEDED", "DEPTH"),
    "10 MB body": (b'{"query": "' + b"a" * 10_000_000 + b'"}', "COST_LIMIT_EXCEEDED", None),
    "broken UTF-8": (b'{"query": "{ viewer { \xff\xfe } }"}', "BAD_USER_INPUT", None),
    "a digit string": (b'{"query": "{ viewer { subject } }", "variables": {"a": ' + b"9" * 5_000 + b"}}", "BAD_USER_INPUT", None),
    "a batch of 1,000": (b"[" + b",".join([document("{ viewer { subject } }")] * 1_000) + b"]", "COST_LIMIT_EXCEEDED", None),
    "directives": (document("{ viewer { subject " + "@include(if: true) " * 900 + "} }"), "GRAPHQL_VALIDATION_FAILED", None),
    "unknown names": (document("{ viewer { " + " ".join(f"unknown{n}" for n in range(1_900)) + " } }"), "GRAPHQL_VALIDATION_FAILED", None),
}  # fmt: skip
