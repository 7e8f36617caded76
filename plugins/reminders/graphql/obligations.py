"""督办义务 and what hangs on it."""

from __future__ import annotations

from typing import Any

from core.sdk.graphql import Doc, Scalar, Union, column, expression, node, to_many, to_one, to_one_of
from core.sdk.rules import ObligationKind
from core.sdk.tables import Tenant
from plugins.reminders import tables
from plugins.reminders.ladder import LadderLevel, PhoneTask, RemedyState
from plugins.reminders.permissions import REMINDERS_READ, SUPERVISION_READ
from plugins.reminders.rules.births import HEARING, JUDGMENT, PERIOD, SUGGESTION
from plugins.reminders.rules.counters import Standing
from plugins.reminders.rules.vocabulary import ObligationState, ReportState, ReportTransition, Transition

VERSION = Doc("版本", "version", "修改时用于并发检查")
READ = SUPERVISION_READ.name


def case_of(table: Any) -> Any:
    """The case that a row belongs to."""
    return to_one("Case", Doc("案件", "case", "无案件的建议为空"), via=table.case_id)


def agency_of(table: Any) -> Any:
    """The agency that a row belongs to."""
    return to_one("Agency", Doc("行政机关", "agency"), via=table.agency_id)


def obligation_of(table: Any) -> Any:
    """The obligation that a row hangs on."""
    return to_one("SupervisedObligation", Doc("督办义务", "supervised obligation"), via=table.obligation_id)


SOURCE = Union(
    "SupervisionSource",
    Doc("督办事由", "source of supervision", "届满日所依的期限、开庭、建议或者裁判"),
    (PERIOD, HEARING, SUGGESTION, JUDGMENT),
)


def standing_sql(row: str) -> str:
    """Total: the class of an obligation as the platform has marked it so far."""
    return (
        f"case when {row}.state = 'VOID' then 'VOID'"
        f" when {row}.acted_on > {row}.due_on then 'LATE' when {row}.acted_on is not null then 'ON_TIME'"
        f" when {row}.state in ('RECEIVED', 'TRACKING', 'SUSPENDED') then 'OPEN' else 'MISSED' end"
    )


_O = tables.SupervisedObligation


@node(_O, Doc("督办义务", "supervised obligation", "一个机关须按期办理的一件事"))
class SupervisedObligation:
    """One duty that must not be missed."""

    kind = column(_O.kind, Doc("义务种类", "kind"), enum=ObligationKind)
    state = column(_O.state, Doc("状态", "state"), enum=ObligationState)
    standing = expression(standing_sql, Doc("统计归类", "standing"), Standing)
    due_on = column(_O.due_on, Doc("届满日", "due on"))
    earliest_due_on = column(_O.earliest_due_on, Doc("最早可能的届满日", "earliest due day", "日历暂定时提醒以此为准"))
    due_version = column(_O.due_version, Doc("届满日版本", "version of the due day", "改期、恢复时递增"))
    due_verified = column(_O.due_verified, Doc("期限是否已核定", "due day verified by the bureau"))
    starts_at = column(_O.starts_at, Doc("开庭时间", "instant of the hearing", "法院未定时间为空"))
    registered_on = column(_O.registered_on, Doc("立项日期", "registered on"))
    acted_on = column(_O.acted_on, Doc("办理日期", "acted on", "交邮的以交邮日为准", law="民诉法 85(4)"))
    acted_at = column(_O.acted_at, Doc("办理登记时间", "act recorded at"))
    missed_at = column(_O.missed_at, Doc("逾期时间", "missed at", "一经逾期永久保留"))
    was_missed = expression(
        lambda row: f"({row}.missed_at is not null)", Doc("是否曾逾期", "was ever missed"), Scalar.BOOLEAN
    )
    violation_date = column(_O.violation_date, Doc("违反之日", "violation date", "届满次日"))
    feedback_due_on = column(_O.feedback_due_on, Doc("反馈期限", "feedback due on"))
    feedback_filed_at = column(_O.feedback_filed_at, Doc("反馈时间", "feedback filed at"))
    feedback_overdue_at = column(_O.feedback_overdue_at, Doc("反馈逾期时间", "feedback overdue at"))
    feedback = column(_O.feedback, Doc("反馈内容", "feedback"))
    verify_due_on = column(_O.verify_due_on, Doc("核实期限", "feedback to be verified by"))
    verified_at = column(_O.verified_at, Doc("核实时间", "verified at"))
    remedy_due_on = column(_O.remedy_due_on, Doc("补救方案期限", "remedy plan due on"))
    remedy_approved_at = column(_O.remedy_approved_at, Doc("补救方案批准时间", "remedy plan approved at"))
    remedy_overdue_at = column(_O.remedy_overdue_at, Doc("补救逾期时间", "remedy overdue at"))
    plan_due_on = column(_O.plan_due_on, Doc("方案完成期限", "plan to be done by"))
    escalated_at = column(_O.escalated_at, Doc("升级时间", "escalated at"))
    closed_at = column(_O.closed_at, Doc("办结时间", "closed at"))
    missed_meanwhile = column(_O.missed_meanwhile, Doc("是否停用期间逾期", "passed while the plugin was off"))
    version = column(_O.version, VERSION)
    case = case_of(_O)
    response = to_one("Response", Doc("应诉", "response"), via=_O.response_id)
    agency = agency_of(_O)
    tenant = to_one("Tenant", Doc("所属租户", "tenant"), via=_O.code, key=Tenant.code)
    responsible = to_one("Member", Doc("责任人", "responsible person", "本人不可见时为空"), via=_O.responsible_id)
    source = to_one_of(
        SOURCE, Doc("督办事由", "what it comes from", "本人不可见时为空"), kind=_O.source_type, key=_O.source_id
    )
    history = to_many(
        "SupervisionRecord",
        Doc("督办记录", "history", "按先后"),
        via=tables.ReminderEvent.obligation_id,
        order=[(tables.ReminderEvent.ordinal, False)],
        assumed=8,
    )
    reminders = to_many(
        "ReminderRecord",
        Doc("提醒记录", "reminders", "按发出先后"),
        via=tables.Reminder.obligation_id,
        order=[(tables.Reminder.sent_at, False), (tables.Reminder.offset_days, True)],
        permission=REMINDERS_READ.name,
    )
    remedies = to_many(
        "RemedyPlan",
        Doc("补救方案", "remedy plans", "按报送先后"),
        via=tables.Remedy.obligation_id,
        order=[(tables.Remedy.ordinal, False)],
        assumed=1,
    )
    escalations = to_many(
        "Escalation",
        Doc("升级处置", "escalations", "按先后"),
        via=tables.Escalation.obligation_id,
        order=[(tables.Escalation.escalated_at, False)],
        assumed=1,
    )


