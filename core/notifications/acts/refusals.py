"""What the acts on messages are refused for."""

from __future__ import annotations

from core.cases.refusals.common import CONFLICT, FORBIDDEN, INVALID_INPUT, NOT_FOUND, NOTHING_TO_CHANGE
from core.labels import Labelled

_KIND_UNKNOWN = "KIND_UNKNOWN", "没有这种通知", "There is no such kind of message"


class NotificationPreferenceSetRefusal(Labelled):
    """设定通知偏好的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    CHANNEL_UNKNOWN = "CHANNEL_UNKNOWN", "没有这个渠道", "There is no such channel"
    ADDRESS_INVALID = "ADDRESS_INVALID", "地址格式有误", "The channel has no such addresses"
    QUIET_INCOMPLETE = "QUIET_INCOMPLETE", "免打扰须有起止时刻", "Quiet hours have a beginning and an end"


class NotificationTemplateSetRefusal(Labelled):
    """设定通知模板的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    KIND_UNKNOWN = _KIND_UNKNOWN
    WORDING_INVALID = "WORDING_INVALID", "措辞有误", "The wording is not valid"
    IN_PAST = "IN_PAST", "生效日期不能早于今日", "The day lies in the past"


class NotificationEndpointAddRefusal(Labelled):
    """登记接收地址的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    KIND_UNKNOWN = _KIND_UNKNOWN
    URL_REFUSED = "URL_REFUSED", "不允许的接收地址", "No webhook may have this address"
    TOO_MANY = "TOO_MANY", "接收地址过多", "The tenant has as many endpoints as it may"


class NotificationEndpointRotateRefusal(Labelled):
    """更换签名密钥的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    DISABLED = "DISABLED", "接收地址已停用", "The endpoint is disabled"


class NotificationEndpointDisableRefusal(Labelled):
    """停用接收地址的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    NOTHING_TO_CHANGE = NOTHING_TO_CHANGE


class NotificationDeliveryRetryRefusal(Labelled):
    """重新发送的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    NOT_FAILED = "NOT_FAILED", "只有发送失败的才能重新发送", "Only what was given up can be sent again"
