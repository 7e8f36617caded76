"""Types of the response level: one agency's part in one case."""

from __future__ import annotations

from typing import Any

from core.cases import tables
from core.cases.graphql import sources
from core.cases.outcomes import Outcome
from core.cases.states import ObligationStatus, PeriodKind, PeriodStatus, ResponseRole, SuggestionStatus
from core.cases.vocabulary import Direction, DocType, HeadKind, ObligationKind, SuggestionKind
from core.tenancy.tables import Tenant
from schema.declare import column, connection, expression, node, to_many, to_one
from schema.declared.values import Scalar
from schema.describe import Doc

VERSION = Doc("版本", "version", "修改时用于并发检查")


def case_of(table: Any) -> Any:
    """The case that a response-level row belongs to."""
    return to_one("Case", Doc("案件", "case"), via=table.case_id)


def response_of(table: Any) -> Any:
    """The response that a row hangs on."""
    return to_one("Response", Doc("应诉", "response"), via=table.response_id)


def agency_of(table: Any) -> Any:
    """The agency that a row belongs to."""
    return to_one("Agency", Doc("应诉机关", "respondent agency"), via=table.agency_id)


@node(tables.Response, Doc("应诉", "response", "一个被诉机关在一个案件中的应诉，即一件次"))
class Response:
    """The unit of every statistic."""

    role = column(tables.Response.role, Doc("应诉身份", "role"), enum=ResponseRole)
    received_on = column(tables.Response.received_on, Doc("收到日期", "day of receipt"))
    answer_due_on = column(tables.Response.answer_due_on, Doc("答辩期限", "answer due", law="行政诉讼法 67"))
    answered_on = column(tables.Response.answered_on, Doc("答辩日期", "answered on"))
    outcome = column(tables.Response.outcome, Doc("对本机关的结果", "outcome for the agency"), enum=Outcome)
    lost = column(tables.Response.lost, Doc("是否败诉", "lost", "未裁判时为空"))
    registered_at = column(tables.Response.registered_at, Doc("登记时间", "registered at"))
    version = column(tables.Response.version, VERSION)
    case = case_of(tables.Response)
    agency = agency_of(tables.Response)
    tenant = to_one("Tenant", Doc("所属租户", "tenant"), via=tables.Response.code, key=Tenant.code)
    documents = connection(
        sources.DOCUMENTS,
        Doc("文书", "documents"),
        where={tables.Document.response_id: tables.Response.id},
        permission="documents.read",
    )
    periods = connection(
        sources.PERIODS,
        Doc("期限", "periods"),
        where={tables.Period.response_id: tables.Response.id},
        permission="periods.read",
    )
    obligations = connection(
        sources.OBLIGATIONS,
        Doc("义务", "obligations"),
        where={tables.Obligation.response_id: tables.Response.id},
        permission="obligations.read",
    )
    notes = connection(
        sources.NOTES,
        Doc("内部意见", "internal notes"),
        where={tables.Note.response_id: tables.Response.id},
        permission="internal_notes.read",
    )


@node(tables.Document, Doc("文书", "document"))
class Document:
    """A document received or sent."""

    doc_type = column(tables.Document.doc_type, Doc("文书种类", "document type"), enum=DocType)
    title = column(tables.Document.title, Doc("标题", "title"))
    number = column(tables.Document.number_text, Doc("文号", "number"))
    direction = column(tables.Document.direction, Doc("收发", "direction"), enum=Direction)
    dated_on = column(tables.Document.dated_on, Doc("落款日期", "dated on"))
    received_on = column(
        tables.Document.received_on,
        Doc("收发日期", "received or sent on", "送达日期，与登记时间分开", law="民事诉讼法 87"),
    )
    registered_at = column(tables.Document.registered_at, Doc("登记时间", "registered at"))
    pages = column(tables.Document.pages, Doc("页数", "pages"))
    file_name = column(tables.Document.file_name, Doc("文件名", "file name"))
    internal = column(tables.Document.internal, Doc("是否内部文书", "internal", "不向法院和调解员开放"))
    file = to_one("File", Doc("文件", "file"), via=tables.Document.file_id)
    case = case_of(tables.Document)
    response = response_of(tables.Document)
    agency = agency_of(tables.Document)


