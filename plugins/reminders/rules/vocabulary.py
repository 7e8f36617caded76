"""词表: the closed code lists of the supervision (督办)."""

from __future__ import annotations

from core.sdk.rules import Labelled, ObligationKind

__all__ = [
    "ActorKind",
    "CancelReason",
    "EvidenceKind",
    "ObligationKind",
    "ObligationState",
    "ReportState",
    "ReportTransition",
    "StepRefusal",
    "TimerKind",
    "Transition",
]


class ObligationState(Labelled):
    """督办义务的状态. Reminders and a change of date are events, not states; being late or missed is kept beside the state."""

    RECEIVED = "RECEIVED", "已收文", "document received; runs unverified"
    TRACKING = "TRACKING", "督办中", "due date verified by the bureau"
    SUSPENDED = "SUSPENDED", "已中止", "suspended"
    ACTED = "ACTED", "已办理", "done, feedback awaited"
    FEEDBACK_OVERDUE = "FEEDBACK_OVERDUE", "逾期未反馈", "feedback overdue"
    FEEDBACK_FILED = "FEEDBACK_FILED", "已反馈", "feedback filed"
    RETURNED = "RETURNED", "反馈退回", "feedback returned"
    VERIFIED = "VERIFIED", "已核实", "verified by the bureau"
    CLOSED = "CLOSED", "已办结", "closed"
    MISSED = "MISSED", "逾期未办", "missed"
    REMEDY_OPEN = "REMEDY_OPEN", "补救中", "remedy plan being made"
    REMEDY_FILED = "REMEDY_FILED", "已报补救方案", "remedy plan filed"
    REMEDIED = "REMEDIED", "已补救", "remedied"
    ESCALATED = "ESCALATED", "已升级处置", "escalated"
    CLOSED_LATE = "CLOSED_LATE", "逾期办结", "closed late"
    VOID = "VOID", "已撤销", "void"

    @property
    def is_final(self) -> bool:
        """Whether nothing happens any more."""
        return self in (ObligationState.CLOSED, ObligationState.CLOSED_LATE, ObligationState.VOID)

    @property
    def is_running(self) -> bool:
        """Whether the due date still lies ahead, or is about to pass: it is reminded, and can be missed."""
        return self in (ObligationState.RECEIVED, ObligationState.TRACKING)


class ReportState(Labelled):
    """报备的状态."""

    RECEIVED = "RECEIVED", "待报备", "to be reported"
    REPORTED = "REPORTED", "已报备", "reported in time"
    REPORTED_LATE = "REPORTED_LATE", "逾期报备", "reported late"
    REPORT_OVERDUE = "REPORT_OVERDUE", "逾期未报备", "report overdue"
    ACCEPTED = "ACCEPTED", "已受理", "accepted by the bureau"
    RETURNED = "RETURNED", "已退回", "returned by the bureau"


class ReportTransition(Labelled):
    """报备的流转."""

    RECEIVE = "RECEIVE", "收文登记", "the document is registered"
    SUBMIT = "SUBMIT", "提交报备", "submit the report"
    LAPSE = "LAPSE", "报备逾期", "the term for reporting passes"
    NAG = "NAG", "催报", "ask for the report again"
    TELL_BUREAU = "TELL_BUREAU", "报司法局", "tell the bureau that it is overdue"
    ACCEPT = "ACCEPT", "受理报备", "accept the report"
    RETURN = "RETURN", "退回报备", "return the report"


