"""The states that rows of the case graph pass through."""

from __future__ import annotations

from core.labels import Labelled


class CaseStatus(Labelled):
    """案件状态: of a case (one procedure)."""

    OPEN = "OPEN", "在办", "open"
    CLOSED = "CLOSED", "已结", "closed"


class ProcedureForm(Labelled):
    """审理程序: ordinary or simplified (行政诉讼法 82)."""

    ORDINARY = "ORDINARY", "普通程序", "ordinary procedure"
    SIMPLIFIED = "SIMPLIFIED", "简易程序", "simplified procedure"


class ResponseRole(Labelled):
    """应诉身份: the agency's place in the case."""

    RESPONDENT = "RESPONDENT", "被告", "respondent"
    CO_RESPONDENT = "CO_RESPONDENT", "共同被告", "co-respondent"


class HearingStatus(Labelled):
    """庭审状态: a rescheduled hearing stays SCHEDULED, with its former days in the history."""

    SCHEDULED = "SCHEDULED", "已排期", "scheduled"
    HELD = "HELD", "已开庭", "held"
    CANCELLED = "CANCELLED", "已取消", "cancelled"


class PeriodKind(Labelled):
    """期限种类: what must be done by the due day."""

    DEFENCE = "DEFENCE", "答辩举证期限", "defence and evidence"
    APPEAL = "APPEAL", "上诉期限", "appeal"
    PERFORMANCE = "PERFORMANCE", "履行期限", "performance"
    SUGGESTION_REPLY = "SUGGESTION_REPLY", "建议回复期限", "reply to a suggestion"
    RECONSIDERATION_ANSWER = "RECONSIDERATION_ANSWER", "复议答复期限", "answer in reconsideration"


class PeriodStatus(Labelled):
    """期限状态."""

    OPEN = "OPEN", "进行中", "open"
    MET = "MET", "已完成", "met"
    SUSPENDED = "SUSPENDED", "已中止", "suspended"
    VOID = "VOID", "已失效", "void"


class ObligationStatus(Labelled):
    """义务状态."""

    OPEN = "OPEN", "待履行", "open"
    FULFILLED = "FULFILLED", "已履行", "fulfilled"
    VOID = "VOID", "已失效", "void"


class SuggestionStatus(Labelled):
    """建议状态: of a judicial or procuratorial suggestion."""

    OPEN = "OPEN", "待回复", "awaiting reply"
    REPLIED = "REPLIED", "已回复", "replied"


class FileStatus(Labelled):
    """文件状态: a file is promised by a signed upload and stored once its bytes and their digest are there."""

    PENDING = "PENDING", "待上传", "pending upload"
    STORED = "STORED", "已保存", "stored"
