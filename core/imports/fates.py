"""What becomes of a faulty row: one table, kind of fault -> fate.

Every fault that the import can report is a member of `FaultKind`, and every member has exactly one `Fate`. A row's
fate is the worst of its faults'. `docs/import.md` prints this table; `as_markdown` makes it, a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from core.imports.kinds import FaultKind
from core.labels import Labelled


class Fate(Labelled):
    """处理结果: what becomes of a row, from the mildest to the worst."""

    NORMALISED = "NORMALISED", "已规范化导入", "landed, the value brought into standard form"
    WARNED = "WARNED", "已导入并提示", "landed with a warning"
    REJECTED = "REJECTED", "未导入", "not landed"


SEVERITY = {Fate.NORMALISED: 1, Fate.WARNED: 2, Fate.REJECTED: 3}
"""The order of fates: a row takes the one with the highest number."""


class Rule(NamedTuple):
    """The fate of one kind of fault, and why, for the person who reads the report."""

    fate: Fate
    reason: str
    reason_zh: str


_N, _W, _R = Fate.NORMALISED, Fate.WARNED, Fate.REJECTED
_K = FaultKind

RULES: dict[FaultKind, Rule] = {
    # the file
    _K.ENCODING: Rule(_N, "The file is GB18030; it was read as such.", "文件为 GB18030 编码,已按该编码读取。"),
    _K.BOM_CRLF: Rule(
        _N, "The file has a byte-order mark or CRLF line ends; both are understood.", "文件含 BOM 或 CRLF 换行,已识别。"
    ),
    _K.UNKNOWN_COLUMN: Rule(
        _W, "The column is not part of the format and was left out.", "该列不属于导入格式,已忽略。"
    ),
    _K.MISSING_COLUMN: Rule(
        _R, "The header lacks this column; nothing of the file was read.", "表头缺少该列,整个文件未导入。"
    ),
    _K.DUPLICATE_COLUMN: Rule(
        _R, "The header names this column twice; nothing of the file was read.", "表头中该列重复,整个文件未导入。"
    ),
    _K.EMPTY_FILE: Rule(_R, "The file has no header.", "文件为空,没有表头。"),
    _K.UNREADABLE_FILE: Rule(_R, "The file cannot be read in its format.", "文件无法按其格式读取。"),
    # the line
    _K.BROKEN_BYTES: Rule(
        _R, "The bytes are not text in the file's encoding, or were lost earlier.", "存在无法解码的字节。"
    ),
    _K.CONTROL_CHARACTER: Rule(
        _R, "A control character (such as NUL) shows that the cell is damaged.", "含有控制字符(如 NUL),内容已损坏。"
    ),
    _K.COLUMN_COUNT: Rule(_R, "The row has more or fewer columns than the header.", "列数与表头不一致。"),
    _K.BROKEN_QUOTE: Rule(_R, "Quotation marks do not pair up.", "引号不成对或位置有误。"),
    _K.TOO_LONG: Rule(_R, "The text is longer than the column allows.", "内容超过该列允许的长度。"),
    _K.CELL_ERROR: Rule(_R, "The cell holds an error of the spreadsheet, not a value.", "单元格为公式错误值。"),
    # any cell
    _K.ZERO_WIDTH: Rule(_N, "Invisible characters were removed.", "已去除零宽等不可见字符。"),
    _K.SPACES: Rule(_N, "Spaces that do not belong there were removed.", "已去除多余空格。"),
    _K.FULLWIDTH_DIGITS: Rule(_N, "Full-width characters were written half-width.", "全角数字已转为半角。"),
    _K.MISSING_REQUIRED: Rule(_R, "The row makes no sense without this value.", "缺少必填项。"),
    _K.MISSING_VALUE: Rule(_W, "The value is expected here; it was left empty.", "该项应填而未填,按空值导入。"),
    _K.UNKNOWN_CODE: Rule(_R, "The value is none of the closed list.", "取值不在规定范围内。"),
    _K.UNKNOWN_LABEL: Rule(
        _W, "The value is not in the known list; it was kept as written.", "取值不在常用列表中,已按原文保留。"
    ),
    _K.CODE_SYNONYM: Rule(_N, "Another spelling of a listed value was replaced by it.", "同义写法已替换为规定取值。"),
    _K.LEADING_ZERO: Rule(_N, "A leading zero lost by a spreadsheet was restored.", "已补回电子表格丢失的前导零。"),
    # days, times, numbers
    _K.DATE_FORMAT: Rule(_N, "The day was written in another format.", "日期格式已统一。"),
    _K.EXCEL_SERIAL: Rule(_N, "The day was written as a spreadsheet's day number.", "Excel 日期序列号已转为日期。"),
    _K.DATE_IMPOSSIBLE: Rule(_R, "There is no such day.", "日期不存在。"),
    _K.DATE_UNREADABLE: Rule(
        _R,
        "The text is not a day with a four-digit year, or far outside living memory.",
        "无法识别的日期,或年份明显有误。",
    ),
    _K.TIME_FORMAT: Rule(_N, "The time was written in another format.", "时间格式已统一。"),
    _K.TIME_UNREADABLE: Rule(_W, "The text is not a time of day; it was left empty.", "无法识别的时间,按空值导入。"),
    _K.NUMBER_TEXT: Rule(_N, "The number was written with its unit.", "已去除数字中的单位。"),
    _K.NUMBER_UNREADABLE: Rule(_R, "The text is not a whole number in range.", "无法识别的数字,或超出范围。"),
    _K.AMOUNT_TEXT: Rule(_N, "The amount was written with a unit or separators.", "金额已去除单位、分隔符。"),
    _K.AMOUNT_UNREADABLE: Rule(_R, "The text is not an amount in yuan.", "无法识别的金额。"),
    _K.YES_NO_TEXT: Rule(
        _N, "Yes or no was written in words; 未知 is empty (not stated).", "是/否已转为标准取值,“未知”按空值。"
    ),
    _K.BAD_FILE_NAME: Rule(_N, "Characters that a file name may not have were removed.", "已去除文件名中的非法字符。"),
    # case numbers
    _K.WRONG_BRACKETS: Rule(_N, "The brackets of a case number are （）.", "案号括号已改为（）。"),
    _K.MISSING_HAO: Rule(_N, "The missing 号 was added.", "案号已补“号”字。"),
    _K.CASE_NUMBER_STYLE: Rule(_N, "The case number was written in another style.", "案号写法已统一。"),
    _K.LOOK_ALIKE: Rule(
        _R,
        "刑 (criminal) stands where 行 (administrative) must; nobody but a person may repair it.",
        "案号中“刑”疑为“行”之误,须人工核对。",
    ),
    _K.CASE_NUMBER_INVALID: Rule(_R, "This is not a valid administrative case number.", "案号不符合编号规则。"),
    _K.CASE_NUMBER_CONTRADICTS: Rule(
        _R,
        "The number's year, court or type differs from the row's filing year, court or stage.",
        "案号的年份、法院代字或类型代字与本行的立案年份、法院、审级不符。",
    ),
    _K.DUPLICATE_CASE_NUMBER: Rule(
        _R,
        "An earlier row, or a case of this agency that is known already, has this case number.",
        "案号与在前的一行或已登记案件重复,后者不导入。",
    ),
    _K.CASE_NUMBER_ELSEWHERE: Rule(
        _R,
        "The court documents of another case of this import bear this number.",
        "本批另一案件的裁判文书使用了该案号。",
    ),
    # what a row refers to
    _K.MISSING_AGENCY: Rule(_R, "The respondent agency is missing.", "缺少应诉机关。"),
    _K.UNKNOWN_AGENCY: Rule(_R, "There is no such agency.", "应诉机关不存在。"),
    _K.AGENCY_ALIAS: Rule(
        _N, "The agency's registered name was used, its id being right.", "机关名称为别称,已按编号采用登记名称。"
    ),
    _K.TENANT_DIFFERS: Rule(
        _W, "The division differs from the agency's own, which was used.", "所属地区与机关登记地区不一致,采用登记地区。"
    ),
    _K.OUTSIDE_TENANT: Rule(_R, "The row belongs to another tenant.", "不属于导入单位的管辖范围。"),
    _K.UNKNOWN_CAUSE: Rule(
        _W,
        "The cause's name does not fit its code, or the code is unknown; check it.",
        "案由名称与代码不符或代码未知,请核对。",
    ),
    _K.DUPLICATE_ID: Rule(
        _R, "An earlier row, or something known already, has this id.", "编号与在前的一行或已有记录重复。"
    ),
    _K.UNKNOWN_CASE: Rule(_R, "There is no such case.", "所属案件不存在。"),
    _K.PARENT_REJECTED: Rule(_R, "The row depends on a row that was rejected.", "所依附的行未导入。"),
    _K.LINK_IMPOSSIBLE: Rule(
        _W,
        "No procedure of this kind follows from that case; the two were not linked.",
        "前案不可能衔接本程序,未建立程序关联。",
    ),
    # what does not go together
    _K.DATES_REVERSED: Rule(_R, "The case was closed before it was filed.", "结案日期早于立案日期。"),
    _K.DATE_ORDER: Rule(_W, "The days stand in an unlikely order.", "日期先后顺序可疑。"),
    _K.STATUS_CONTRADICTS: Rule(_W, "The status and the closing day contradict each other.", "状态与结案日期不一致。"),
    _K.REST_DAY: Rule(_W, "The hearing is on a day off.", "开庭日期为休息日。"),
    _K.SWAPPED_WORKDAY: Rule(
        _W,
        "The hearing is on a working weekend day, and neither the case nor a summons confirms it.",
        "开庭日期为调休上班日,且案件与传票均未印证。",
    ),
    _K.HEARING_DATE_DIFFERS: Rule(
        _W, "The day of the first hearing differs from the case's.", "首次开庭日期与案件所载不一致。"
    ),
}
"""Kind of fault -> fate and reason. Complete: a test goes through `FaultKind`."""

LEDGER: dict[str, tuple[FaultKind, ...]] = {
    "encoding": (_K.ENCODING,),
    "bom_crlf": (_K.BOM_CRLF,),
    "duplicate_case_no": (_K.DUPLICATE_CASE_NUMBER, _K.CASE_NUMBER_CONTRADICTS, _K.CASE_NUMBER_ELSEWHERE),
    "fullwidth_digits": (_K.FULLWIDTH_DIGITS,),
    "wrong_brackets": (_K.WRONG_BRACKETS,),
    "missing_hao": (_K.MISSING_HAO,),
    "spaces": (_K.SPACES,),
    "look_alike": (_K.LOOK_ALIKE,),
    "missing_agency": (_K.MISSING_AGENCY,),
    "unknown_agency": (_K.UNKNOWN_AGENCY,),
    "agency_alias": (_K.AGENCY_ALIAS, _K.SPACES),
    "dates_reversed": (_K.DATES_REVERSED,),
    "zero_width": (_K.ZERO_WIDTH,),
    "unknown_cause": (_K.UNKNOWN_CAUSE,),
    "impossible_date": (_K.DATE_IMPOSSIBLE,),
    "date_format": (_K.DATE_FORMAT,),
    "excel_serial": (_K.EXCEL_SERIAL,),
    "unknown_case": (_K.UNKNOWN_CASE,),
    "yes_no_text": (_K.YES_NO_TEXT,),
    "rest_day": (_K.REST_DAY, _K.HEARING_DATE_DIFFERS, _K.SWAPPED_WORKDAY),
    "missing_value": (_K.MISSING_VALUE,),
    "amount_text": (_K.AMOUNT_TEXT,),
    "bad_file_name": (_K.BAD_FILE_NAME,),
}
"""The kinds of dirt of the case generator's ledger -> the kinds of fault by which we may find it.

