"""The lists of the case graph: what drives each, how it is sorted and filtered."""

from __future__ import annotations

from core.cases.outcomes import Outcome
from core.cases.states import CaseStatus, ObligationStatus, PeriodKind, PeriodStatus, SuggestionStatus
from core.cases.tables import Appearance, Document, Holding, Note, Obligation, Party, Period, Response, Suggestion
from core.cases.vocabulary import Direction, DocType, ObligationKind, PartySide, ProcedureKind, SuggestionKind
from schema.declared.lists import Filter, ListSource, Order
from schema.declared.values import Attribute
from schema.describe import Doc

AGENCY = Doc("应诉机关", "respondent agency")


def newest_first(name: str, attribute: Attribute, zh: str, en: str) -> tuple[Order, Order]:
    """The two orders of a list by a day: newest first (the default), and oldest first."""
    return (
        Order(f"{name}_DESC", attribute, descending=True, doc=Doc(f"{zh}，新的在前", f"{en}, newest first")),
        Order(f"{name}_ASC", attribute, descending=False, doc=Doc(f"{zh}，旧的在前", f"{en}, oldest first")),
    )


def soonest_first(name: str, attribute: Attribute, zh: str, en: str) -> tuple[Order, Order]:
    """The two orders of a list of deadlines: soonest first (the default), and latest first."""
    descending, ascending = newest_first(name, attribute, zh, en)
    return ascending, descending


CASES = ListSource(
    "Case",
    "Case",
    Response,
    orders=(
        *newest_first("FILED_ON", Response.filed_on, "立案日期", "day of filing"),
        *newest_first("CLOSED_ON", Response.closed_on, "结案日期", "day of closing"),
        *newest_first("RECEIVED_ON", Response.received_on, "收到日期", "day of receipt"),
    ),
    filters=(
        Filter("status", Response.status, Doc("状态", "status"), enum=CaseStatus),
        Filter("procedure_kind", Response.procedure_kind, Doc("程序", "procedure"), enum=ProcedureKind),
        Filter("agency", Response.agency_id, AGENCY, ref="Agency"),
        Filter("court", Response.court_code, Doc("法院", "court"), ref="Court"),
        Filter("cause", Response.cause_code, Doc("案由", "cause"), ref="Cause"),
        Filter("tenant", Response.code, Doc("租户", "tenant", "恰为此租户，不含下级"), ref="Tenant"),
        Filter("filed_on", Response.filed_on, Doc("立案日期", "day of filing")),
        Filter("closed_on", Response.closed_on, Doc("结案日期", "day of closing")),
        Filter("received_on", Response.received_on, Doc("收到日期", "day of receipt")),
        Filter("outcome", Response.outcome, Doc("对本机关的结果", "outcome for the agency"), enum=Outcome),
        Filter("lost", Response.lost, Doc("是否败诉", "lost")),
    ),
    key=Response.case_id,
    once=Response.ordinal,
)
HEARINGS = ListSource(
    "Hearing",
    "Hearing",
    Appearance,
    orders=newest_first("HELD_ON", Appearance.held_on, "开庭日期", "day of the hearing"),
    filters=(
        Filter("held_on", Appearance.held_on, Doc("开庭日期", "day of the hearing")),
        Filter("agency", Appearance.agency_id, AGENCY, ref="Agency"),
        Filter("head_attended", Appearance.head_attended, Doc("负责人是否出庭", "head attended")),
    ),
    key=Appearance.hearing_id,
    once=Appearance.ordinal,
)
JUDGMENTS = ListSource(
    "Judgment",
    "Judgment",
    Holding,
    orders=newest_first("DECIDED_ON", Holding.decided_on, "裁判日期", "day of the decision"),
    filters=(
        Filter("decided_on", Holding.decided_on, Doc("裁判日期", "day of the decision")),
        Filter("agency", Holding.agency_id, AGENCY, ref="Agency"),
        Filter("outcome", Holding.outcome, Doc("对本机关的结果", "outcome for the agency"), enum=Outcome),
        Filter("lost", Holding.lost, Doc("是否败诉", "lost")),
    ),
    key=Holding.judgment_id,
    once=Holding.ordinal,
)
DOCUMENTS = ListSource(
    "Document",
    "Document",
    Document,
    orders=newest_first("RECEIVED_ON", Document.received_on, "收发日期", "day of receipt"),
    filters=(
        Filter("doc_type", Document.doc_type, Doc("文书种类", "document type"), enum=DocType),
        Filter("direction", Document.direction, Doc("收发", "direction"), enum=Direction),
        Filter("received_on", Document.received_on, Doc("收发日期", "day of receipt")),
        Filter("agency", Document.agency_id, AGENCY, ref="Agency"),
    ),
)
PERIODS = ListSource(
    "Period",
    "Period",
    Period,
    orders=soonest_first("DUE_ON", Period.due_on, "届满日期", "due day"),
    filters=(
        Filter("kind", Period.kind, Doc("期限种类", "kind"), enum=PeriodKind),
        Filter("status", Period.status, Doc("状态", "status"), enum=PeriodStatus),
        Filter("due_on", Period.due_on, Doc("届满日期", "due day")),
        Filter("agency", Period.agency_id, AGENCY, ref="Agency"),
        Filter("provisional", Period.provisional, Doc("是否暂定", "provisional")),
    ),
)
OBLIGATIONS = ListSource(
    "Obligation",
    "Obligation",
    Obligation,
    orders=soonest_first("DUE_ON", Obligation.due_on, "应履行日期", "due day"),
    filters=(
        Filter("kind", Obligation.kind, Doc("义务种类", "kind"), enum=ObligationKind),
        Filter("status", Obligation.status, Doc("状态", "status"), enum=ObligationStatus),
        Filter("due_on", Obligation.due_on, Doc("应履行日期", "due day")),
        Filter("agency", Obligation.agency_id, AGENCY, ref="Agency"),
    ),
)
SUGGESTIONS = ListSource(
    "Suggestion",
    "Suggestion",
    Suggestion,
    orders=newest_first("RECEIVED_ON", Suggestion.received_on, "收到日期", "day of receipt"),
    filters=(
        Filter("kind", Suggestion.kind, Doc("建议种类", "kind"), enum=SuggestionKind),
        Filter("status", Suggestion.status, Doc("状态", "status"), enum=SuggestionStatus),
        Filter("reply_due_on", Suggestion.reply_due_on, Doc("回复期限", "reply due day")),
        Filter("agency", Suggestion.agency_id, AGENCY, ref="Agency"),
    ),
)
PARTIES = ListSource(
    "Party",
    "Party",
    Party,
    orders=(Order("ORDINAL_ASC", Party.ordinal, descending=False, doc=Doc("按顺序", "in order")),),
    filters=(Filter("side", Party.side, Doc("诉讼地位", "side"), enum=PartySide),),
)
NOTES = ListSource(
    "Note",
    "Note",
    Note,
    orders=newest_first("WRITTEN_AT", Note.written_at, "填写时间", "time of writing"),
)
