"""The files of an import and their columns: names, Chinese titles, what a cell holds, how it is staged.

The order of the columns here is the order in the template, in the files that the case generator writes, and in the
rows handed to COPY.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from core.cases.outcomes import OUTCOME_WORDS
from core.cases.procedures import STAGE_KINDS
from core.cases.vocabulary import DOC_TYPE_WORDS, Direction, HearingMode, PartyKind
from core.labels import Labelled


class ImportFile(Labelled):
    """导入文件: a kind of file; the code is the file's stem and the sheet's name."""

    AGENCIES = "agencies", "机关", "agencies"
    CASES = "cases", "案件", "cases"
    HEARINGS = "hearings", "开庭", "hearings"
    JUDGMENTS = "judgments", "裁判", "judgments"
    DOCUMENTS = "documents", "文书", "documents"


class Holds(Enum):
    """What a cell holds, hence how it is checked, mended and staged."""

    ID = auto()
    TEXT = auto()
    DATE = auto()
    TIME = auto()
    NUMBER = auto()
    AMOUNT = auto()
    YES_NO = auto()
    CODE = auto()
    LABEL = auto()
    CASE_NUMBER = auto()
    FILE_NAME = auto()
    TENANT_CODE = auto()
    CAUSE_CODE = auto()
    AGENCY_ID = auto()


SQL_TYPES = {
    Holds.DATE: "date",
    Holds.TIME: "time",
    Holds.NUMBER: "smallint",
    Holds.AMOUNT: "numeric(14,2)",
    Holds.YES_NO: "boolean",
}
"""PostgreSQL types of staged columns; what is not named is `text`."""


class Presence(Enum):
    """Whether an empty cell is a fault."""

    REQUIRED = auto()
    EXPECTED = auto()
    OPTIONAL = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    `choices` is the closed list of a CODE (an unlisted value is refused) or the known list of a LABEL (an unlisted one
    is kept with a warning). `longest` counts characters.
    """

    name: str
    zh: str
    holds: Holds = Holds.TEXT
    presence: Presence = Presence.OPTIONAL
    choices: tuple[str, ...] = ()
    note_zh: str = ""
    longest: int = 500

    @property
    def sql_type(self) -> str:
        """The PostgreSQL type of the staged column."""
        return SQL_TYPES.get(self.holds, "text")


_REQUIRED, _EXPECTED = Presence.REQUIRED, Presence.EXPECTED

STAGES = tuple(STAGE_KINDS)
"""Stages (审级) of the cases of a court that an import may bring."""

OUTCOMES = tuple(sorted({word for kind, word in OUTCOME_WORDS if kind in STAGE_KINDS.values()}))
"""Outcomes (裁判结果) of all these stages, as the courts' lists write them."""

PARTY_KINDS = tuple(
    kind.zh for kind in (PartyKind.NATURAL_PERSON, PartyKind.LEGAL_PERSON, PartyKind.OTHER_ORGANISATION)
)
"""Who may sue (行政诉讼法 2)."""

SYNONYMS: dict[str, dict[str, str]] = {
    "level": {
        "市级": "city",
        "市": "city",
        "区级": "district",
        "区县级": "district",
        "区": "district",
        "镇街": "town",
        "功能区": "zone",
    },
    "stage": {"一审": "first", "二审": "second", "再审审查": "retrial_review", "再审": "retrial"},
    "status": {"在办": "open", "未结": "open", "已结": "closed", "结案": "closed"},
    "procedure": {"普通程序": "普通", "简易程序": "简易"},
    "plaintiff_type": {"个人": "自然人", "公民": "自然人", "公司": "法人", "企业": "法人", "非法人组织": "其他组织"},
    "direction": {"收文": "收", "发文": "发"},
    "mode": {"线下": "现场", "网上": "线上", "在线": "线上"},
}
"""Other spellings of listed values, by column, that are replaced (`CODE_SYNONYM`)."""

