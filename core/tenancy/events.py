"""领域事件 of agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from core.acting import Subject


@dataclass(frozen=True, slots=True)
class AgencyEvent:
    """What both have. Subject: Agency."""

    subject: Subject

    def payload(self) -> Mapping[str, Any]:
        """Every field but the subject."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject"}


@dataclass(frozen=True, slots=True)
class AgencyRegistered(AgencyEvent):
    """行政机关已登记."""

    name_zh: str


@dataclass(frozen=True, slots=True)
class AgencyCorrected(AgencyEvent):
    """行政机关信息已更正: `changed` names the columns, joined by commas."""

    changed: str
