"""`caseChanged`: what happened to the cases that the viewer sees."""

from __future__ import annotations

from core.cases import events
from core.cases.graphql.due import PERIOD_DUE
from core.labels import Labelled
from schema.describe import Doc
from schema.subscription import EventNode, SubscriptionField


class CaseEventKind(Labelled):
    """案件事件: what happened to a case."""

    CASE_REGISTERED = "CASE_REGISTERED", "案件已登记", "case registered"
    RESPONSE_ATTACHED = "RESPONSE_ATTACHED", "共同被告应诉已登记", "response attached"
    CASE_CLOSED = "CASE_CLOSED", "案件已结", "case closed"
    CASE_REOPENED = "CASE_REOPENED", "结案已撤销", "case reopened"
    CASE_CORRECTED = "CASE_CORRECTED", "案件信息已更正", "case corrected"
    CASES_LINKED = "CASES_LINKED", "案件已关联", "cases linked"
    CASE_GRANTED = "CASE_GRANTED", "案件已授权", "case granted"
    CASE_GRANT_ENDED = "CASE_GRANT_ENDED", "案件授权已终止", "case grant ended"
    PARTY_ADDED = "PARTY_ADDED", "当事人已添加", "party added"
    PARTY_CORRECTED = "PARTY_CORRECTED", "当事人已更正", "party corrected"
    DOCUMENT_REGISTERED = "DOCUMENT_REGISTERED", "文书已登记", "document registered"
    DOCUMENT_FILE_ATTACHED = "DOCUMENT_FILE_ATTACHED", "文书已添加文件", "file attached to a document"
    HEARING_SCHEDULED = "HEARING_SCHEDULED", "已排期", "hearing scheduled"
    HEARING_RESCHEDULED = "HEARING_RESCHEDULED", "已改期", "hearing rescheduled"
    HEARING_CANCELLED = "HEARING_CANCELLED", "开庭已取消", "hearing cancelled"
    HEARING_HELD = "HEARING_HELD", "已开庭", "hearing held"
    APPEARANCE_RECORDED = "APPEARANCE_RECORDED", "出庭情况已登记", "appearance recorded"
    JUDGMENT_RECORDED = "JUDGMENT_RECORDED", "裁判已登记", "judgment recorded"
    JUDGMENT_SERVED = "JUDGMENT_SERVED", "裁判已送达", "judgment served"
    JUDGMENT_EFFECTIVE = "JUDGMENT_EFFECTIVE", "裁判已生效", "judgment effective"
    HOLDING_RECORDED = "HOLDING_RECORDED", "对本机关的裁判结果已登记", "holding recorded"
    OBLIGATION_RECORDED = "OBLIGATION_RECORDED", "履行义务已登记", "obligation recorded"
    OBLIGATION_FULFILLED = "OBLIGATION_FULFILLED", "义务已履行", "obligation fulfilled"
    OBLIGATION_VOIDED = "OBLIGATION_VOIDED", "义务已作废", "obligation voided"
    PERIOD_OPENED = "PERIOD_OPENED", "期限已起算", "period opened"
    PERIOD_CHANGED = "PERIOD_CHANGED", "期限已变更", "period changed"
    PERIOD_MET = "PERIOD_MET", "期限已完成", "period met"
    SUGGESTION_RECORDED = "SUGGESTION_RECORDED", "建议已登记", "suggestion recorded"
    SUGGESTION_REPLIED = "SUGGESTION_REPLIED", "建议已回复", "suggestion replied to"
    NOTE_WRITTEN = "NOTE_WRITTEN", "内部备注已填写", "internal note written"


_KIND = CaseEventKind
TOLD: dict[type[events.CaseEvent], tuple[CaseEventKind, str]] = {
    events.CaseRegistered: (_KIND.CASE_REGISTERED, "cases.read"),
    events.ResponseAttached: (_KIND.RESPONSE_ATTACHED, "cases.read"),
    events.CaseClosed: (_KIND.CASE_CLOSED, "cases.read"),
    events.CaseReopened: (_KIND.CASE_REOPENED, "cases.read"),
    events.CaseCorrected: (_KIND.CASE_CORRECTED, "cases.read"),
    events.CasesLinked: (_KIND.CASES_LINKED, "cases.read"),
    events.CaseGranted: (_KIND.CASE_GRANTED, "cases.read"),
    events.CaseGrantEnded: (_KIND.CASE_GRANT_ENDED, "cases.read"),
    events.PartyAdded: (_KIND.PARTY_ADDED, "parties.read"),
    events.PartyCorrected: (_KIND.PARTY_CORRECTED, "parties.read"),
    events.DocumentRegistered: (_KIND.DOCUMENT_REGISTERED, "documents.read"),
    events.DocumentFileAttached: (_KIND.DOCUMENT_FILE_ATTACHED, "documents.read"),
    events.HearingScheduled: (_KIND.HEARING_SCHEDULED, "hearings.read"),
    events.HearingRescheduled: (_KIND.HEARING_RESCHEDULED, "hearings.read"),
    events.HearingCancelled: (_KIND.HEARING_CANCELLED, "hearings.read"),
    events.HearingHeld: (_KIND.HEARING_HELD, "hearings.read"),
    events.AppearanceRecorded: (_KIND.APPEARANCE_RECORDED, "appearances.read"),
    events.JudgmentRecorded: (_KIND.JUDGMENT_RECORDED, "judgments.read"),
    events.JudgmentServed: (_KIND.JUDGMENT_SERVED, "judgments.read"),
    events.JudgmentEffective: (_KIND.JUDGMENT_EFFECTIVE, "judgments.read"),
    events.HoldingRecorded: (_KIND.HOLDING_RECORDED, "judgments.read"),
    events.ObligationRecorded: (_KIND.OBLIGATION_RECORDED, "obligations.read"),
    events.ObligationFulfilled: (_KIND.OBLIGATION_FULFILLED, "obligations.read"),
    events.ObligationVoided: (_KIND.OBLIGATION_VOIDED, "obligations.read"),
    events.PeriodOpened: (_KIND.PERIOD_OPENED, "periods.read"),
    events.PeriodChanged: (_KIND.PERIOD_CHANGED, "periods.read"),
    events.PeriodMet: (_KIND.PERIOD_MET, "periods.read"),
    events.SuggestionRecorded: (_KIND.SUGGESTION_RECORDED, "suggestions.read"),
    events.SuggestionReplied: (_KIND.SUGGESTION_REPLIED, "suggestions.read"),
    events.NoteWritten: (_KIND.NOTE_WRITTEN, "internal_notes.read"),
}
"""Every event of the case graph but PartyRevealed, which is the auditor's matter, with the permission to learn of it."""

CASE_CHANGED = SubscriptionField(
    Doc("案件变更", "case changed", "本人可见的案件及其开庭、文书、期限等发生的事"),
    type_name="CaseChange",
    type_doc=Doc("案件事件", "case change", "一个案件发生的一件事"),
    kinds=CaseEventKind,
    events={event.__name__: kind for event, (kind, _) in TOLD.items()},
    needs={event.__name__: permission for event, (_, permission) in TOLD.items()},
    node=EventNode("case", "Case", Doc("案件", "case", "按订阅者送达时的可见范围读取"), key="case_id"),
    permission="cases.read",
)

SUBSCRIPTIONS = {"case_changed": CASE_CHANGED, "period_due": PERIOD_DUE}
