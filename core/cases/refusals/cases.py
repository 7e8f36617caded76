"""Closed error codes of the acts on a case, its parties, links and notes."""

from __future__ import annotations

from core.cases.refusals import common
from core.labels import Labelled


class CaseRegisterRefusal(Labelled):
    """登记案件的错误: why the act "register a case" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NUMBER_INVALID = "NUMBER_INVALID", "案号不合规", "This is no administrative case number"
    NUMBER_REQUIRED = "NUMBER_REQUIRED", "法院审理的案件须填写案号", "A case before a court needs its number"
    NUMBER_NOT_POSSIBLE = "NUMBER_NOT_POSSIBLE", "该程序没有法院案号", "This kind of procedure has no court's number"
    REFERENCE_REQUIRED = (
        "REFERENCE_REQUIRED",
        "没有案号的程序须填写文号",
        "Without a case number, the organ's reference is needed",
    )
    KIND_MISMATCH = "KIND_MISMATCH", "程序种类与案号不符", "The kind of procedure does not fit the number"
    COURT_MISMATCH = "COURT_MISMATCH", "法院与案号不符", "The court is not that of the number"
    COURT_UNKNOWN = common.COURT_UNKNOWN
    CAUSE_UNKNOWN = common.CAUSE_UNKNOWN
    COMPENSATION_NOT_POSSIBLE = (
        "COMPENSATION_NOT_POSSIBLE",
        "该案不能一并提起行政赔偿",
        "A claim for compensation cannot be joined here",
    )
    SIMPLIFIED_NOT_POSSIBLE = "SIMPLIFIED_NOT_POSSIBLE", "该程序不适用简易程序", "There is no simplified procedure here"
    AGENCY_NOT_FOUND = common.AGENCY_NOT_FOUND
    ALREADY_REGISTERED = common.ALREADY_REGISTERED
    PREVIOUS_NOT_FOUND = "PREVIOUS_NOT_FOUND", "前一程序的案件不存在", "There is no such previous case"
    IMPOSSIBLE_LINK = common.IMPOSSIBLE_LINK
    IN_FUTURE = common.IN_FUTURE
    BEFORE_FILING = common.BEFORE_FILING
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
    TERM_REQUIRED = common.TERM_REQUIRED


class ResponseAttachRefusal(Labelled):
    """登记共同被告应诉的错误: why the act "attach a co-respondent's response" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    AGENCY_NOT_FOUND = common.AGENCY_NOT_FOUND
    ALREADY_REGISTERED = common.ALREADY_REGISTERED
    CASE_WITHOUT_NUMBER = (
        "CASE_WITHOUT_NUMBER",
        "没有法院案号的程序不能追加应诉机关",
        "A procedure without a court's number takes no further agency",
    )
    IN_FUTURE = common.IN_FUTURE
    BEFORE_FILING = common.BEFORE_FILING
    TERM_REQUIRED = common.TERM_REQUIRED


class CaseCloseRefusal(Labelled):
    """结案的错误: why the act "close a case" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    CASE_CLOSED = common.CASE_CLOSED
    OUTCOME_NOT_POSSIBLE = common.OUTCOME_NOT_POSSIBLE
    CAUSE_UNKNOWN = common.CAUSE_UNKNOWN
    IN_FUTURE = common.IN_FUTURE
    BEFORE_FILING = common.BEFORE_FILING


class CaseReopenRefusal(Labelled):
    """撤销结案的错误: why the act "take back a closing" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    CASE_OPEN = "CASE_OPEN", "案件尚未结案", "The case is open"


class CaseCorrectRefusal(Labelled):
    """更正案件信息的错误: why the act "correct a case" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOTHING_TO_CHANGE = common.NOTHING_TO_CHANGE
    CAUSE_UNKNOWN = common.CAUSE_UNKNOWN
    CASE_OPEN = "CASE_OPEN", "在办案件没有结案案由", "An open case has no closing cause"
    REFERENCE_NOT_POSSIBLE = (
        "REFERENCE_NOT_POSSIBLE",
        "有法院案号的案件不填文号",
        "A case with a court's number has no organ's reference",
    )
    SIMPLIFIED_NOT_POSSIBLE = "SIMPLIFIED_NOT_POSSIBLE", "该程序不适用简易程序", "There is no simplified procedure here"
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class PartyAddRefusal(Labelled):
    """添加当事人的错误: why the act "add a party" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    ALREADY_ADDED = "ALREADY_ADDED", "该当事人已登记", "The party is there already"


class PartyCorrectRefusal(Labelled):
    """更正当事人的错误: why the act "correct a party" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOTHING_TO_CHANGE = common.NOTHING_TO_CHANGE
    AGENCY_PARTY = "AGENCY_PARTY", "应诉机关的名称由机关登记信息确定", "An agency is named by its own register"


class PartySensitiveRevealRefusal(Labelled):
    """查看敏感信息原文的错误: why the act "reveal a party's masked fields" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT


class CasesLinkRefusal(Labelled):
    """关联案件的错误: why the act "link two cases" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    SAME_CASE = "SAME_CASE", "案件不能与自身关联", "A case cannot be linked to itself"
    ALREADY_LINKED = "ALREADY_LINKED", "两案已有该关联", "The two cases are linked in this way already"
    IMPOSSIBLE_LINK = common.IMPOSSIBLE_LINK
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class NoteWriteRefusal(Labelled):
    """填写内部备注的错误: why the act "write an internal note" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
