"""Lists: everything that is supervised, what comes up, and what waits for the viewer."""

from __future__ import annotations

from core.sdk.graphql import Doc, Filter, ListSource, Order, connection
from core.sdk.rules import DocType, ObligationKind
from plugins.reminders import permissions as may
from plugins.reminders import tables
from plugins.reminders.ladder import PhoneTask
from plugins.reminders.rules.vocabulary import ObligationState, ReportState

_O, _R, _T = tables.SupervisedObligation, tables.Reminder, tables.Report
READ = may.SUPERVISION_READ.name

OBLIGATIONS = ListSource(
    "SupervisedObligation",
    "SupervisedObligation",
    _O,
    orders=(
        Order("DUE_ON_ASC", _O.due_on, descending=False, doc=Doc("先到期的在前", "due first")),
        Order("DUE_ON_DESC", _O.due_on, descending=True, doc=Doc("后到期的在前", "due last")),
    ),
    filters=(
        Filter("kind", _O.kind, Doc("义务种类", "kind"), enum=ObligationKind),
        Filter("state", _O.state, Doc("状态", "state"), enum=ObligationState),
        Filter("due_on", _O.due_on, Doc("届满日", "due on")),
        Filter("missed_at", _O.missed_at, Doc("逾期时间", "missed at", "非空即曾逾期")),
        Filter("missed_meanwhile", _O.missed_meanwhile, Doc("停用期间逾期", "passed while the plugin was off")),
        Filter("closed_at", _O.closed_at, Doc("办结时间", "closed at", "空为未办结")),
        Filter("tenant", _O.code, Doc("所属租户", "tenant"), ref="Tenant"),
        Filter("agency", _O.agency_id, Doc("行政机关", "agency"), ref="Agency"),
        Filter("case", _O.case_id, Doc("案件", "case"), ref="Case"),
        Filter("responsible", _O.responsible_id, Doc("责任人", "responsible person"), ref="Member"),
    ),
)
REPORTS = ListSource(
    "CaseReport",
    "CaseReport",
    _T,
    orders=(
        Order("DUE_ON_ASC", _T.due_on, descending=False, doc=Doc("先到期的在前", "due first")),
        Order("DUE_ON_DESC", _T.due_on, descending=True, doc=Doc("后到期的在前", "due last")),
    ),
    filters=(
        Filter("state", _T.state, Doc("状态", "state"), enum=ReportState),
        Filter("doc_type", _T.doc_type, Doc("文书种类", "document type"), enum=DocType),
        Filter("due_on", _T.due_on, Doc("报备期限", "due on")),
        Filter("overdue_at", _T.overdue_at, Doc("逾期时间", "overdue at", "非空即曾逾期")),
        Filter("missed_meanwhile", _T.missed_meanwhile, Doc("停用期间逾期", "passed while the plugin was off")),
        Filter("info_only", _T.info_only, Doc("仅备查", "for information only")),
        Filter("agency", _T.agency_id, Doc("行政机关", "agency"), ref="Agency"),
        Filter("case", _T.case_id, Doc("案件", "case"), ref="Case"),
    ),
)
REMINDERS = ListSource(
    "ReminderRecord",
    "ReminderRecord",
    _R,
    orders=(Order("SENT_AT_DESC", _R.sent_at, descending=True, doc=Doc("新的在前", "newest first")),),
    filters=(
        Filter("sent_on", _R.sent_on, Doc("发出日期", "sent on")),
        Filter("phone_task", _R.phone_task, Doc("电话提醒", "task to telephone"), enum=PhoneTask),
        Filter("confirmed_at", _R.confirmed_at, Doc("确认时间", "confirmed at", "空为未确认")),
        Filter("agency", _R.agency_id, Doc("行政机关", "agency"), ref="Agency"),
    ),
)

_AGENCY_TURN = "'RECEIVED', 'TRACKING', 'ACTED', 'FEEDBACK_OVERDUE', 'RETURNED', 'MISSED', 'REMEDY_OPEN', 'ESCALATED'"
_PLAN = (
    "exists (select 1 from reminders_remedy p where p.shard = {row}.shard and p.obligation_id = {row}.id and {which})"
)


def upcoming(row: str, _permissions: frozenset[str]) -> list[str]:
    """What runs towards its last day."""
    return [f"{row}.closed_at is null", f"{row}.state in ('RECEIVED', 'TRACKING')"]


def waiting(row: str, permissions: frozenset[str]) -> list[str]:
    """What the viewer can take the next step of, by what they may do."""
    turns = []
    if may.OBLIGATION_ACT.name in permissions:
        turns.append(f"{row}.state in ({_AGENCY_TURN})")
    if may.REMEDY_SIGN.name in permissions:
        turns.append(_PLAN.format(row=row, which="p.state = 'FILED'"))
    if may.FEEDBACK_VERIFY.name in permissions:
        unverified = f"not {row}.due_verified and {row}.state = 'RECEIVED'"
        turns.append(f"({row}.feedback_filed_at is not null and {row}.verified_at is null)")
        turns.append(f"{row}.state = 'REMEDIED' or {unverified}")
        turns.append(_PLAN.format(row=row, which="p.state in ('SIGNED', 'DONE')"))
    return [f"{row}.closed_at is null", f"({' or '.join(turns)})" if turns else "false"]


def reports_waiting(row: str, permissions: frozenset[str]) -> list[str]:
    """Reports that the viewer owes, or has to decide on."""
    turns = []
    if may.REPORT_SUBMIT.name in permissions:
        turns.append(f"{row}.state in ('RECEIVED', 'REPORT_OVERDUE', 'RETURNED') and not {row}.info_only")
    if may.REPORT_DECIDE.name in permissions:
        turns.append(f"{row}.state in ('REPORTED', 'REPORTED_LATE')")
    return [f"{row}.state <> 'ACCEPTED'", f"({' or '.join(turns)})" if turns else "false"]


def missed_meanwhile(row: str, _permissions: frozenset[str]) -> list[str]:
    """What passed while the plugin was off."""
    return [f"{row}.missed_meanwhile"]


def to_telephone(row: str, _permissions: frozenset[str]) -> list[str]:
    """Reminders that nobody read by noon."""
    return [f"{row}.phone_task = 'OPEN'"]


QUERIES = {
    "supervised_obligations": connection(OBLIGATIONS, Doc("督办义务列表", "supervised obligations"), permission=READ),
    "upcoming_deadlines": connection(
        OBLIGATIONS, Doc("将到期", "upcoming deadlines", "在办而未到期的督办义务"), permission=READ, rows=upcoming
    ),
    "my_tasks": connection(
        OBLIGATIONS,
        Doc("待办", "the viewer's tasks", "下一步由本人经办的督办义务"),
        permission=READ,
        rows=waiting,
    ),
    "missed_meanwhile": connection(
        OBLIGATIONS,
        Doc("停用期间逾期的", "missed while the plugin was off", "重新启用时列出，不补发提醒"),
        permission=READ,
        rows=missed_meanwhile,
    ),
    "reports": connection(REPORTS, Doc("报备列表", "reports"), permission=READ),
    "my_reports": connection(
        REPORTS, Doc("待办报备", "reports that wait for the viewer"), permission=READ, rows=reports_waiting
    ),
    "reminders": connection(REMINDERS, Doc("提醒记录列表", "reminders"), permission=may.REMINDERS_READ.name),
    "phone_tasks": connection(
        REMINDERS,
        Doc("待电话提醒", "reminders to be made by telephone", "T−1 当日正午仍未读"),
        permission=may.PHONE_TASK_DO.name,
        rows=to_telephone,
    ),
}
