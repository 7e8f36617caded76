"""What a refused write means to its author: every constraint of a tenant table has a field and a text in two languages.

The core's stand here; a plugin declares its own beside the constraint, in its `info`, by `exists`, `invalid`, `missing`, `unmet`.

Acts check first and refuse with a text of their own; what stands here speaks when two people act at the same instant, or when
a check was forgotten. Nothing of PostgreSQL's own message ever leaves: it may quote rows that the writer cannot see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import Constraint, Index, Table
from sqlalchemy.exc import DBAPIError

from core.db.base import Base
from core.labels import Labelled


class ViolationKind(Labelled):
    """冲突种类: what kind of rule a write broke."""

    EXISTS = "EXISTS", "已存在", "exists already"
    MISSING = "MISSING", "所引用的对象不存在", "refers to what is not there"
    INVALID = "INVALID", "取值不合规则", "breaks a rule of the field"
    FORBIDDEN = "FORBIDDEN", "无权写入", "not the writer's to write"
    BUSY = "BUSY", "他人正在修改，请重试", "somebody else is changing it: try again"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `field` names the input field in snake case, empty where no single field is at fault."""

    kind: ViolationKind
    field: str
    message: str
    message_zh: str


INFO: Final = "violation"
"""Where a constraint of a plugin's table keeps what it says, or why nobody can meet it: `UniqueConstraint(…, info=exists(…))`."""


def exists(field: str, message: str, message_zh: str) -> dict[str, Violation | str]:
    """For `info=` of a unique constraint or index: what is there already, and which input field names it. A code: CONFLICT."""
    return {INFO: _exists(field, message, message_zh)}


def invalid(field: str, message: str, message_zh: str) -> dict[str, Violation | str]:
    """For `info=` of a check: which rule of which input field is broken. A code: INVALID_INPUT."""
    return {INFO: _invalid(field, message, message_zh)}


def missing(field: str, message: str, message_zh: str) -> dict[str, Violation | str]:
    """For `info=` of a foreign key: what is not there, and which input field refers to it. A code: NOT_FOUND."""
    return {INFO: Violation(ViolationKind.MISSING, field, message, message_zh)}


def unmet(reason: str) -> dict[str, Violation | str]:
    """For `info=` of a constraint that no author of rows can meet, with the reason. If it is broken all the same, it speaks in general."""
    return {INFO: reason}


def _exists(field: str, message: str, message_zh: str) -> Violation:
    return Violation(ViolationKind.EXISTS, field, message, message_zh)


def _invalid(field: str, message: str, message_zh: str) -> Violation:
    return Violation(ViolationKind.INVALID, field, message, message_zh)


def _missing(field: str, zh: str, en: str) -> Violation:
    return Violation(ViolationKind.MISSING, field, f"There is no such {en}", f"{zh}不存在")


_CASE, _RESPONSE, _JUDGMENT = ("案件", "case"), ("应诉", "response"), ("裁判", "judgment")
_HEARING, _AGENCY, _CAUSE = ("开庭", "hearing"), ("行政机关", "agency"), ("案由", "cause")