_E = tables.ReminderEvent


def _of(subject: str, name: str) -> Any:
    """A state or transition of the track that the record belongs to; the other's is null."""
    return lambda row: f"case when {row}.{subject} is not null then {row}.{name} end"


@node(_E, Doc("督办记录", "supervision record", "只增不改"))
class SupervisionRecord:
    """One transition."""

    ordinal = column(_E.ordinal, Doc("序号", "ordinal"))
    transition = expression(_of("obligation_id", "transition"), Doc("流转", "transition"), Transition)
    from_state = expression(_of("obligation_id", "from_state"), Doc("原状态", "former state"), ObligationState)
    to_state = expression(_of("obligation_id", "to_state"), Doc("新状态", "new state"), ObligationState)
    report_transition = expression(
        _of("report_id", "transition"), Doc("报备流转", "transition of a report"), ReportTransition
    )
    report_state = expression(_of("report_id", "to_state"), Doc("报备状态", "state of a report"), ReportState)
    actor_name = column(_E.actor_name, Doc("经办人", "actor", "系统自动的为空"))
    actor_role = column(_E.actor_role, Doc("经办人角色", "actor's role"))
    at = column(_E.at, Doc("时间", "instant"))
    reason = column(_E.reason, Doc("理由", "reason"))
    evidence = column(_E.evidence, Doc("留痕材料", "evidence"))


_R = tables.Reminder


@node(_R, Doc("提醒记录", "reminder", "每一届满日、每一提前日数一条"))
class ReminderRecord:
    """That a last day was told ahead."""

    offset_days = column(_R.offset_days, Doc("提前日数", "days before"))
    due_on = column(_R.due_on, Doc("所提醒的届满日", "the due day told of"))
    due_version = column(_R.due_version, Doc("届满日版本", "version of the due day"))
    nominal_on = column(_R.nominal_on, Doc("名义日期", "nominal day", "遇休息日提前之前"))
    sent_on = column(_R.sent_on, Doc("发出日期", "sent on"))
    sent_at = column(_R.sent_at, Doc("发出时间", "sent at"))
    short_lead = column(_R.short_lead, Doc("是否临期登记", "short lead", "登记时已过提醒日"))
    read_at = column(_R.read_at, Doc("已读时间", "read at", "收件人之一首次阅读站内通知之时"))
    confirmed_at = column(_R.confirmed_at, Doc("确认时间", "confirmed at"))
    confirmed_by = column(_R.confirmed_by, Doc("确认人", "confirmed by"))
    phone_task = column(_R.phone_task, Doc("电话提醒", "task to telephone"), enum=PhoneTask)
    phoned_at = column(_R.phoned_at, Doc("电话提醒时间", "telephoned at"))
    phone_note = column(_R.phone_note, Doc("电话提醒备注", "note of the call"))
    version = column(_R.version, VERSION)
    obligation = obligation_of(_R)
    case = case_of(_R)
    agency = agency_of(_R)


_P = tables.Remedy


@node(_P, Doc("补救方案", "remedy plan"))
class RemedyPlan:
    """What an agency does about what it missed."""

    ordinal = column(_P.ordinal, Doc("次数", "ordinal"))
    state = column(_P.state, Doc("状态", "state"), enum=RemedyState)
    plan = column(_P.plan, Doc("方案", "plan"))
    due_on = column(_P.due_on, Doc("完成期限", "to be done by"))
    filed_at = column(_P.filed_at, Doc("报送时间", "filed at"))
    signed_at = column(_P.signed_at, Doc("主要负责人签批时间", "signed at"))
    approved_at = column(_P.approved_at, Doc("司法局批准时间", "approved at"))
    refused_at = column(_P.refused_at, Doc("退回时间", "refused at"))
    refusal = column(_P.refusal, Doc("退回理由", "reason of the refusal"))
    done_on = column(_P.done_on, Doc("完成日期", "done on"))
    proof = column(_P.proof, Doc("完成证明", "proof"))
    version = column(_P.version, VERSION)
    obligation = obligation_of(_P)


_L = tables.Escalation


@node(_L, Doc("升级处置", "escalation"))
class Escalation:
    """A step up the ladder."""

    level = column(_L.level, Doc("阶梯", "level"), enum=LadderLevel)
    letter_number = column(_L.letter_number, Doc("函件文号", "number of the letter"))
    reason = column(_L.reason, Doc("理由", "reason"))
    due_on = column(_L.due_on, Doc("答复期限", "answer due on"))
    escalated_at = column(_L.escalated_at, Doc("时间", "instant"))
    obligation = obligation_of(_L)
    case = case_of(_L)
    agency = agency_of(_L)


NODES = (SupervisedObligation, SupervisionRecord, ReminderRecord, RemedyPlan, Escalation)
