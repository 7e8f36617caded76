"""What may be stored, and under what name: pure rules, without a store or a database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

NAME_LIMIT: Final = 200
"""Characters of a file's name."""
DEFAULT_SIZE_LIMIT: Final = 200_000_000
"""Bytes of a file, unless the installation says otherwise."""

_OPENXML = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "application/pdf": frozenset({"pdf"}),
        "application/ofd": frozenset({"ofd"}),  # 版式文档, GB/T 33190: the form of official documents
        "application/msword": frozenset({"doc", "dot"}),
        f"{_OPENXML}.wordprocessingml.document": frozenset({"docx"}),
        "application/vnd.ms-excel": frozenset({"xls"}),
        f"{_OPENXML}.spreadsheetml.sheet": frozenset({"xlsx"}),
        "application/vnd.ms-powerpoint": frozenset({"ppt"}),
        f"{_OPENXML}.presentationml.presentation": frozenset({"pptx"}),
        "application/vnd.oasis.opendocument.text": frozenset({"odt"}),
        "application/vnd.oasis.opendocument.spreadsheet": frozenset({"ods"}),
        "application/wps-office.wps": frozenset({"wps"}),
        "application/wps-office.et": frozenset({"et"}),
        "application/wps-office.dps": frozenset({"dps"}),
        "application/rtf": frozenset({"rtf"}),
        "text/plain": frozenset({"txt"}),
        "text/csv": frozenset({"csv"}),
        "image/jpeg": frozenset({"jpg", "jpeg"}),
        "image/png": frozenset({"png"}),
        "image/gif": frozenset({"gif"}),
        "image/bmp": frozenset({"bmp"}),
        "image/webp": frozenset({"webp"}),
        "image/tiff": frozenset({"tif", "tiff"}),
        "application/zip": frozenset({"zip"}),
        "application/x-zip-compressed": frozenset({"zip"}),
        "application/x-7z-compressed": frozenset({"7z"}),
        "application/vnd.rar": frozenset({"rar"}),
    }
)
"""Media types that may be stored, each with the endings that its files have. None of them runs in a browser: no HTML, no SVG."""

SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SEPARATORS: Final = frozenset("/\\")
_NEVER: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a name must not hold: controls, and formats such as the bidi overrides that disguise an ending."""


class NameRefused(ValueError):
    """A file name that is not safe; says why in both languages."""

    def __init__(self, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message_zh


def safe_name(name: str) -> str:
    """The name as it is kept: composed (NFC), without blanks around it. `NameRefused` if it could mislead or escape."""
    kept = unicodedata.normalize("NFC", name).strip()
    if not kept:
        raise NameRefused("A file needs a name", "文件名不能为空")
    if len(kept) > NAME_LIMIT:
        raise NameRefused(f"A file name has at most {NAME_LIMIT} characters", f"文件名不能超过{NAME_LIMIT}字")
    if any(char in _SEPARATORS for char in kept):
        raise NameRefused("A file name holds no path", "文件名不能含有路径分隔符")
    if any(unicodedata.category(char) in _NEVER for char in kept):
        raise NameRefused("The file name holds characters that cannot be seen", "文件名含有不可见字符")
    if kept.startswith(".") or kept.endswith("."):
        raise NameRefused("A file name neither begins nor ends with a dot", "文件名不能以点开头或结尾")
    return kept


def normal_media_type(media_type: str) -> str:
    """The media type in lower case and without parameters."""
    return media_type.partition(";")[0].strip().lower()


def ending_fits(name: str, media_type: str) -> bool:
    """Whether a name ends as files of this (allowed) media type do."""
    stem, dot, ending = name.rpartition(".")
    return bool(stem and dot) and ending.lower() in MEDIA_TYPES[media_type]


def content_disposition(name: str) -> str:
    """The header under which browsers save the file by its name: RFC 6266, the Chinese name as RFC 5987 has it."""
    _, dot, ending = name.rpartition(".")
    plain = name if _is_plain(name) else f"file.{ending}" if dot and _is_plain(ending) else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and not any(char in '"\\%' for char in text)
