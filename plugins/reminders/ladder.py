"""阶梯问责: the five steps of the accountability ladder (domain §3)."""

from __future__ import annotations

from core.sdk.rules import Labelled


class LadderLevel(Labelled):
    """问责阶梯: from a letter to an investigation (level of the accountability ladder)."""

    REMINDER_LETTER = "REMINDER_LETTER", "点对点督促提醒", "1: letter to the agency alone"
    CIRCULAR = "CIRCULAR", "通报", "2: named in a circular"
    RECTIFICATION = "RECTIFICATION", "督促整改", "3: order to rectify"
    TALK = "TALK", "约谈", "4: called in for a talk"
    INSPECTION = "INSPECTION", "专项督察或移送调查问责", "5: inspection, or handed over for investigation"


class RemedyState(Labelled):
    """补救方案的状态 (state of a remedy plan)."""

    FILED = "FILED", "待主要负责人签批", "awaits the signature of the agency's head"
    SIGNED = "SIGNED", "待司法局审核", "signed; awaits the bureau"
    APPROVED = "APPROVED", "已批准", "approved by the bureau"
    REFUSED = "REFUSED", "已退回", "refused"
    DONE = "DONE", "已完成", "done, with proof"


class PhoneTask(Labelled):
    """电话提醒 (task to telephone): the last reminder was not read by noon of its day."""

    OPEN = "OPEN", "待电话提醒", "to be done"
    DONE = "DONE", "已电话提醒", "done"
