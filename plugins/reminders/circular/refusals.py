"""Closed error codes of the acts on circulars."""

from __future__ import annotations

from core.sdk.acts import NOT_ENABLED, Common
from core.sdk.rules import Labelled

_NOT_ENABLED = NOT_ENABLED, "该地区未启用全过程督办", "Supervision is not enabled there"
_NOT_CITY = "NOT_CITY", "通报由市司法局发布", "Circulars are the city bureau's"


class CircularDraftRefusal(Labelled):
    """起草通报的错误."""

    NOT_FOUND = Common.NOT_FOUND.value, Common.NOT_FOUND.zh, Common.NOT_FOUND.en
    FORBIDDEN = Common.FORBIDDEN.value, Common.FORBIDDEN.zh, Common.FORBIDDEN.en
    CONFLICT = Common.CONFLICT.value, Common.CONFLICT.zh, Common.CONFLICT.en
    INVALID_INPUT = Common.INVALID_INPUT.value, Common.INVALID_INPUT.zh, Common.INVALID_INPUT.en
    PLUGIN_NOT_ENABLED = _NOT_ENABLED
    NOT_CITY = _NOT_CITY
    MONTH_NOT_OVER = "MONTH_NOT_OVER", "该月尚未结束", "The month is not over"
    NOT_NEXT_MONTH = (
        "NOT_NEXT_MONTH",
        "只能起草上一期之后一个月的通报",
        "Issues follow each other month by month: this is not the one after the last",
    )


class CircularPublishRefusal(Labelled):
    """发布通报的错误."""

    NOT_FOUND = Common.NOT_FOUND.value, Common.NOT_FOUND.zh, Common.NOT_FOUND.en
    FORBIDDEN = Common.FORBIDDEN.value, Common.FORBIDDEN.zh, Common.FORBIDDEN.en
    CONFLICT = Common.CONFLICT.value, Common.CONFLICT.zh, Common.CONFLICT.en
    INVALID_INPUT = Common.INVALID_INPUT.value, Common.INVALID_INPUT.zh, Common.INVALID_INPUT.en
    PLUGIN_NOT_ENABLED = _NOT_ENABLED
    NOT_CITY = _NOT_CITY
    NOT_A_DRAFT = "NOT_A_DRAFT", "该通报已发布或已被取代", "It is published already, or superseded"


class CircularDownloadRefusal(Labelled):
    """下载通报的错误."""

    NOT_FOUND = Common.NOT_FOUND.value, Common.NOT_FOUND.zh, Common.NOT_FOUND.en
    FORBIDDEN = Common.FORBIDDEN.value, Common.FORBIDDEN.zh, Common.FORBIDDEN.en
    CONFLICT = Common.CONFLICT.value, Common.CONFLICT.zh, Common.CONFLICT.en
    INVALID_INPUT = Common.INVALID_INPUT.value, Common.INVALID_INPUT.zh, Common.INVALID_INPUT.en
    PLUGIN_NOT_ENABLED = _NOT_ENABLED
    NOT_PUBLISHED = "NOT_PUBLISHED", "草稿没有文件", "A draft has no files"
    NOT_MADE_YET = "NOT_MADE_YET", "文件正在生成，请稍后再试", "The file is being made: try again in a moment"
