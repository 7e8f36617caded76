"""Closed error codes of the acts on documents, periods, obligations and suggestions."""

from __future__ import annotations

from core.cases.refusals import common
from core.labels import Labelled

_FILE_OF_OTHERS = "FILE_OF_OTHERS", "文件属于其他机关", "The file is another agency's"


class DocumentRegisterRefusal(Labelled):
    """登记文书的错误: why the act "register a document" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    IN_FUTURE = common.IN_FUTURE
    BEFORE_FILING = common.BEFORE_FILING
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
    TERM_REQUIRED = common.TERM_REQUIRED
    FILE_NOT_STORED = common.FILE_NOT_STORED
    FILE_OF_OTHERS = _FILE_OF_OTHERS


class HeadNoticeRegisterRefusal(Labelled):
    """登记负责人出庭通知书的错误: why the act "register a notice for the head to appear" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
    FILE_NOT_STORED = common.FILE_NOT_STORED
    FILE_OF_OTHERS = _FILE_OF_OTHERS


class DocumentAttachFileRefusal(Labelled):
    """为文书添加文件的错误: why the act "add a document's file" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    FILE_NOT_STORED = common.FILE_NOT_STORED
    FILE_OF_OTHERS = _FILE_OF_OTHERS
    FILE_ALREADY_ATTACHED = "FILE_ALREADY_ATTACHED", "文书已有文件", "The document has a file already"


class PeriodExtendRefusal(Labelled):
    """延长期限的错误: why the act "extend a period" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    PERIOD_ENDED = common.PERIOD_ENDED
    PERIOD_STANDS_STILL = (
        "PERIOD_STANDS_STILL",
        "期限已中止，恢复后才能延长",
        "The period stands still: resume it first",
    )
    EXTENSION_AMBIGUOUS = (
        "EXTENSION_AMBIGUOUS",
        "延长时间与新届满日须填且只填一项",
        "State either more time or a new last day",
    )
    NOT_LATER = "NOT_LATER", "延长后的届满日应晚于原届满日", "The new last day is not later than the old one"
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class PeriodSuspendRefusal(Labelled):
    """中止期限的错误: why the act "suspend a period" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    PERIOD_ENDED = common.PERIOD_ENDED
    PERIOD_STANDS_STILL = "PERIOD_STANDS_STILL", "期限已中止", "The period stands still already"
    IN_FUTURE = common.IN_FUTURE
    OUTSIDE_PERIOD = "OUTSIDE_PERIOD", "中止日应在期限之内", "A period is suspended while it runs"


class PeriodResumeRefusal(Labelled):
    """恢复期限的错误: why the act "resume a period" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_SUSPENDED = "NOT_SUSPENDED", "期限没有中止", "The period does not stand still"
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class PeriodMeetRefusal(Labelled):
    """登记期限完成的错误: why the act "record that a period was met" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    PERIOD_ENDED = common.PERIOD_ENDED
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class PeriodVoidRefusal(Labelled):
    """作废期限的错误: why the act "void a period" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    PERIOD_ENDED = common.PERIOD_ENDED


class ObligationRecordRefusal(Labelled):
    """登记履行义务的错误: why the act "record an obligation" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    TERM_AMBIGUOUS = "TERM_AMBIGUOUS", "届满日与期限只能填一项", "State either a last day or a term"
    TERM_REQUIRED = common.TERM_REQUIRED
    START_REQUIRED = (
        "START_REQUIRED",
        "裁判尚未生效，须填写期限的起算日",
        "The judgment is not in effect: state the day from which the term runs",
    )
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class ObligationFulfilRefusal(Labelled):
    """登记履行完毕的错误: why the act "record fulfilment" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_OPEN = common.NOT_OPEN
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class ObligationVoidRefusal(Labelled):
    """作废履行义务的错误: why the act "void an obligation" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_OPEN = common.NOT_OPEN


class SuggestionRecordRefusal(Labelled):
    """登记建议的错误: why the act "record a suggestion" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    AGENCY_REQUIRED = "AGENCY_REQUIRED", "须填写应诉或行政机关", "State the response or the agency"
    AGENCY_MISMATCH = "AGENCY_MISMATCH", "行政机关与应诉不符", "The agency is not that of the response"
    TERM_AMBIGUOUS = "TERM_AMBIGUOUS", "回复届满日与期限只能填一项", "State either a last day or a term"
    KIND_MISMATCH = "KIND_MISMATCH", "该类建议没有此种期限", "A suggestion of this kind has no such term"
    ALREADY_RECORDED = "ALREADY_RECORDED", "该建议已登记", "The suggestion is recorded already"
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER


class SuggestionReplyRefusal(Labelled):
    """登记建议回复的错误: why the act "record the reply to a suggestion" may be refused."""

    NOT_FOUND = common.NOT_FOUND
    FORBIDDEN = common.FORBIDDEN
    CONFLICT = common.CONFLICT
    INVALID_INPUT = common.INVALID_INPUT
    NOT_OPEN = common.NOT_OPEN
    IN_FUTURE = common.IN_FUTURE
    DATES_OUT_OF_ORDER = common.DATES_OUT_OF_ORDER
