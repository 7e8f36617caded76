"""领域事件 of members: who came, went, or does something else now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from core.acting import Subject


@dataclass(frozen=True, slots=True)
class MemberEvent:
    """What all of them have. Subject: Member."""

    subject: Subject
    role: str

    def payload(self) -> Mapping[str, Any]:
        """Every field but the subject."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject"}


@dataclass(frozen=True, slots=True)
class MemberAdded(MemberEvent):
    """用户已添加."""

    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class MemberEnded(MemberEvent):
    """任职已终止: `valid_until` is the first day without it."""

    valid_until: date


@dataclass(frozen=True, slots=True)
class MemberRoleChanged(MemberEvent):
    """角色已变更."""

    former_role: str
