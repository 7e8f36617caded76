"""领域事件 of circulars. Subject: Circular, of the city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.sdk.acts import Subject


@dataclass(frozen=True, slots=True)
class CircularPublished:
    """通报已发布: an issue is frozen; its files follow."""

    subject: Subject
    month: date
    number: str

    def payload(self) -> Mapping[str, Any]:
        """Month and number."""
        return {"month": self.month, "number": self.number}
