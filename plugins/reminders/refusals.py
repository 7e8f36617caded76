"""What the plugin's acts are refused for: codes that several share are written once, each act names those that it can answer."""

from __future__ import annotations

from typing import Final

from core.sdk.rules import Labelled

Code = tuple[str, str, str]

NOT_FOUND: Final[Code] = "NOT_FOUND", "对象不存在", "It does not exist"
FORBIDDEN: Final[Code] = "FORBIDDEN", "无权办理该对象", "It is not yours to change"
CONFLICT: Final[Code] = "CONFLICT", "他人已修改，请刷新后重试", "Somebody else changed it: read it again"
INVALID_INPUT: Final[Code] = "INVALID_INPUT", "输入有误", "The input is not valid"
PLUGIN_NOT_ENABLED: Final[Code] = "PLUGIN_NOT_ENABLED", "该地区未启用全过程督办", "Supervision is not enabled there"

NOT_IN_STATE: Final[Code] = "NOT_IN_STATE", "当前状态不允许该操作", "Not possible in the present state"
EVIDENCE_MISSING: Final[Code] = "EVIDENCE_MISSING", "缺少必需的材料", "A required piece of evidence is missing"
DATE_IMPOSSIBLE: Final[Code] = "DATE_IMPOSSIBLE", "日期不可能", "The date cannot be"
IN_FUTURE: Final[Code] = "IN_FUTURE", "日期不能晚于今日", "The day lies in the future"
ALREADY_DONE: Final[Code] = "ALREADY_DONE", "已经办理", "It is done already"
FEEDBACK_MISSING: Final[Code] = "FEEDBACK_MISSING", "尚未反馈", "Feedback has not been filed"
PLAN_NOT_APPROVED: Final[Code] = "PLAN_NOT_APPROVED", "补救方案尚未批准", "The remedy plan is not approved"
PLAN_PENDING: Final[Code] = "PLAN_PENDING", "已有补救方案在办", "A remedy plan is under way already"
OWN_STEP: Final[Code] = "OWN_STEP", "不得审批本人提交的方案", "Nobody approves their own step"
NOT_RESPONSIBLE: Final[Code] = "NOT_RESPONSIBLE", "只能由责任人确认", "It is for the responsible person to confirm"
MEMBER_OF_OTHERS: Final[Code] = (
    "MEMBER_OF_OTHERS",
    "责任人须为本机关在任人员",
    "The responsible person must be a present member of the agency",
)
NO_PHONE_TASK: Final[Code] = "NO_PHONE_TASK", "没有待办的电话提醒", "There is no task to telephone"
ALREADY_ESCALATED: Final[Code] = "ALREADY_ESCALATED", "已升级至该阶梯", "It has been escalated to that step"
NOT_YET: Final[Code] = "NOT_YET", "尚未办理", "It has not been done yet"


class ReportSubmitRefusal(Labelled):
    """提交报备的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE


class ReportAcceptRefusal(Labelled):
    """受理报备的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE


class ReportReturnRefusal(Labelled):
    """退回报备的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE


class ObligationActRefusal(Labelled):
    """登记已办理的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    EVIDENCE_MISSING = EVIDENCE_MISSING
    DATE_IMPOSSIBLE = DATE_IMPOSSIBLE
    IN_FUTURE = IN_FUTURE
    ALREADY_DONE = ALREADY_DONE


class ObligationTrackRefusal(Labelled):
    """核定期限的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    ALREADY_DONE = ALREADY_DONE


class ObligationCloseRefusal(Labelled):
    """办结督办义务的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    FEEDBACK_MISSING = FEEDBACK_MISSING


class SupervisionVoidRefusal(Labelled):
    """撤销督办义务的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE


class ResponsibleAssignRefusal(Labelled):
    """指定责任人的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    MEMBER_OF_OTHERS = MEMBER_OF_OTHERS


class FeedbackFileRefusal(Labelled):
    """提交反馈的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    ALREADY_DONE = ALREADY_DONE


class FeedbackVerifyRefusal(Labelled):
    """核实反馈的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    FEEDBACK_MISSING = FEEDBACK_MISSING


class FeedbackReturnRefusal(Labelled):
    """退回反馈的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    FEEDBACK_MISSING = FEEDBACK_MISSING


class ReminderConfirmRefusal(Labelled):
    """确认收到提醒的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    ALREADY_DONE = ALREADY_DONE
    NOT_RESPONSIBLE = NOT_RESPONSIBLE


class PhoneTaskDoneRefusal(Labelled):
    """登记电话提醒的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    NO_PHONE_TASK = NO_PHONE_TASK


class RemedyFileRefusal(Labelled):
    """报送补救方案的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    DATE_IMPOSSIBLE = DATE_IMPOSSIBLE
    PLAN_PENDING = PLAN_PENDING


class RemedySignRefusal(Labelled):
    """签批补救方案的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    DATE_IMPOSSIBLE = DATE_IMPOSSIBLE
    OWN_STEP = OWN_STEP


class RemedyApproveRefusal(Labelled):
    """批准补救方案的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    ALREADY_DONE = ALREADY_DONE
    OWN_STEP = OWN_STEP


class RemedyRefuseRefusal(Labelled):
    """退回补救方案的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    ALREADY_DONE = ALREADY_DONE


class RemedyDoneRefusal(Labelled):
    """登记补救完成的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    DATE_IMPOSSIBLE = DATE_IMPOSSIBLE
    IN_FUTURE = IN_FUTURE
    ALREADY_DONE = ALREADY_DONE


class RemedyConfirmRefusal(Labelled):
    """确认补救完成的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    PLAN_NOT_APPROVED = PLAN_NOT_APPROVED
    NOT_YET = NOT_YET
    OWN_STEP = OWN_STEP


class SupervisionEscalateRefusal(Labelled):
    """升级处置的错误代码."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
    PLUGIN_NOT_ENABLED = PLUGIN_NOT_ENABLED
    NOT_IN_STATE = NOT_IN_STATE
    ALREADY_ESCALATED = ALREADY_ESCALATED
