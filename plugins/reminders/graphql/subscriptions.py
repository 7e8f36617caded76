"""What is told to those who wait: every transition of an obligation or a report that they see."""

from __future__ import annotations

from core.sdk.graphql import Doc, EventNode, SubscriptionField
from core.sdk.rules import Labelled
from plugins.reminders import events
from plugins.reminders.permissions import REMINDERS_READ, SUPERVISION_READ
from plugins.reminders.rules.vocabulary import ReportTransition, Transition


class ReminderEventKind(Labelled):
    """提醒事件 (what happened to a reminder)."""

    SENT = "SENT", "已发出", "sent"
    PHONE_TASK = "PHONE_TASK", "转电话提醒", "became a task to telephone"


OBLIGATION_CHANGED = SubscriptionField(
    Doc("督办义务变更", "obligation changed", "立项、提醒、办理、逾期等每一次流转"),
    type_name="SupervisedObligationChange",
    type_doc=Doc("督办义务变更", "change of a supervised obligation"),
    kinds=Transition,
    events={event.__name__: transition for transition, event in events.OF_OBLIGATION.items()},
    node=EventNode("obligation", "SupervisedObligation", Doc("督办义务", "supervised obligation")),
    permission=SUPERVISION_READ.name,
)
REPORT_CHANGED = SubscriptionField(
    Doc("报备变更", "report changed"),
    type_name="CaseReportChange",
    type_doc=Doc("报备变更", "change of a report"),
    kinds=ReportTransition,
    events={event.__name__: transition for transition, event in events.OF_REPORT.items()},
    node=EventNode("report", "CaseReport", Doc("报备", "report")),
    permission=SUPERVISION_READ.name,
)
REMINDER_SENT = SubscriptionField(
    Doc("提醒已发出", "reminder sent"),
    type_name="ReminderSent",
    type_doc=Doc("提醒已发出", "reminder sent", "所提醒的督办义务"),
    kinds=ReminderEventKind,
    events={
        events.OF_OBLIGATION[Transition.REMIND].__name__: ReminderEventKind.SENT,
        events.OF_OBLIGATION[Transition.PHONE_TASK].__name__: ReminderEventKind.PHONE_TASK,
    },
    node=EventNode("obligation", "SupervisedObligation", Doc("督办义务", "supervised obligation")),
    permission=REMINDERS_READ.name,
)
SUBSCRIPTIONS = {
    "obligation_changed": OBLIGATION_CHANGED,
    "report_changed": REPORT_CHANGED,
    "reminder_sent": REMINDER_SENT,
}
