"""What the plugin's act is refused for: the common codes, PLUGIN_NOT_ENABLED, and its own."""

from __future__ import annotations

from core.sdk.rules import Labelled


class CaseLabelAddRefusal(Labelled):
    """添加案件标签的错误代码."""

    NOT_FOUND = "NOT_FOUND", "应诉不存在", "There is no such response"
    FORBIDDEN = "FORBIDDEN", "无权办理该应诉", "The response is not yours to change"
    CONFLICT = "CONFLICT", "该标签已存在", "The label is there already"
    INVALID_INPUT = "INVALID_INPUT", "输入有误", "The input is not valid"
    PLUGIN_NOT_ENABLED = "PLUGIN_NOT_ENABLED", "该地区未启用案件标签", "Case labels are not enabled there"
    TOO_MANY = "TOO_MANY", "标签数已达上限", "The response has as many labels as it may"
    COLOUR_UNKNOWN = "COLOUR_UNKNOWN", "颜色不在可用范围", "The colour is not in the palette"