@node(tables.PeriodCalculation, Doc("期限计算", "calculation of a period"))
class PeriodCalculation:
    """Why a period ends on its day."""

    input = column(tables.PeriodCalculation.input, Doc("计算输入", "input"))
    trace = column(tables.PeriodCalculation.trace, Doc("计算过程", "trace", "每步的规则、条文与日期"))
    calendar_versions = column(tables.PeriodCalculation.calendar_versions, Doc("日历版本", "calendar versions"))


@node(tables.Period, Doc("期限", "period"))
class Period:
    """A term that runs."""

    kind = column(tables.Period.kind, Doc("期限种类", "kind"), enum=PeriodKind)
    starts_on = column(tables.Period.starts_on, Doc("起算日", "starts on", "当日不计入", law="民事诉讼法 85"))
    due_on = column(tables.Period.due_on, Doc("届满日", "due on"))
    earliest_due_on = column(
        tables.Period.earliest_due_on, Doc("最早可能的届满日", "earliest due day", "日历暂定时用于提醒")
    )
    provisional = column(tables.Period.provisional, Doc("是否暂定", "provisional", "所涉年份的放假安排尚未公布"))
    status = column(tables.Period.status, Doc("状态", "status"), enum=PeriodStatus)
    met_on = column(tables.Period.met_on, Doc("完成日期", "met on"))
    posted_on = column(tables.Period.posted_on, Doc("交邮日期", "posted on", law="民事诉讼法 85(4)"))
    late = expression(
        lambda alias: f"coalesce({alias}.posted_on, {alias}.met_on) > {alias}.due_on",
        Doc("是否逾期完成", "met late"),
        Scalar.BOOLEAN,
    )
    version = column(tables.Period.version, VERSION)
    calculation = to_one("PeriodCalculation", Doc("期限计算", "calculation"), via=tables.Period.calculation_id)
    source_document = to_one("Document", Doc("来源文书", "source document"), via=tables.Period.source_document_id)
    changes = to_many(
        "PeriodChange",
        Doc("期限变更", "changes"),
        via=tables.PeriodChange.period_id,
        order=[(tables.PeriodChange.changed_at, False)],
    )
    case = case_of(tables.Period)
    response = response_of(tables.Period)
    agency = agency_of(tables.Period)


@node(tables.PeriodChange, Doc("期限变更", "change of a period"))
class PeriodChange:
    """Why a due day moved."""

    cause = column(tables.PeriodChange.cause, Doc("原因", "cause"))
    former_due_on = column(tables.PeriodChange.former_due_on, Doc("原届满日", "former due day"))
    new_due_on = column(tables.PeriodChange.new_due_on, Doc("新届满日", "new due day"))
    reason = column(tables.PeriodChange.reason, Doc("理由", "reason"))
    changed_at = column(tables.PeriodChange.changed_at, Doc("变更时间", "changed at"))


@node(tables.Appearance, Doc("出庭情况", "appearance", "空值表示未填报，不计入任何比率"))
class Appearance:
    """The agency's side of a hearing."""

    head_attended = column(tables.Appearance.head_attended, Doc("负责人是否出庭", "head attended"))
    head_name = column(tables.Appearance.head_name, Doc("负责人姓名", "head's name"))
    head_title = column(tables.Appearance.head_title, Doc("负责人职务", "head's post"))
    head_kind = column(
        tables.Appearance.head_kind, Doc("负责人类别", "kind of head", law="法释〔2020〕3号 第二条"), enum=HeadKind
    )
    head_spoke = column(tables.Appearance.head_spoke, Doc("是否出声", "head spoke"))
    absence_reason = column(tables.Appearance.absence_reason, Doc("未出庭理由", "reason of absence"))
    agents = column(tables.Appearance.agents, Doc("代理人数", "number of agents"))
    lawyer_only = column(tables.Appearance.lawyer_only, Doc("是否仅律师出庭", "lawyer only"))
    left_early = column(tables.Appearance.left_early, Doc("是否中途退庭", "left early"))
    version = column(tables.Appearance.version, VERSION)
    hearing = to_one("Hearing", Doc("庭审", "hearing"), via=tables.Appearance.hearing_id)
    response = response_of(tables.Appearance)
    agency = agency_of(tables.Appearance)


