"""SQL for reviewers: one clause a line, indented by parentheses. Not a parser: it knows texts, parentheses and a few words."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(r"'(?:[^']|'')*'|[()]|[^\s()']+|\s+")
CLAUSES = frozenset({"select", "from", "where", "order", "limit", "group", "having", "and", "union"})
WIDTH = 100


def formatted(sql: str) -> str:
    """The same statement, token by token; parentheses that fit on a line stay on it."""
    tokens = [token if token.startswith("'") else token.strip() or " " for token in TOKEN.findall(sql)]
    return "\n".join(line.rstrip() for line in _lines(tokens, 0)) + "\n"


def _lines(tokens: list[str], depth: int) -> Iterator[str]:
    """The lines of one level: a clause begins one, and so does what stands in parentheses too long for it."""
    line, place = "", 0
    indent = "  " * depth
    while place < len(tokens):
        token = tokens[place]
        if token == "(":
            end = _closing(tokens, place)
            inside = "".join(tokens[place + 1 : end])
            if len(indent) + len(line) + len(inside) < WIDTH and not re.match(r"select\b.*\bfrom\b", inside):
                line += f"({inside})"
            else:
                yield f"{indent}{line}("
                yield from _lines(tokens[place + 1 : end], depth + 1)
                line = ")"
            place = end + 1
            continue
        word = token.split(",")[0].lower()
        if (word in CLAUSES and line.strip() and not _between(line)) or len(indent) + len(line) + len(token) > WIDTH:
            yield indent + line
            line = ""
        line += token if token != " " or line else ""
        place += 1
    if line:
        yield indent + line


def _between(line: str) -> bool:
    """Whether an `and` that follows belongs to the line: inside a CASE it does not begin a clause."""
    return "case when" in line and " end" not in line


def _closing(tokens: list[str], opening: int) -> int:
    depth = 0
    for place in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[place], 0)
        if depth == 0:
            return place
    raise ValueError("unbalanced parentheses")