class Transition(Labelled):
    """督办义务的流转."""

    BEAR = "BEAR", "立项", "the obligation is born"
    TRACK = "TRACK", "核定期限", "the bureau verifies the due date"
    REMIND = "REMIND", "提醒", "remind"
    CONFIRM_REMINDER = "CONFIRM_REMINDER", "确认提醒送达", "confirm that a reminder arrived"
    PHONE_TASK = "PHONE_TASK", "电话提醒任务", "task to telephone: the last reminder is unread"
    ACT = "ACT", "办理", "record the answer, the appearance or the performance"
    FILE_FEEDBACK = "FILE_FEEDBACK", "反馈", "file the feedback"
    FEEDBACK_LAPSE = "FEEDBACK_LAPSE", "反馈逾期", "the term for feedback passes"
    VERIFICATION_LAPSE = "VERIFICATION_LAPSE", "核实逾期", "the bureau's term for verifying passes"
    RETURN_FEEDBACK = "RETURN_FEEDBACK", "退回反馈", "return the feedback"
    VERIFY = "VERIFY", "核实", "verify the feedback"
    CLOSE = "CLOSE", "办结", "close"
    MISS = "MISS", "逾期", "the due date passes without the act"
    OPEN_REMEDY = "OPEN_REMEDY", "启动补救", "begin the remedy plan"
    FILE_REMEDY = "FILE_REMEDY", "报送补救方案", "file the remedy plan"
    APPROVE_REMEDY = "APPROVE_REMEDY", "批准补救方案", "approve the remedy plan"
    REFUSE_REMEDY = "REFUSE_REMEDY", "退回补救方案", "refuse the remedy plan"
    REMEDY_LAPSE = "REMEDY_LAPSE", "补救方案逾期", "the term for the remedy plan passes"
    PLAN_LAPSE = "PLAN_LAPSE", "补救逾期", "the plan's own date passes"
    CONFIRM_REMEDY = "CONFIRM_REMEDY", "确认补救完成", "confirm that the remedy is done"
    CLOSE_LATE = "CLOSE_LATE", "逾期办结", "close late"
    ESCALATE = "ESCALATE", "升级处置", "escalate"
    RESCHEDULE = "RESCHEDULE", "改期", "the court changes the date"
    SUSPEND = "SUSPEND", "中止", "suspend"
    RESUME = "RESUME", "恢复", "resume"
    VOID = "VOID", "撤销", "make void"


class TimerKind(Labelled):
    """计时种类: what happens by itself when its instant comes."""

    REPORT_OVERDUE = "REPORT_OVERDUE", "报备到期", "report overdue"
    REPORT_NAG = "REPORT_NAG", "催报", "daily word to the agency"
    REPORT_TO_BUREAU = "REPORT_TO_BUREAU", "逾期报司法局", "word to the bureau"
    REMIND = "REMIND", "提醒", "reminder"
    REMIND_REST_DAY = "REMIND_REST_DAY", "休息日提醒", "second reminder on the rest day itself"
    PHONE_TASK = "PHONE_TASK", "电话提醒", "task to telephone"
    MISS = "MISS", "到期", "missed"
    FEEDBACK_OVERDUE = "FEEDBACK_OVERDUE", "反馈到期", "feedback overdue"
    VERIFICATION_OVERDUE = "VERIFICATION_OVERDUE", "核实到期", "verification overdue"
    RESUBMISSION_OVERDUE = "RESUBMISSION_OVERDUE", "补正到期", "returned feedback overdue"
    REMEDY_OVERDUE = "REMEDY_OVERDUE", "补救方案到期", "remedy plan overdue"
    PLAN_OVERDUE = "PLAN_OVERDUE", "补救到期", "the plan's own date has passed"


class ActorKind(Labelled):
    """经办主体: who does it, as the mechanism knows people; the plugin's permissions map roles to them."""

    SYSTEM = "SYSTEM", "系统", "the platform"
    FEED = "FEED", "法院网上送达", "the court's electronic service"
    LIAISON = "LIAISON", "机关联络员", "agency liaison officer"
    LEGAL = "LEGAL", "机关法制机构", "agency legal office"
    CHIEF = "CHIEF", "机关主要负责人", "chief of the agency"
    BUREAU = "BUREAU", "司法局专人", "officer of the bureau"