COLUMNS: dict[ImportFile, tuple[Column, ...]] = {
    ImportFile.AGENCIES: (
        Column("agency_id", "机关编号", Holds.ID, _REQUIRED, note_zh="本批文件内唯一,案件表以此引用", longest=64),
        Column("name", "机关名称", presence=_REQUIRED, note_zh="登记的全称"),
        Column("level", "级别", Holds.CODE, _REQUIRED, ("city", "district", "town", "zone"), "市、区县、镇街、功能区"),
        Column("tenant_code", "地区代码", Holds.TENANT_CODE, _REQUIRED, note_zh="行政区划代码,4、6 或 9 位"),
        Column("category", "机关类别", note_zh="如 police、street_office"),
    ),
    ImportFile.CASES: (
        Column("case_id", "案件编号", Holds.ID, _REQUIRED, note_zh="本批文件内唯一,其他表以此引用", longest=64),
        Column("case_no", "案号", Holds.CASE_NUMBER, _REQUIRED, note_zh="如 （2026）粤7101行初1号"),
        Column("stage", "审级", Holds.CODE, _REQUIRED, STAGES, "一审、二审、再审审查、再审"),
        Column("prev_case_id", "前案编号", Holds.ID, note_zh="上一审级案件的编号", longest=64),
        Column("root_case_id", "争议首案编号", Holds.ID, note_zh="同一争议首个案件的编号,空则为本案", longest=64),
        Column("court_code", "法院代字", note_zh="如 粤7101,须与案号一致", longest=8),
        Column("court_name", "法院名称"),
        Column("tenant_code", "地区代码", Holds.TENANT_CODE, note_zh="应诉机关所属地区,空则按机关登记"),
        Column("agency_id", "应诉机关编号", Holds.AGENCY_ID, _REQUIRED, longest=64),
        Column("agency_name", "应诉机关名称"),
        Column("co_agency_id", "共同被告机关编号", Holds.AGENCY_ID, longest=64),
        Column("plaintiff", "原告", presence=_REQUIRED),
        Column("plaintiff_type", "原告类型", Holds.CODE, choices=PARTY_KINDS),
        Column("cause_code", "案由代码", Holds.CAUSE_CODE, _EXPECTED, note_zh="请设为文本格式,以免丢失前导零", longest=12),
        Column("cause_name", "案由"),
        Column("act_doc_no", "被诉行为文号", note_zh="如 穗行决〔2026〕1号"),
        Column("procedure", "审理程序", Holds.CODE, choices=("普通", "简易")),
        Column("filed_date", "立案日期", Holds.DATE, _REQUIRED),
        Column("received_date", "收到应诉材料日期", Holds.DATE),
        Column("reply_due", "答辩期限", Holds.DATE),
        Column("reply_date", "答辩日期", Holds.DATE),
        Column("first_hearing_date", "首次开庭日期", Holds.DATE),
        Column("closed_date", "结案日期", Holds.DATE),
        Column("status", "状态", Holds.CODE, _REQUIRED, ("open", "closed"), "在办、已结"),
        Column("outcome", "结案方式", Holds.LABEL, choices=OUTCOMES),
    ),
    ImportFile.HEARINGS: (
        Column("hearing_id", "开庭编号", Holds.ID, _REQUIRED, longest=64),
        Column("case_id", "案件编号", Holds.ID, _REQUIRED, longest=64),
        Column("seq", "开庭次序", Holds.NUMBER, _REQUIRED, note_zh="第几次开庭"),
        Column("date", "开庭日期", Holds.DATE, _REQUIRED),
        Column("start_time", "开庭时间", Holds.TIME, note_zh="如 09:30"),
        Column("mode", "开庭方式", Holds.CODE, choices=tuple(mode.zh for mode in HearingMode)),
        Column("head_required", "负责人应出庭", Holds.YES_NO, note_zh="1 或 0"),
        Column("head_attended", "负责人已出庭", Holds.YES_NO, note_zh="1 或 0,未知留空"),
        Column("head_name", "出庭负责人姓名"),
        Column("head_title", "出庭负责人职务"),
        Column("absence_reason", "未出庭理由"),
        Column("agents", "代理人数", Holds.NUMBER),
    ),
    ImportFile.JUDGMENTS: (
        Column("judgment_id", "裁判编号", Holds.ID, _REQUIRED, longest=64),
        Column("case_id", "案件编号", Holds.ID, _REQUIRED, longest=64),
        Column("kind", "文书种类", Holds.CODE, _REQUIRED, ("判决书", "裁定书", "调解书")),
        Column("doc_no", "文书案号", presence=_EXPECTED),
        Column("doc_date", "裁判日期", Holds.DATE, _REQUIRED),
        Column("served_date", "送达日期", Holds.DATE),
        Column("outcome", "裁判结果", Holds.LABEL, _REQUIRED, OUTCOMES),
        Column("agency_lost", "机关败诉", Holds.YES_NO, note_zh="1 或 0,未知留空"),
        Column("lost_reason", "败诉原因"),
        Column("amount_yuan", "金额(元)", Holds.AMOUNT),
        Column("appeal_deadline", "上诉期满日", Holds.DATE),
        Column("effective_date", "生效日期", Holds.DATE),
    ),
    ImportFile.DOCUMENTS: (
        Column("doc_id", "文书编号", Holds.ID, _REQUIRED, longest=64),
        Column("case_id", "案件编号", Holds.ID, _REQUIRED, longest=64),
        Column("doc_type", "文书种类", Holds.LABEL, _REQUIRED, tuple(DOC_TYPE_WORDS)),
        Column("doc_no", "文号"),
        Column("doc_date", "文书日期", Holds.DATE, _EXPECTED),
        Column("received_date", "收发日期", Holds.DATE, _EXPECTED, note_zh="收到(送达)或发出之日"),
        Column("direction", "收发", Holds.CODE, _REQUIRED, tuple(word.zh for word in Direction)),
        Column("pages", "页数", Holds.NUMBER),
        Column("file_name", "文件名", Holds.FILE_NAME),
    ),
}  # fmt: skip
"""The columns of every file. The order of the files is the order in which they must be read and landed."""

_CASE_EXTRAS = (
    ("code", "bigint"),
    ("number_year", "smallint"),
    ("number_court", "text"),
    ("number_special", "text"),
    ("number_type", "text"),
    ("number_serial", "integer"),
    ("number_read", "text"),
)

_EXTRAS: dict[ImportFile, tuple[tuple[str, str], ...]] = {
    ImportFile.AGENCIES: (("code", "bigint"),),
    ImportFile.CASES: _CASE_EXTRAS,
}

STAGING: dict[ImportFile, tuple[tuple[str, str], ...]] = {
    file: (("line", "integer"), *((c.name, c.sql_type) for c in columns), *_EXTRAS.get(file, ()))
    for file, columns in COLUMNS.items()
}
"""Names and types of the columns of the rows handed to COPY (`FORMAT csv`), in order, by file.

`line` is the physical line. `code` is the finest tenant code padded to nine digits: of an agency, its own; of a case,
that of its `agency_id`. `number_*` is the key of the case number, `case_no` its canonical text, and `number_read` the
text as read where that differs.
"""
