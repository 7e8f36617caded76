"""What must hold of every answer, whatever was asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from core.errors import ErrorCode

CODES = frozenset(code.value for code in ErrorCode) - {ErrorCode.INTERNAL.value}
LEAK = re.compile(
    r"Traceback|asyncpg|sqlalchemy|orjson|graphql[.-]core|site-packages|File \"|\.py\b|/tmp/|/home/|SQLSTATE|violates|syntax error at"
    r"|invalid input syntax|invalid literal|Incorrect padding|unhashable|NoneType|object has no attribute|0x[0-9a-f]{8,}"
    r"|<[A-Za-z_.]+ object|\bselect .+ from |\binsert into |relation \"|column \"|\b[A-Z][A-Za-z]+(?:Error|Exception)\b"
)
_CHINESE = re.compile(r"[一-鿿]")
MEDIA_TYPES = {"application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Said(Protocol):
    """A request, whose words in an answer are no leak."""

    @property
    def text(self) -> str:
        """Everything that was said."""
        ...


def faults(answer: Answer, sent: Said, known_names: Collection[str], method: str) -> list[str]:
    """What is wrong with an answer; empty where nothing is. What the request said itself is no leak."""
    if answer.status >= 500:
        return [f"status {answer.status}: {answer.body[:300]!r}"]
    if answer.status == 204 or (method == "HEAD" and not answer.body):
        return []
    if answer.headers.get("content-type") not in MEDIA_TYPES:
        return [f"content type {answer.headers.get('content-type')}"]
    try:
        found = orjson.loads(answer.body)
    except ValueError:
        return [f"not JSON: {answer.body[:100]!r}"]
    if isinstance(found, list):
        return [fault for one in found for fault in _of_response(one, answer, sent, known_names)]
    return [*_of_status(found, answer), *_of_response(found, answer, sent, known_names)]


def _of_status(found: Any, answer: Answer) -> list[str]:
    if not isinstance(found, dict):
        return ["not an object"]
    if "data" in found and answer.status != 200:
        return [f"data with status {answer.status}"]
    legacy = answer.headers["content-type"].startswith("application/json")
    if "data" not in found and answer.status < 400 and not legacy:
        return [f"no data with status {answer.status}"]
    return []


def _of_response(found: Any, answer: Answer, sent: Said, known_names: Collection[str]) -> list[str]:
    if not isinstance(found, dict) or not ("data" in found or found.get("errors")):
        return ["neither data nor errors"]
    return [
        fault
        for error in found.get("errors", ())
        for fault in _of_error(error, answer.headers.get("x-request-id", ""), sent, known_names)
    ]


def _of_error(error: Any, request_id: str, sent: Said, known_names: Collection[str]) -> list[str]:
    extensions = error.get("extensions") or {}
    found = []
    if not error.get("message") or len(error["message"]) > 2_000:
        found.append("no message, or a very long one")
    if extensions.get("code") not in CODES:
        found.append(f"code {extensions.get('code')}: {error.get('message')}")
    if not _CHINESE.search(extensions.get("messageZh") or ""):
        found.append(f"no Chinese: {error}")
    if extensions.get("requestId") != request_id:
        found.append("another request id")
    text = f"{error.get('message')} {extensions.get('messageZh')}"
    found += [
        f"leak: {leak.group(0)} in {text[:300]}"
        for leak in LEAK.finditer(text)
        if leak.group(0) not in sent.text and leak.group(0) not in known_names
    ]
    return found