Where there are several they have one fate: a number copied from another row is a duplicate when that row is there to
be seen, and otherwise contradicts its own row or the court documents of its rightful case. A hearing moved to a
Sunday is on a rest day, except where that Sunday is a swapped working day: then only the case's own day tells.
"""


def fate_of(kinds: Iterable[FaultKind]) -> Fate | None:
    """Give the fate of a row with these faults: the worst; None without faults (it lands unreported)."""
    return max((RULES[kind].fate for kind in kinds), key=SEVERITY.__getitem__, default=None)


def ledger_fate(kind: str) -> Fate:
    """Give the fate of a ledger's kind of dirt; `KeyError` for a kind that is not in the table."""
    return RULES[LEDGER[kind][0]].fate


def as_markdown() -> str:
    """Print both tables as they stand in the documentation."""
    lines = ["| kind | 名称 | fate | why | 说明 |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| `{k.value}` | {k.zh} | {r.fate.value} | {r.reason} | {r.reason_zh} |" for k, r in RULES.items()]
    lines += ["", "| dirt of the generator | fate | reported as |", "| --- | --- | --- |"]
    for dirt, kinds in LEDGER.items():
        names = ", ".join(f"`{kind.value}`" for kind in kinds)
        lines.append(f"| `{dirt}` | {ledger_fate(dirt).value} | {names} |")
    return "\n".join(lines) + "\n"
