"""Manifests of documents, in the formats that front ends' tools write. Pure: text in, documents out.

- GraphQL Code Generator's client preset (`persisted-documents.json`) and Relay's compiler (`persisted_queries.json`): `{id: text}`
- Relay's older form: `[[id, text], …]`
- Apollo: `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id", "name", "type", "body"}]}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.errors import BadUserInput

MOST_DOCUMENTS: Final = 10_000
LONGEST_TEXT: Final = 500_000
_APOLLO: Final = "apollo-persisted-query-manifest"
_ID = re.compile(r"[\x21-\x7e]{1,200}")
_SHA256 = "sha256:"


class ManifestUnreadable(BadUserInput):
    """清单无法读取: not a manifest of a known format."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(
            f"this is no manifest of documents: {reason}", f"无法读取文档清单：{reason_zh}", field="manifest"
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a manifest; `name` is empty where the format has none."""

    id: str
    name: str
    body: str


def read_manifest(content: bytes) -> list[Entry]:
    """The documents of a manifest, in its order; raises `ManifestUnreadable`."""
    try:
        manifest = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise ManifestUnreadable("not JSON", "不是合法的 JSON") from None
    entries = [_checked(*found) for found in _entries(manifest)]
    if not entries:
        raise ManifestUnreadable("it has no document", "没有文档")
    if len(entries) > MOST_DOCUMENTS:
        raise ManifestUnreadable(f"more than {MOST_DOCUMENTS} documents", f"文档超过 {MOST_DOCUMENTS} 个")
    if len({entry.id for entry in entries}) < len(entries):
        raise ManifestUnreadable("an id stands twice", "标识重复")
    return entries


def _entries(manifest: Any) -> Iterator[tuple[Any, Any, Any]]:
    if isinstance(manifest, dict) and "format" in manifest:
        if manifest["format"] != _APOLLO or manifest.get("version") != 1:
            raise ManifestUnreadable("unknown format or version", "格式或版本未知")
        operations = manifest.get("operations")
        if not isinstance(operations, list) or not all(isinstance(one, Mapping) for one in operations):
            raise ManifestUnreadable("operations must be a list of objects", "operations 应为对象列表")
        yield from ((one.get("id"), one.get("name", ""), one.get("body")) for one in operations)
    elif isinstance(manifest, dict):
        yield from ((id_, "", body) for id_, body in manifest.items())
    elif isinstance(manifest, list) and all(isinstance(one, list) and len(one) == 2 for one in manifest):  # noqa: PLR2004
        yield from ((id_, "", body) for id_, body in manifest)
    else:
        raise ManifestUnreadable("neither an object nor a list of pairs", "应为对象或成对列表")


def _checked(id_: Any, name: Any, body: Any) -> Entry:
    if not isinstance(id_, str) or not _ID.fullmatch(id_.removeprefix(_SHA256)):
        raise ManifestUnreadable(
            "an id is not 1 to 200 visible ASCII characters", "标识须为 1 至 200 个可见 ASCII 字符"
        )
    if not isinstance(body, str) or not body.strip():
        raise ManifestUnreadable(f"document {id_} has no text", f"文档 {id_} 没有内容")
    if len(body) > LONGEST_TEXT or "\0" in body:
        raise ManifestUnreadable(
            f"document {id_} is too long, or holds a NUL character", f"文档 {id_} 过长或含有空字符"
        )
    return Entry(id_.removeprefix(_SHA256), name if isinstance(name, str) else "", body)
