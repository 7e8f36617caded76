"""Closed error codes of the acts on hearings, appearances, judgments and holdings."""

from __future__ import annotations

from core.cases.refusals import common
from core.labels import Labelled

_NOT_SCHEDULED = "NOT_SCHEDULED", "该次开庭已举行或已取消", "The hearing is held or cancelled"
_ALREADY_SCHEDULED = "ALREADY_SCHEDULED", "该时间已有排期", "There is a hearing at that time already"


class HearingScheduleRefusal(Labelled):
    """排定开庭的错误: why the act "schedule a hearing" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    CASE_CLOSED = common.CASE_CLOSED
    BEFORE_FILING = common.BEFORE_FILING
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD", "开庭日期过远", "The day lies too far ahead"
    ALREADY_SCHEDULED = _ALREADY_SCHEDULED


class HearingRescheduleRefusal(Labelled):
    """变更开庭时间的错误: why the act "reschedule a hearing" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_SCHEDULED = _NOT_SCHEDULED
    NOTHING_TO_CHANGE = common.NOTHING_TO_CHANGE
    BEFORE_FILING = common.BEFORE_FILING
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD", "开庭日期过远", "The day lies too far ahead"
    ALREADY_SCHEDULED = _ALREADY_SCHEDULED


class HearingCancelRefusal(Labelled):
    """取消开庭的错误: why the act "cancel a hearing" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_SCHEDULED = _NOT_SCHEDULED


class HearingHoldRefusal(Labelled):
    """登记已开庭的错误: why the act "record a hearing as held" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_SCHEDULED = _NOT_SCHEDULED
    IN_FUTURE = common.IN_FUTURE


class AppearanceRecordRefusal(Labelled):
    """登记出庭情况的错误: why the act "record an appearance" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    HEARING_CANCELLED = "HEARING_CANCELLED", "该次开庭已取消", "The hearing is cancelled"
    IN_FUTURE = common.IN_FUTURE
    HEAD_NOT_STATED = (
        "HEAD_NOT_STATED",
        "负责人未出庭或未填写是否出庭，不应填写其信息",
        "Particulars of the head need the statement that the head attended",
    )
    ABSENCE_WITH_HEAD = (
        "ABSENCE_WITH_HEAD",
        "负责人已出庭，不应填写未出庭理由",
        "The head attended, so there is no absence to explain",
    )
    LAWYER_ONLY_WITH_HEAD = (
        "LAWYER_ONLY_WITH_HEAD",
        "负责人已出庭，不属于“仅委托律师”",
        "The head attended, so not lawyers alone",
    )
    LAWYER_ONLY_WITHOUT_AGENTS = (
        "LAWYER_ONLY_WITHOUT_AGENTS",
        "“仅委托律师”至少有一名代理人",
        "Lawyers alone means at least one agent",
    )
    NOBODY_ATTENDED = "NOBODY_ATTENDED", "无人出庭，不存在中途退庭", "Nobody attended, so nobody left early"


class JudgmentRecordRefusal(Labelled):
    """登记裁判的错误: why the act "record a judgment" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    CASE_CLOSED = common.CASE_CLOSED
    ALREADY_RECORDED = "ALREADY_RECORDED", "该裁判已登记", "The judgment is recorded already"
    OUTCOME_NOT_POSSIBLE = common.OUTCOME_NOT_POSSIBLE
    LOST_CONTRADICTS_OUTCOME = common.LOST_CONTRADICTS_OUTCOME
    LOST_REQUIRED = common.LOST_REQUIRED
    LOSS_REASON_WITHOUT_LOSS = common.LOSS_REASON_WITHOUT_LOSS
    IN_FUTURE = common.IN_FUTURE
    BEFORE_FILING = common.BEFORE_FILING
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class JudgmentServeRefusal(Labelled):
    """登记裁判送达的错误: why the act "record the service of a judgment" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ALREADY_SERVED = "ALREADY_SERVED", "该机关的送达已登记", "The service on this agency is recorded already"
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class HoldingRecordRefusal(Labelled):
    """登记对该机关的裁判结果的错误: why the act "record the holding on one agency" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    OUTCOME_NOT_POSSIBLE = common.OUTCOME_NOT_POSSIBLE
    LOST_CONTRADICTS_OUTCOME = common.LOST_CONTRADICTS_OUTCOME
    LOST_REQUIRED = common.LOST_REQUIRED
    LOSS_REASON_WITHOUT_LOSS = common.LOSS_REASON_WITHOUT_LOSS


class JudgmentBecomeEffectiveRefusal(Labelled):
    """登记裁判生效的错误: why the act "record that a judgment took effect" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ALREADY_EFFECTIVE = "ALREADY_EFFECTIVE", "裁判已生效", "The judgment is in effect already"
    APPEAL_TERM_RUNNING = (
        "APPEAL_TERM_RUNNING",
        "上诉期届满之前裁判不能生效",
        "A judgment takes no effect before the term of appeal has ended",
    )
    UNDER_APPEAL = "UNDER_APPEAL", "案件已上诉，二审尚未审结", "The case is appealed, and the appeal is open"
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
