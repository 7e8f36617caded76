"""What the acts on plugins are refused for."""

from __future__ import annotations

from typing import Final

from core.cases.refusals.common import CONFLICT, FORBIDDEN, INVALID_INPUT, NOT_FOUND, NOTHING_TO_CHANGE, Code
from core.labels import Labelled

PLUGIN_UNKNOWN: Final[Code] = "PLUGIN_UNKNOWN", "没有安装该插件", "No such plugin is installed"


class PluginSetPolicyRefusal(Labelled):
    """设定插件策略的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_UNKNOWN = PLUGIN_UNKNOWN
    NOT_THE_ROOT = "NOT_THE_ROOT", "插件策略由市级设定", "The policy is set by the city's root tenant"
    NOTHING_TO_CHANGE = NOTHING_TO_CHANGE


class PluginChooseRefusal(Labelled):
    """启用或停用插件的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_UNKNOWN = PLUGIN_UNKNOWN
    PLUGIN_FORBIDDEN = "PLUGIN_FORBIDDEN", "市级禁止启用该插件", "The city forbids this plugin"
    PLUGIN_REQUIRED = "PLUGIN_REQUIRED", "市级要求启用该插件", "The city requires this plugin"
    NOTHING_TO_CHANGE = NOTHING_TO_CHANGE


class PluginSettingsChangeRefusal(Labelled):
    """修改插件参数的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_UNKNOWN = PLUGIN_UNKNOWN
    NO_SETTINGS = "NO_SETTINGS", "该插件没有参数", "The plugin has no settings"
    IN_PAST = "IN_PAST", "生效日期不能早于今日", "Settings cannot take effect in the past"
    INVALID_BELOW = "INVALID_BELOW", "下级的参数将不合规则", "Settings of a tenant below would no longer be valid"
