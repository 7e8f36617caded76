"""What members are told of."""

from __future__ import annotations

from core.labels import Labelled


class NotificationKind(Labelled):
    """通知种类: what a message tells (kind of notification)."""

    CASE_GRANTED = "CASE_GRANTED", "有案件交您办理", "a case was given to you"
    CASE_GRANT_ENDED = "CASE_GRANT_ENDED", "案件授权已终止", "a case was taken back"


class NotificationEvent(Labelled):
    """通知事件: what happened to a notification (notification event)."""

    WRITTEN = "WRITTEN", "已发出", "written"


class NotificationReadRefusal(Labelled):
    """标记通知已读的错误代码."""

    NOT_FOUND = "NOT_FOUND", "通知不存在", "There is no such notification"
    FORBIDDEN = "FORBIDDEN", "无权修改该通知", "The notification is not yours"
    CONFLICT = "CONFLICT", "他人已修改，请重试", "Somebody else changed it: try again"
    INVALID_INPUT = "INVALID_INPUT", "输入有误", "The input is not valid"
