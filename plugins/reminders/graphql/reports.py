"""报备."""

from __future__ import annotations

from core.sdk.graphql import Doc, column, node, to_many, to_one
from core.sdk.rules import DocType
from plugins.reminders import tables
from plugins.reminders.graphql.obligations import VERSION, agency_of
from plugins.reminders.rules.vocabulary import ReportState

_T = tables.Report


@node(_T, Doc("报备", "report", "收到文书后两日内报同级司法局"))
class CaseReport:
    """That a received document is reported to the bureau of the same level."""

    doc_type = column(_T.doc_type, Doc("文书种类", "document type"), enum=DocType)
    state = column(_T.state, Doc("状态", "state"), enum=ReportState)
    received_on = column(_T.received_on, Doc("收到日期", "received on"))
    due_on = column(_T.due_on, Doc("报备期限", "due on"))
    trace = column(_T.trace, Doc("计算过程", "trace", "每步的规则与日历版本"))
    registered_at = column(_T.registered_at, Doc("登记时间", "registered at"))
    overdue_at = column(_T.overdue_at, Doc("逾期时间", "overdue at", "一经逾期永久保留"))
    missed_meanwhile = column(_T.missed_meanwhile, Doc("是否停用期间逾期", "passed while the plugin was off"))
    info_only = column(_T.info_only, Doc("是否仅备查", "for information only", "不要求报备，不计逾期"))
    submitted_at = column(_T.submitted_at, Doc("报备时间", "submitted at", "以首次提交为准"))
    form = column(_T.form, Doc("报备表", "form"))
    decided_at = column(_T.decided_at, Doc("审核时间", "decided at"))
    rounds = column(_T.rounds, Doc("退回次数", "times returned"))
    version = column(_T.version, VERSION)
    document = to_one("Document", Doc("文书", "document"), via=_T.document_id)
    case = to_one("Case", Doc("案件", "case"), via=_T.case_id)
    response = to_one("Response", Doc("应诉", "response"), via=_T.response_id)
    agency = agency_of(_T)
    history = to_many(
        "SupervisionRecord",
        Doc("督办记录", "history", "按先后"),
        via=tables.ReminderEvent.report_id,
        order=[(tables.ReminderEvent.ordinal, False)],
        assumed=4,
    )


NODES = (CaseReport,)
