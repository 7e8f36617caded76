"""JSON from outside, hardened: what orjson lets pass and what would hurt later is refused here with its reason."""

from __future__ import annotations

import re
from typing import Any

import orjson

from core.http.errors import malformed

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_LONG_INTEGER = re.compile(rb"(?<![0-9.eE+\-])-?[0-9]{19,}(?![0-9.eE])")
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def parse_json(text: bytes, depth_limit: int, *, where: str) -> Any:
    """Parse a JSON document.

    `where` names it in messages ("body", "variables"). Raises HttpRefusal (400) for anything that is not JSON in UTF-8
    (NaN, Infinity and lone surrogates included), for nesting deeper than `depth_limit`, integers outside 64 bits (a
    parser would round them silently), a key that stands twice in one object, and NUL characters.
    """
    if not text.strip():
        raise malformed(f"The {where} is empty.", "请求内容为空。", field=where)
    try:
        document = orjson.loads(text)
    except ValueError as failure:  # orjson.JSONDecodeError; its text quotes nothing of the input
        raise malformed(
            f"The {where} is not valid JSON in UTF-8.", "请求内容不是有效的 UTF-8 编码 JSON。", field=where
        ) from failure
    if isinstance(document, (dict, list)):
        _refuse_hidden_trouble(text, document, depth_limit, where)
    return document


def _refuse_hidden_trouble(text: bytes, document: Any, depth_limit: int, where: str) -> None:
    """Compare the text, its strings taken out, with what was parsed: a colon is a member, a long number an integer."""
    members, depth = _measure(document, depth_limit)
    if depth > depth_limit:
        raise malformed(f"The {where} nests deeper than {depth_limit}.", "请求内容嵌套过深。", limit=depth_limit)
    skeleton = _STRING.sub(b"", text)
    if skeleton.count(b":") != members:
        raise malformed(f"A key stands twice in one object of the {where}.", "请求内容中有重复的键。", field=where)
    for number in _LONG_INTEGER.findall(skeleton):
        if not _SMALLEST <= int(number) <= _LARGEST:
            raise malformed(f"An integer of the {where} has more than 64 bits.", "请求内容中的整数过大。", field=where)
    if b"\\u0000" in text and _has_nul(document):
        raise malformed(f"The {where} holds a NUL character.", "请求内容含有空字符(NUL)。", field=where)


def _measure(document: Any, depth_limit: int) -> tuple[int, int]:
    """Count the members of all objects, and the depth (as far as just past the limit)."""
    members = 0
    level = [document]
    depth = 0
    while level and depth <= depth_limit:
        depth += 1
        below: list[Any] = []
        for container in level:
            if isinstance(container, dict):
                members += len(container)
                below.extend(child for child in container.values() if isinstance(child, (dict, list)))
            else:
                below.extend(child for child in container if isinstance(child, (dict, list)))
        level = below
    return members, depth


def _has_nul(document: Any) -> bool:
    pending = [document]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            if "\0" in current:
                return True
        elif isinstance(current, dict):
            pending.extend(current.keys())
            pending.extend(current.values())
        elif isinstance(current, list):
            pending.extend(current)
    return False
