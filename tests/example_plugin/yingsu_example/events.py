"""领域事件 of the plugin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.sdk.acts import Subject


@dataclass(frozen=True, slots=True)
class CaseLabelAdded:
    """标签已添加. Subject: CaseLabel."""

    subject: Subject
    text: str

    def payload(self) -> Mapping[str, Any]:
        return {"text": self.text}