VIOLATIONS: Final[Mapping[str, Violation]] = MappingProxyType(
    {
        "uq_agency_shard_external_id": _exists(
            "external_id", "An agency with this code exists already", "该编号的机关已存在"
        ),
        "ck_agency_name": _invalid("name_zh", "The name must not be empty", "名称不能为空"),
        "uq_appearance_shard_hearing_id_response_id": _exists(
            "response_id",
            "The agency's appearance at this hearing is recorded already",
            "该机关本次开庭的出庭情况已登记",
        ),
        "fk_appearance_shard_hearing_id": _missing("hearing_id", *_HEARING),
        "fk_appearance_shard_response_id": _missing("response_id", *_RESPONSE),
        "ck_case_grant_validity": _invalid(
            "valid_until", "A grant must end after the day on which it begins", "授权的截止日应晚于起始日"
        ),
        "fk_case_grant_shard_case_id": _missing("case_id", *_CASE),
        "fk_case_grant_shard_member_id": _missing("member_id", "用户", "member"),
        "ck_case_link_two_cases": _invalid("to_case_id", "A case cannot be linked to itself", "案件不能与自身关联"),
        "fk_case_link_shard_from_case_id": _missing("from_case_id", *_CASE),
        "fk_case_link_shard_to_case_id": _missing("to_case_id", *_CASE),
        "uq_case_link_shard_from_case_id_to_case_id_kind": _exists(
            "to_case_id", "The two cases are linked in this way already", "两案已有该关联"
        ),
        "ck_case_shell_closed_with_day": _invalid(
            "closed_on",
            "A case is closed if, and only if, it has a closing day",
            "已结案件应有结案日期，在办案件不应有",
        ),
        "ck_case_shell_dates_in_order": _invalid(
            "closed_on", "A case cannot be closed before it was filed", "结案日期不能早于立案日期"
        ),
        "fk_case_shell_cause_code": _missing("cause_code", *_CAUSE),
        "fk_case_shell_closing_cause_code": _missing("closing_cause_code", *_CAUSE),
        "fk_case_shell_court_code": _missing("court_code", "法院", "court"),
        "uq_case_shell_number": _exists("number", "This case number is registered already", "该案号已登记"),
        "fk_document_shard_file_id": _missing("file_id", "文件", "file"),
        "fk_document_shard_response_id": _missing("response_id", *_RESPONSE),
        "fk_hearing_shard_case_id": _missing("case_id", *_CASE),
        "uq_hearing_shard_case_id_sequence": _exists(
            "case_id",
            "Somebody else scheduled a hearing of this case at the same moment: try again",
            "他人刚为本案排期，请重试",
        ),
        "fk_hearing_change_shard_case_id": _missing("case_id", *_CASE),
        "fk_hearing_change_shard_hearing_id": _missing("hearing_id", *_HEARING),
        "ck_holding_amount": _invalid("amount_yuan", "An amount cannot be negative", "金额不能为负数"),
        "fk_holding_shard_judgment_id": _missing("judgment_id", *_JUDGMENT),
        "fk_holding_shard_response_id": _missing("response_id", *_RESPONSE),
        "uq_holding_shard_judgment_id_response_id": _exists(
            "response_id", "The holding on this agency is recorded already", "该机关的裁判结果已登记"
        ),
        "fk_judgment_shard_case_id": _missing("case_id", *_CASE),
        "ck_member_subject": _invalid("subject", "The subject must not be empty", "用户标识不能为空"),
        "ck_member_validity": _invalid(
            "valid_until", "A membership must end after the day on which it begins", "任职截止日应晚于起始日"
        ),
        "fk_member_shard_agency_id": _missing("agency_id", *_AGENCY),
        "ck_note_body": _invalid("body", "A note must not be empty", "备注内容不能为空"),
        "fk_note_shard_response_id": _missing("response_id", *_RESPONSE),
        "ck_obligation_fulfilled_with_day": _invalid(
            "fulfilled_on",
            "An obligation is fulfilled if, and only if, it has a day of fulfilment",
            "已履行的义务应有履行日期",
        ),
        "fk_obligation_shard_judgment_id": _missing("judgment_id", *_JUDGMENT),
        "fk_obligation_shard_period_id": _missing("period_id", "期限", "period"),
        "fk_obligation_shard_response_id": _missing("response_id", *_RESPONSE),
        "ck_party_name": _invalid("name", "The name must not be empty", "名称不能为空"),
        "ck_party_people": _invalid("people", "A party is at least one person", "人数至少为一"),
        "fk_party_shard_case_id": _missing("case_id", *_CASE),
        "fk_period_shard_response_id": _missing("response_id", *_RESPONSE),
        "fk_period_change_shard_period_id": _missing("period_id", "期限", "period"),
        "ck_plugin_enablement_choice": _invalid("choice", "No such choice", "选项不存在"),
        "ck_plugin_enablement_policy": _invalid("policy", "No such policy", "策略不存在"),
        "uq_plugin_enablement_shard_code_plugin": _exists(
            "plugin", "Somebody else set this plugin at the same moment: try again", "他人刚设置该插件，请重试"
        ),
        "uq_plugin_setting_shard_code_plugin_version": _exists(
            "version", "Somebody else changed these settings at the same moment: try again", "他人刚修改该设置，请重试"
        ),
        "uq_trusted_document_shard_code_app_app_version_document_id": _exists(
            "document_id",
            "Somebody else registered this document at the same moment: try again",
            "他人刚登记该文档，请重试",
        ),
        "uq_trusted_document_policy_shard_code": _exists(
            "mode", "Somebody else set this mode at the same moment: try again", "他人刚设定该模式，请重试"
        ),
        "ck_trusted_document_policy_mode": _invalid("mode", "No such mode", "模式不存在"),
        "fk_response_shard_agency_id": _missing("agency_id", *_AGENCY),
        "fk_response_shard_case_id": _missing("case_id", *_CASE),
        "uq_response_shard_case_id_agency_id": _exists(
            "agency_id", "The agency's response in this case is registered already", "该机关在本案的应诉已登记"
        ),
        "ck_stored_file_name": _invalid("name", "The file name must not be empty", "文件名不能为空"),
        "ck_stored_file_sha256": _invalid(
            "sha256", "A SHA-256 has 64 hexadecimal digits", "SHA-256 应为64位十六进制数"
        ),
        "ck_stored_file_size": _invalid("size", "A size cannot be negative", "文件大小不能为负数"),
        "ck_suggestion_replied_with_day": _invalid(
            "replied_on", "A suggestion is answered if, and only if, it has a day of reply", "已回复的建议应有回复日期"
        ),
        "fk_suggestion_shard_agency_id": _missing("agency_id", *_AGENCY),
        "fk_suggestion_shard_response_id": _missing("response_id", *_RESPONSE),
    }
)
"""What each constraint says when an author of rows meets it."""

UNREACHABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ck_case_shell_number_whole": "case_attach takes all parts of a parsed number, or none",
        "fk_case_shell_shard_dispute_id": "case_attach makes the dispute itself, or found it",
        "uq_response_shard_case_id_ordinal": "case_attach counts under the lock of the case's number",
        "fk_period_shard_calculation_id": "a calculation is stored before the period that it gave",
        "uq_case_tally_cell": "written by triggers with ON CONFLICT DO UPDATE",
        "uq_dead_letter_shard_job_key": "a letter of the same key is renewed, with ON CONFLICT DO UPDATE",
        "uq_idempotent_answer_shard_member_id_key": "taken with ON CONFLICT DO UPDATE",
        "uq_period_calculation_shard_digest": "stored with ON CONFLICT DO NOTHING",
        "fk_period_notice_shard_period_id": "the sweep notices periods that it has just read",
        "uq_period_notice_shard_period_id_due_on_stage": "noticed with ON CONFLICT DO NOTHING",
        "fk_notification_shard_member_id": "a notification is written to a member who was just read",
        "uq_notification_shard_member_id_key": "written with ON CONFLICT DO NOTHING",
        "ck_notification_delivery_state": "written by the sender and by acts with states of its own",
        "fk_notification_delivery_shard_notification_id": "written with the notification, in one statement",
        "uq_notification_delivery_shard_member_id_key_channel_target": "written with a notification that is new",
        "fk_notification_preference_shard_member_id": "a member writes their own",
        "uq_notification_preference_shard_member_id": "written with the member's row locked",
        "fk_calendar_feed_shard_member_id": "a member makes their own",
        "uq_calendar_feed_shard_token_sha256": "256 random bits",
        "ck_notification_template_whole": "the act takes both or none",
        "uq_notification_template_shard_code_kind_version": "the act counts versions with the kind locked",
    }
)
"""Constraints that no author can meet, each with its reason."""

_GENERIC: Final[Mapping[str, Violation]] = MappingProxyType(
    {
        "23505": _exists("", "It exists already", "该对象已存在"),
        "23503": Violation(ViolationKind.MISSING, "", "It refers to something that is not there", "所引用的对象不存在"),
        "23514": _invalid("", "A value breaks a rule of its field", "取值不合规则"),
        "23502": _invalid("", "A required value is missing", "缺少必填项"),
        "22003": _invalid("", "A number is too large", "数值过大"),
        "42501": Violation(ViolationKind.FORBIDDEN, "", "These rows are not yours to write", "无权写入该数据"),
        "40001": Violation(
            ViolationKind.BUSY, "", "Somebody else changed it at the same moment: try again", "他人刚修改，请重试"
        ),
        "40P01": Violation(
            ViolationKind.BUSY, "", "Somebody else changed it at the same moment: try again", "他人刚修改，请重试"
        ),
    }
)
"""By SQLSTATE, for a constraint without a text of its own (one that nobody is to meet, a column that must not be null)."""


def declared(name: str, tables: Iterable[Table]) -> Violation | str | None:
    """What the constraint, or unique index, of this name was declared with; None where it says nothing."""
    return next((one.info.get(INFO) for table in tables for one in rules_of(table) if one.name == name), None)


def rules_of(table: Table) -> list[Constraint | Index]:
    """What a write to a table may break, and its other indexes."""
    return [*table.constraints, *table.indexes]


def sqlstate_of(error: DBAPIError) -> str | None:
    """The SQLSTATE of a driver's error."""
    return getattr(error.orig, "sqlstate", None)


def reason_of(error: DBAPIError) -> str | None:
    """The reason that one of our own functions raised (SQLSTATE YS001), or None."""
    if sqlstate_of(error) != "YS001":
        return None
    cause = error.orig.__cause__ if error.orig else None
    return getattr(cause, "message", None)


def violation_of(error: DBAPIError) -> Violation | None:
    """The rule that a write broke; None for what is no author's fault (a lost connection, a wrong statement)."""
    cause = error.orig.__cause__ if error.orig else None
    name = getattr(cause, "constraint_name", None) or ""
    named = VIOLATIONS.get(name) or declared(name, Base.metadata.tables.values())
    if isinstance(named, Violation):
        return named
    generic = _GENERIC.get(sqlstate_of(error) or "")
    if generic is not None and not generic.field:
        column = getattr(cause, "column_name", None) or ""
        return Violation(generic.kind, column, generic.message, generic.message_zh)
    return generic
