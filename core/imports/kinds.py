"""The kinds of fault that an import can find, and the finding that reports one."""

from __future__ import annotations

from typing import NamedTuple

from core.labels import Labelled

LONGEST_TEXT = 500
"""Characters of a cell that a finding repeats; a longer text is cut and ends in an ellipsis."""


class FaultKind(Labelled):
    """问题类型: closed list. `fates.RULES` gives the fate of each."""

    ENCODING = "ENCODING", "编码", "encoding"
    BOM_CRLF = "BOM_CRLF", "BOM 或 CRLF", "byte-order mark or CRLF"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN", "未知列", "unknown column"
    MISSING_COLUMN = "MISSING_COLUMN", "缺少列", "missing column"
    DUPLICATE_COLUMN = "DUPLICATE_COLUMN", "列重复", "duplicate column"
    EMPTY_FILE = "EMPTY_FILE", "空文件", "empty file"
    UNREADABLE_FILE = "UNREADABLE_FILE", "文件无法读取", "unreadable file"

    BROKEN_BYTES = "BROKEN_BYTES", "字节损坏", "broken bytes"
    CONTROL_CHARACTER = "CONTROL_CHARACTER", "控制字符", "control character"
    COLUMN_COUNT = "COLUMN_COUNT", "列数不符", "wrong number of columns"
    BROKEN_QUOTE = "BROKEN_QUOTE", "引号有误", "broken quotation marks"
    TOO_LONG = "TOO_LONG", "内容过长", "too long"
    CELL_ERROR = "CELL_ERROR", "单元格错误值", "spreadsheet error value"

    ZERO_WIDTH = "ZERO_WIDTH", "零宽字符", "invisible characters"
    SPACES = "SPACES", "多余空格", "stray spaces"
    FULLWIDTH_DIGITS = "FULLWIDTH_DIGITS", "全角数字", "full-width digits"
    MISSING_REQUIRED = "MISSING_REQUIRED", "缺少必填项", "missing required value"
    MISSING_VALUE = "MISSING_VALUE", "缺少应填项", "missing expected value"
    UNKNOWN_CODE = "UNKNOWN_CODE", "取值无效", "value not in the closed list"
    UNKNOWN_LABEL = "UNKNOWN_LABEL", "取值不常见", "value not in the known list"
    CODE_SYNONYM = "CODE_SYNONYM", "同义写法", "synonym of a listed value"
    LEADING_ZERO = "LEADING_ZERO", "前导零丢失", "lost leading zero"

    DATE_FORMAT = "DATE_FORMAT", "日期格式", "date format"
    EXCEL_SERIAL = "EXCEL_SERIAL", "Excel 日期序列号", "spreadsheet day number"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE", "日期不存在", "impossible date"
    DATE_UNREADABLE = "DATE_UNREADABLE", "日期无法识别", "unreadable date"
    TIME_FORMAT = "TIME_FORMAT", "时间格式", "time format"
    TIME_UNREADABLE = "TIME_UNREADABLE", "时间无法识别", "unreadable time"
    NUMBER_TEXT = "NUMBER_TEXT", "数字带单位", "number with a unit"
    NUMBER_UNREADABLE = "NUMBER_UNREADABLE", "数字无法识别", "unreadable number"
    AMOUNT_TEXT = "AMOUNT_TEXT", "金额带单位", "amount with a unit"
    AMOUNT_UNREADABLE = "AMOUNT_UNREADABLE", "金额无法识别", "unreadable amount"
    YES_NO_TEXT = "YES_NO_TEXT", "是否为文字", "yes or no in words"
    BAD_FILE_NAME = "BAD_FILE_NAME", "文件名不合规", "unsafe file name"

    WRONG_BRACKETS = "WRONG_BRACKETS", "案号括号有误", "wrong brackets"
    MISSING_HAO = "MISSING_HAO", "案号缺“号”", "missing 号"
    CASE_NUMBER_STYLE = "CASE_NUMBER_STYLE", "案号写法", "style of the case number"
    LOOK_ALIKE = "LOOK_ALIKE", "形近字", "look-alike character"
    CASE_NUMBER_INVALID = "CASE_NUMBER_INVALID", "案号无效", "invalid case number"
    CASE_NUMBER_CONTRADICTS = "CASE_NUMBER_CONTRADICTS", "案号与本行矛盾", "number contradicts its row"
    DUPLICATE_CASE_NUMBER = "DUPLICATE_CASE_NUMBER", "案号重复", "duplicate case number"
    CASE_NUMBER_ELSEWHERE = "CASE_NUMBER_ELSEWHERE", "案号属于他案", "number of another case"

    MISSING_AGENCY = "MISSING_AGENCY", "缺少机关", "missing agency"
    UNKNOWN_AGENCY = "UNKNOWN_AGENCY", "机关不存在", "unknown agency"
    AGENCY_ALIAS = "AGENCY_ALIAS", "机关别称", "alias of an agency"
    TENANT_DIFFERS = "TENANT_DIFFERS", "地区不一致", "division differs"
    OUTSIDE_TENANT = "OUTSIDE_TENANT", "超出管辖范围", "outside the tenant"
    UNKNOWN_CAUSE = "UNKNOWN_CAUSE", "案由不符", "unknown cause"
    DUPLICATE_ID = "DUPLICATE_ID", "编号重复", "duplicate id"
    UNKNOWN_CASE = "UNKNOWN_CASE", "案件不存在", "unknown case"
    PARENT_REJECTED = "PARENT_REJECTED", "上级行未导入", "parent rejected"
    LINK_IMPOSSIBLE = "LINK_IMPOSSIBLE", "程序衔接不成立", "impossible link"

    DATES_REVERSED = "DATES_REVERSED", "日期颠倒", "dates reversed"
    DATE_ORDER = "DATE_ORDER", "日期顺序可疑", "unlikely order of dates"
    STATUS_CONTRADICTS = "STATUS_CONTRADICTS", "状态矛盾", "contradictory status"
    REST_DAY = "REST_DAY", "休息日", "rest day"
    SWAPPED_WORKDAY = "SWAPPED_WORKDAY", "调休工作日", "swapped working day"
    HEARING_DATE_DIFFERS = "HEARING_DATE_DIFFERS", "开庭日期不一致", "hearing date differs"


class Finding(NamedTuple):
    """问题: one fault of one cell (or row, `column` empty; or file, `line` 0), with the text as read.

    `value` is what was used instead, None if nothing was or if it is empty. `parent_line` is the line of `parent_file`
    on which the row depends (`PARENT_REJECTED`) or which came first (duplicates). Lines count from 1, the header
    included: the physical line on which the row starts, or the row of the sheet.
    """

    file: str
    line: int
    column: str
    kind: FaultKind
    text: str
    value: str | None = None
    parent_file: str | None = None
    parent_line: int | None = None


def clip(text: str) -> str:
    """Cut a text to what a finding may repeat; NUL, which no database stores, is shown as its picture."""
    short = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return short.replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode()
