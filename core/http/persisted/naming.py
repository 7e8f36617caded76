"""How a request names a document, in the forms that clients have for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.http.contract import DocumentName
from core.http.errors import HttpRefusal, malformed

PARAMETERS = ("documentId", "doc_id", "id")
"""`documentId` is that of the GraphQL-over-HTTP draft; `doc_id` and `id` are what Relay's network code commonly sends."""
_NAME = re.compile(r"[\x21-\x7e]{1,200}")
_SHA256 = "sha256:"


def document_name(
    document: Mapping[str, Any], extensions: Mapping[str, Any], place: Mapping[str, int]
) -> DocumentName | None:
    """The document that a request names; None if it names none. Raises HttpRefusal (400) for a name of the wrong form.

    `doc_id` and `id` say nothing where the request has a query: other clients put numbers of their own there.
    """
    automatic = _automatic(extensions, place)
    by_id = _text(document["documentId"], "documentId", place) if document.get("documentId") is not None else None
    if automatic is None and by_id is None and document.get("query") is None:
        name = next((name for name in PARAMETERS[1:] if document.get(name) is not None), None)
        by_id = _text(document[name], name, place) if name is not None else None
    if automatic is None:
        return None if by_id is None else DocumentName(by_id, automatic=False)
    if by_id not in {None, automatic}:
        raise malformed(
            "documentId and extensions.persistedQuery name two documents.", "请求指明了两个不同的文档。", **place
        )
    return DocumentName(automatic, automatic=True)


def _automatic(extensions: Mapping[str, Any], place: Mapping[str, int]) -> str | None:
    if extensions.get("persistedQuery") is None:
        return None
    named = extensions["persistedQuery"]
    if not isinstance(named, dict):
        raise _wrong("extensions.persistedQuery", "must be an object with version and sha256Hash", place)
    if type(named.get("version")) is not int or named["version"] != 1:
        raise _wrong("extensions.persistedQuery.version", "must be 1", place)
    return _text(named.get("sha256Hash"), "extensions.persistedQuery.sha256Hash", place)


def _text(value: Any, where: str, place: Mapping[str, int]) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise _wrong(where, "must be a text of 1 to 200 visible ASCII characters", place)
    return value.removeprefix(_SHA256)


def _wrong(where: str, rule: str, place: Mapping[str, int]) -> HttpRefusal:
    return malformed(f"“{where}” {rule}.", f"参数 {where} 缺失或格式有误。", field=where, **place)