@node(tables.Holding, Doc("对一个机关的裁判结果", "holding", law="行政诉讼法 79"))
class Holding:
    """How a judgment went for one agency."""

    outcome = column(tables.Holding.outcome, Doc("结果", "outcome"), enum=Outcome)
    lost = column(tables.Holding.lost, Doc("是否败诉", "lost"))
    loss_reason = column(tables.Holding.loss_reason, Doc("败诉原因", "reason of the loss"))
    amount_yuan = column(tables.Holding.amount_yuan, Doc("金额（元）", "amount in yuan"))
    version = column(tables.Holding.version, VERSION)
    judgment = to_one("Judgment", Doc("裁判", "judgment"), via=tables.Holding.judgment_id)
    response = response_of(tables.Holding)
    agency = agency_of(tables.Holding)


@node(tables.Obligation, Doc("义务", "obligation"))
class Obligation:
    """What the agency must do by a day."""

    kind = column(tables.Obligation.kind, Doc("义务种类", "kind"), enum=ObligationKind)
    content = column(tables.Obligation.content, Doc("内容", "content"))
    due_on = column(tables.Obligation.due_on, Doc("应履行日期", "due on"))
    status = column(tables.Obligation.status, Doc("状态", "status"), enum=ObligationStatus)
    fulfilled_on = column(tables.Obligation.fulfilled_on, Doc("履行日期", "fulfilled on"))
    version = column(tables.Obligation.version, VERSION)
    judgment = to_one("Judgment", Doc("裁判", "judgment"), via=tables.Obligation.judgment_id)
    period = to_one("Period", Doc("期限", "period"), via=tables.Obligation.period_id)
    case = case_of(tables.Obligation)
    response = response_of(tables.Obligation)
    agency = agency_of(tables.Obligation)


@node(tables.Suggestion, Doc("建议", "suggestion", "司法建议、检察建议、行政复议意见书"))
class Suggestion:
    """A suggestion to an agency."""

    kind = column(tables.Suggestion.kind, Doc("种类", "kind"), enum=SuggestionKind)
    number = column(tables.Suggestion.number_text, Doc("文号", "number"))
    issued_by = column(tables.Suggestion.issued_by, Doc("发出单位", "issued by"))
    subject = column(tables.Suggestion.subject, Doc("事由", "subject"))
    received_on = column(tables.Suggestion.received_on, Doc("收到日期", "received on"))
    reply_due_on = column(tables.Suggestion.reply_due_on, Doc("回复期限", "reply due on"))
    replied_on = column(tables.Suggestion.replied_on, Doc("回复日期", "replied on"))
    status = column(tables.Suggestion.status, Doc("状态", "status"), enum=SuggestionStatus)
    version = column(tables.Suggestion.version, VERSION)
    calculation = to_one("PeriodCalculation", Doc("期限计算", "calculation"), via=tables.Suggestion.calculation_id)
    case = case_of(tables.Suggestion)
    response = response_of(tables.Suggestion)
    agency = agency_of(tables.Suggestion)


@node(tables.Note, Doc("内部意见", "internal note", "共同被告与法院不可见"))
class Note:
    """An agency's internal note."""

    body = column(tables.Note.body, Doc("内容", "body"))
    written_by = column(tables.Note.written_by, Doc("填写人", "written by"))
    written_at = column(tables.Note.written_at, Doc("填写时间", "written at"))
    response = response_of(tables.Note)


NODES = (
    Response,
    Document,
    PeriodCalculation,
    Period,
    PeriodChange,
    Appearance,
    Holding,
    Obligation,
    Suggestion,
    Note,
)