class EvidenceKind(Labelled):
    """留痕材料: what is kept with a transition."""

    CASE_RECORD = "CASE_RECORD", "案件登记记录", "the row of the case register that states it"
    SCAN = "SCAN", "文书扫描件", "scan of the document"
    SERVICE_RETURN = "SERVICE_RETURN", "送达回证", "proof of service"
    REPORT_FORM = "REPORT_FORM", "报备表", "report form"
    CALCULATION = "CALCULATION", "期限计算过程", "calculation trace"
    MESSAGE = "MESSAGE", "消息记录", "message and channel"
    OFFICER_NOTE = "OFFICER_NOTE", "专人备注", "officer's note"
    COURT_RECEIPT = "COURT_RECEIPT", "法院收件回执", "court receipt"
    HEARING_RECORD = "HEARING_RECORD", "庭审记录", "hearing record"
    PERFORMANCE_PROOF = "PERFORMANCE_PROOF", "履行情况证明", "proof of performance"
    REPLY = "REPLY", "回复函", "letter of reply"
    LOSS_REPORT = "LOSS_REPORT", "败诉分析报告", "analysis of the loss"
    FEEDBACK_FORM = "FEEDBACK_FORM", "反馈表", "feedback form"
    ATTENDANCE = "ATTENDANCE", "出庭情况", "who attended, and whether the head spoke; or the excuse"
    VERIFICATION = "VERIFICATION", "核实结果", "result of verifying"
    MISS_RECORD = "MISS_RECORD", "逾期记录", "miss record"
    REMEDY_PLAN = "REMEDY_PLAN", "补救方案", "remedy plan"
    CHIEF_SIGNATURE = "CHIEF_SIGNATURE", "主要负责人签批", "signature of the chief"
    REMEDY_PROOF = "REMEDY_PROOF", "补救完成证明", "proof that the remedy is done"
    LETTER = "LETTER", "督办函件", "letter of the ladder"
    NEW_DATE_PAPER = "NEW_DATE_PAPER", "改期文书", "new summons or leave to extend"
    RULING = "RULING", "裁定", "ruling"


class CancelReason(Labelled):
    """撤销计时的理由."""

    RESCHEDULED = "RESCHEDULED", "改期", "rescheduled"
    SUSPENDED = "SUSPENDED", "中止", "suspended"
    VOIDED = "VOIDED", "撤销", "made void"
    ACTED = "ACTED", "已办理", "done"
    PASSED = "PASSED", "期限已过", "its day had passed"
    CONFIRMED = "CONFIRMED", "已确认送达", "reminder confirmed"
    READ = "READ", "已读", "reminder read"
    FEEDBACK_FILED = "FEEDBACK_FILED", "已反馈", "feedback filed"
    VERIFIED = "VERIFIED", "已核实", "feedback verified or returned"
    REMEDY_FILED = "REMEDY_FILED", "已报补救方案", "remedy plan filed"
    REMEDY_RENEWED = "REMEDY_RENEWED", "补救方案重报", "remedy plan to be made anew"
    CLOSED = "CLOSED", "已办结", "closed"
    REPORTED = "REPORTED", "已报备", "reported"
    MISSED_WHILE_DISABLED = "MISSED_WHILE_DISABLED", "停用期间已过", "passed while the plugin was disabled"


class StepRefusal(Labelled):
    """不能流转的理由."""

    NOT_IN_STATE = "NOT_IN_STATE", "当前状态不允许该操作", "not possible in the present state"
    NOT_BY_ACTOR = "NOT_BY_ACTOR", "该主体不能进行此操作", "not for this actor to do"
    EVIDENCE_MISSING = "EVIDENCE_MISSING", "缺少必需的材料", "a required piece of evidence is missing"
    REASON_MISSING = "REASON_MISSING", "须说明理由", "a reason must be given"
    DATE_MISSING = "DATE_MISSING", "须填写日期", "a date must be given"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE", "日期不可能", "a date that cannot be"
    NOT_YET = "NOT_YET", "期限尚未届满", "the term has not passed"
    ALREADY_DONE = "ALREADY_DONE", "已经办理", "already done"
    PLAN_NOT_APPROVED = "PLAN_NOT_APPROVED", "补救方案尚未批准", "the remedy plan is not approved"
    FEEDBACK_MISSING = "FEEDBACK_MISSING", "尚未反馈", "feedback has not been filed"
