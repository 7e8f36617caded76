"""通知用语: the kinds of messages of supervision, with their wording where no tenant has another."""

from __future__ import annotations

from core.sdk.notifications import NotificationKind, Placeholder

CASE, MATTER, DUE = (
    Placeholder("case_number", "案号", "（2026）粤7101行初1号"),
    Placeholder("matter", "事项", "答辩举证"),
    Placeholder("due_on", "届满日", "2026-03-25"),
)
_ALL = (CASE, MATTER, DUE)

REMIND = NotificationKind(
    "reminders.remind", "期限提醒", "reminder of a last day",
    "{事项}将于{届满日}届满", "{案号}：{事项}的最后一日为{届满日}，请按期办理并确认收到本提醒。", _ALL, urgent=True,
)  # fmt: skip
PHONE_TASK = NotificationKind(
    "reminders.phone_task", "电话提醒任务", "task to telephone",
    "{事项}的提醒尚未阅读，请电话提醒", "{案号}：{事项}的最后一日为{届满日}，提醒至今未读，请专人电话提醒并登记。",
    _ALL, urgent=True,
)  # fmt: skip
MISSED = NotificationKind(
    "reminders.missed", "逾期未办", "missed",
    "{事项}逾期未办", "{案号}：{事项}已于{届满日}届满，尚无办理记录，请研究补救措施并报送补救方案。", _ALL, urgent=True,
)  # fmt: skip
FEEDBACK_OVERDUE = NotificationKind(
    "reminders.feedback_overdue", "逾期未反馈", "feedback overdue",
    "{事项}逾期未反馈", "{案号}：{事项}已办理（最后一日{届满日}），反馈已逾期，请尽快反馈。", _ALL,
)  # fmt: skip
VERIFICATION_OVERDUE = NotificationKind(
    "reminders.verification_overdue", "逾期未核实", "verification overdue",
    "{事项}的反馈逾期未核实", "{案号}：{事项}（最后一日{届满日}）的反馈已超过核实期限，请核实。", _ALL,
)  # fmt: skip
REMEDY_OVERDUE = NotificationKind(
    "reminders.remedy_overdue", "补救逾期", "remedy overdue",
    "{事项}的补救逾期", "{案号}：{事项}（最后一日{届满日}）逾期后，补救方案或补救措施又已逾期。", _ALL,
)  # fmt: skip
REPORT_NAG = NotificationKind(
    "reminders.report_nag", "催报", "report overdue: word to the agency",
    "{事项}逾期未报备", "{案号}：收到的{事项}应于{届满日}前报备，尚未报备，请立即报备。", _ALL,
)  # fmt: skip
REPORT_OVERDUE = NotificationKind(
    "reminders.report_overdue", "逾期未报备", "report overdue: word to the bureau",
    "{事项}逾期未报备", "{案号}：承办机关收到的{事项}应于{届满日}前报备，至今未报备。", _ALL,
)  # fmt: skip

KINDS = (
    REMIND, PHONE_TASK, MISSED, FEEDBACK_OVERDUE, VERIFICATION_OVERDUE, REMEDY_OVERDUE, REPORT_NAG, REPORT_OVERDUE,
)  # fmt: skip
