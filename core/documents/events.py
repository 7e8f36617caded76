"""领域事件 of files. Subject: File."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from core.acting import Subject


@dataclass(frozen=True, slots=True)
class FileEvent:
    """What all of them have."""

    subject: Subject
    name: str
    media_type: str
    size: int
    sha256: str

    def payload(self) -> Mapping[str, Any]:
        """Every field but the subject."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject"}


@dataclass(frozen=True, slots=True)
class FileAnnounced(FileEvent):
    """文件已登记: an address for its upload was given out."""


@dataclass(frozen=True, slots=True)
class FileCompleted(FileEvent):
    """文件已保存: its bytes are there, and are the announced ones."""
