"""领域事件 of enablement and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from core.acting import Subject


@dataclass(frozen=True, slots=True)
class PluginEvent:
    """What all events about plugins have."""

    subject: Subject
    plugin: str

    def payload(self) -> Mapping[str, Any]:
        """Every field but the subject."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "subject"}


@dataclass(frozen=True, slots=True)
class PluginPolicySet(PluginEvent):
    """插件策略已设定: a city allowed, required or forbade a plugin. Subject: PluginEnablement."""

    policy: str


@dataclass(frozen=True, slots=True)
class PluginChosen(PluginEvent):
    """插件启用选择已变更: a tenant enabled or disabled a plugin, or left it to the tenant above. Subject: PluginEnablement."""

    choice: str


@dataclass(frozen=True, slots=True)
class PluginSettingsChanged(PluginEvent):
    """插件参数已变更: a tenant has a new version of a plugin's settings. Subject: PluginSettingVersion."""

    version: int
    valid_from: date
