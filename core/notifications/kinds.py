"""What members are told of by the core itself; plugins declare their own kinds by the hook `yingsu_notifications`."""

from __future__ import annotations

from typing import Final

from core.labels import Labelled
from core.notifications.declared import NotificationKind, Placeholder

CASE_NUMBER: Final = Placeholder("case_number", "案号", "（2026）粤7101行初123号")

CASE_GRANTED: Final = NotificationKind(
    "CASE_GRANTED",
    "有案件交您办理",
    "a case was given to you",
    title="有案件交您办理：{案号}",
    body="案件{案号}已交您办理，请及时查看。",
    placeholders=(CASE_NUMBER,),
)
CASE_GRANT_ENDED: Final = NotificationKind(
    "CASE_GRANT_ENDED",
    "案件授权已终止",
    "a case was taken back",
    # No number: whoever is told may not see the case any more.
    title="案件授权已终止",
    body="您对一起案件的办理授权已终止。",
)
CORE_KINDS: Final = (CASE_GRANTED, CASE_GRANT_ENDED)


class NotificationEvent(Labelled):
    """通知事件: what happened to a notification (notification event)."""

    WRITTEN = "WRITTEN", "已发出", "written"


class NotificationReadRefusal(Labelled):
    """标记通知已读的错误代码."""

    NOT_FOUND = "NOT_FOUND", "通知不存在", "There is no such notification"
    FORBIDDEN = "FORBIDDEN", "无权修改该通知", "The notification is not yours"
    CONFLICT = "CONFLICT", "他人已修改，请重试", "Somebody else changed it: try again"
    INVALID_INPUT = "INVALID_INPUT", "输入有误", "The input is not valid"
