"""Codes that several acts share, each written once; an act's own enum names those that it can answer."""

from __future__ import annotations

from typing import Final

from core.labels import Labelled

Code = tuple[str, str, str]

NOT_FOUND: Final[Code] = "NOT_FOUND", "对象不存在", "It does not exist"
FORBIDDEN: Final[Code] = "FORBIDDEN", "无权办理该对象", "It is not yours to change"
CONFLICT: Final[Code] = "CONFLICT", "他人已修改，请刷新后重试", "Somebody else changed it: read it again"
INVALID_INPUT: Final[Code] = "INVALID_INPUT", "输入有误", "The input is not valid"

IN_FUTURE: Final[Code] = "IN_FUTURE", "日期不能晚于今日", "The day lies in the future"
BEFORE_FILING: Final[Code] = "BEFORE_FILING", "日期不能早于立案日期", "The day lies before the case was filed"
DATES_OUT_OF_ORDER: Final[Code] = "DATES_OUT_OF_ORDER", "日期先后有误", "The days are out of order"
NOTHING_TO_CHANGE: Final[Code] = "NOTHING_TO_CHANGE", "没有需要修改的内容", "Nothing would change"
CASE_CLOSED: Final[Code] = "CASE_CLOSED", "案件已结", "The case is closed"
TERM_REQUIRED: Final[Code] = (
    "TERM_REQUIRED",
    "期限由法院或文书确定，须填写",
    "The court or the document sets this term: state it",
)
CAUSE_UNKNOWN: Final[Code] = "CAUSE_UNKNOWN", "案由不存在", "There is no such cause"
COURT_UNKNOWN: Final[Code] = "COURT_UNKNOWN", "法院不存在", "There is no such court"
AGENCY_NOT_FOUND: Final[Code] = "AGENCY_NOT_FOUND", "行政机关不存在", "There is no such agency"
ALREADY_REGISTERED: Final[Code] = (
    "ALREADY_REGISTERED",
    "该机关在本案的应诉已登记",
    "The agency's response is registered already",
)
OUTCOME_NOT_POSSIBLE: Final[Code] = (
    "OUTCOME_NOT_POSSIBLE",
    "该程序没有这种结果",
    "A procedure of this kind cannot end in this way",
)
IMPOSSIBLE_LINK: Final[Code] = (
    "IMPOSSIBLE_LINK",
    "程序不能这样衔接",
    "The law knows no such step between the two procedures",
)
LOST_CONTRADICTS_OUTCOME: Final[Code] = (
    "LOST_CONTRADICTS_OUTCOME",
    "是否败诉与裁判结果矛盾",
    "Whether it lost contradicts the outcome",
)
LOST_REQUIRED: Final[Code] = "LOST_REQUIRED", "改判须写明该机关是否败诉", "A reversal must say whether the agency lost"
LOSS_REASON_WITHOUT_LOSS: Final[Code] = (
    "LOSS_REASON_WITHOUT_LOSS",
    "未败诉，不应填写败诉原因",
    "A reason for a loss needs a loss",
)
FILE_NOT_STORED: Final[Code] = "FILE_NOT_STORED", "文件尚未上传完成", "The file is not uploaded yet"
PERIOD_ENDED: Final[Code] = "PERIOD_ENDED", "期限已完成或已失效", "The period is met or void"
NOT_OPEN: Final[Code] = "NOT_OPEN", "已办结或已失效", "It is done or void already"


class Common(Labelled):
    """Codes that every act can answer."""

    NOT_FOUND = NOT_FOUND
    FORBIDDEN = FORBIDDEN
    CONFLICT = CONFLICT
    INVALID_INPUT = INVALID_INPUT
