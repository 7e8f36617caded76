"""Circulars in the schema: issues, figures by district, kind and agency, lines, who is listed, corrections, files."""

from __future__ import annotations

from core.sdk.graphql import (
    Count,
    Dimension,
    Doc,
    Filter,
    GroupedRows,
    Grouping,
    ListSource,
    Order,
    Rate,
    Scalar,
    column,
    connection,
    expression,
    grouped,
    node,
    to_many,
    to_one,
)
from core.sdk.tables import Tenant
from plugins.reminders.circular.permissions import CIRCULARS_READ
from plugins.reminders.circular.tables import Circular as CircularTable
from plugins.reminders.circular.tables import CircularCorrection as CorrectionTable
from plugins.reminders.circular.tables import CircularFile as FileTable
from plugins.reminders.circular.tables import CircularLine as LineTable
from plugins.reminders.circular.tables import CircularMiss as MissTable
from plugins.reminders.circular.vocabulary import CircularFormat, CircularState, DutyKind, Measure

READ = CIRCULARS_READ.name
_FROZEN = "发布时冻结，不再变动"


def _summed(name: str) -> Count:
    measure = Measure[name.upper()]
    doc = Doc(measure.zh, measure.en, "件")
    return Count(name, doc, lambda row: f"coalesce(sum({row}.{name}), 0)::integer", part=name != "due")


def of_circular(asked: GroupedRows) -> list[str]:
    """The lines of the circular whose field is asked."""
    return [f"{asked.alias}.shard = {asked.parent}.shard", f"{asked.alias}.circular_id = {asked.parent}.id"]


FIGURES = Grouping(
    "CircularFigures",
    Doc("通报数据", "figures of a circular"),
    LineTable,
    (
        Dimension(
            "district", Doc("地区", "district", "市直机关的归入市"), lambda row: f"{row}.district_code", target="Tenant"
        ),
        Dimension(
            "agency_name",
            Doc("单位名称", "agency's name", "通报时的名称"),
            lambda row: f"{row}.agency_name",
            Scalar.STRING,
        ),
        Dimension("kind", Doc("事项", "kind of duty"), lambda row: f"{row}.kind", DutyKind),
    ),
    (
        *(_summed(measure.column) for measure in Measure),
        Rate(
            "on_time_rate",
            Doc("按时率", "on-time rate", "按时 ÷ 到期（作废除外）"),
            lambda row: f"coalesce(sum({row}.on_time), 0)::integer",
            lambda row: f"coalesce(sum({row}.due - {row}.void), 0)::integer",
            "分子：当月到期、按时办结的事项。分母：当月到期的事项，作废的除外。",
        ),
    ),
    filters=(
        Filter("kind", LineTable.kind, Doc("事项", "kind of duty"), enum=DutyKind),
        Filter("agency_name", LineTable.agency_name, Doc("单位名称", "agency's name")),
    ),
)

LINES = ListSource(
    "CircularLine",
    "CircularLine",
    LineTable,
    orders=(
        Order("DISTRICT_ASC", LineTable.district_code, descending=False, doc=Doc("按地区", "by district")),
        Order("MISSED_DESC", LineTable.missed, descending=True, doc=Doc("逾期未办多的在前", "most missed first")),
        Order(
            "WAS_MISSED_DESC",
            LineTable.was_missed,
            descending=True,
            doc=Doc("曾逾期多的在前", "most ever missed first"),
        ),
    ),
    filters=(
        Filter("agency", LineTable.agency_id, Doc("单位", "agency"), ref="Agency"),
        Filter("agency_name", LineTable.agency_name, Doc("单位名称", "agency's name")),
        Filter("district", LineTable.district_code, Doc("地区", "district"), ref="Tenant"),
        Filter("kind", LineTable.kind, Doc("事项", "kind of duty"), enum=DutyKind),
        Filter("missed", LineTable.missed, Doc("逾期未办件数", "number missed")),
    ),
)
MISSES = ListSource(
    "CircularMiss",
    "CircularMiss",
    MissTable,
    orders=(
        Order("DISTRICT_ASC", MissTable.district_code, descending=False, doc=Doc("按地区", "by district")),
        Order("DAYS_LATE_DESC", MissTable.days_late, descending=True, doc=Doc("逾期久的在前", "longest late first")),
    ),
    filters=(
        Filter("agency", MissTable.agency_id, Doc("单位", "agency"), ref="Agency"),
        Filter("district", MissTable.district_code, Doc("地区", "district"), ref="Tenant"),
        Filter("kind", MissTable.kind, Doc("事项", "kind of duty"), enum=DutyKind),
    ),
)
CORRECTIONS = ListSource(
    "CircularCorrection",
    "CircularCorrection",
    CorrectionTable,
    orders=(Order("MONTH_ASC", CorrectionTable.month, descending=False, doc=Doc("按月份", "by month")),),
    filters=(
        Filter("month", CorrectionTable.month, Doc("被更正的月份", "month corrected", "与当月首日比较")),
        Filter("agency", CorrectionTable.agency_id, Doc("单位", "agency"), ref="Agency"),
        Filter("kind", CorrectionTable.kind, Doc("事项", "kind of duty"), enum=DutyKind),
        Filter("measure", CorrectionTable.measure, Doc("数据项", "measure"), enum=Measure),
    ),
)
CIRCULARS = ListSource(
    "Circular",
    "Circular",
    CircularTable,
    orders=(
        Order("MONTH_DESC", CircularTable.month, descending=True, doc=Doc("新的在前", "newest first")),
        Order("MONTH_ASC", CircularTable.month, descending=False, doc=Doc("旧的在前", "oldest first")),
    ),
    filters=(
        Filter("month", CircularTable.month, Doc("月份", "month", "与当月首日比较")),
        Filter("state", CircularTable.state, Doc("状态", "state"), enum=CircularState),
    ),
)


@node(CircularTable, Doc("每月通报", "monthly circular", f"全市一份；{_FROZEN}，以后的变动在下一期更正"))
class Circular:
    """One issue."""

    month = column(CircularTable.month, Doc("月份", "month", "当月首日"))
    state = column(CircularTable.state, Doc("状态", "state"), enum=CircularState)
    number = column(CircularTable.number_text, Doc("文号", "number", "如 穗应诉通报〔2026〕8号；草稿没有"))
    issuer = column(CircularTable.issuer, Doc("发文机关", "issuer"))
    recipients = column(CircularTable.recipients, Doc("主送机关", "main recipients"))
    demands = column(CircularTable.demands, Doc("工作要求", "demands"))
    as_of = column(CircularTable.as_of, Doc("截至日", "as of", "当月最后一日24时的办理情况"))
    known_at = column(CircularTable.known_at, Doc("取数时间", "known at", "此后录入的不计入本期"))
    due_to_publish_on = column(
        CircularTable.due_to_publish_on, Doc("应发布日", "due to publish on", "次月5日，遇休息日顺延")
    )
    drafted_at = column(CircularTable.drafted_at, Doc("起草时间", "drafted at"))
    drafted_by = column(CircularTable.drafted_by, Doc("起草人", "drafted by"))
    published_at = column(CircularTable.published_at, Doc("发布时间", "published at"))
    published_on = column(CircularTable.published_on, Doc("成文日期", "day of the document"))
    published_by = column(CircularTable.published_by, Doc("发布人", "published by"))
    version = column(CircularTable.version, Doc("版本", "version", "修改时用于并发检查"))
    figures = grouped(
        FIGURES, Doc("数据", "figures", f"按地区、单位、事项分组；{_FROZEN}"), rows=of_circular, permission=READ
    )
    lines = connection(
        LINES,
        Doc("各单位数据", "lines", "每单位、地区、事项一行"),
        where={LineTable.circular_id: CircularTable.id},
        permission=READ,
    )
    misses = connection(
        MISSES,
        Doc("新增逾期事项", "newly missed duties", "只列单位与事项，不列案件"),
        where={MissTable.circular_id: CircularTable.id},
        permission=READ,
    )
    corrections = connection(
        CORRECTIONS,
        Doc("以往月份更正", "corrections of earlier issues"),
        where={CorrectionTable.circular_id: CircularTable.id},
        permission=READ,
    )
    files = to_many(
        "CircularFile",
        Doc("文件", "files", "发布后由后台生成；以 circularDownload 取下载地址"),
        via=FileTable.circular_id,
        order=[(FileTable.format, False)],
        permission=READ,
    )


@node(LineTable, Doc("通报数据行", "line of a circular", "到期 = 按时 + 逾期办结 + 逾期未办 + 未到期 + 作废"))
class CircularLine:
    """Figures of one agency in one district on one kind of duty."""

    agency = to_one("Agency", Doc("单位", "agency", "不在本人范围内的为空，另见名称"), via=LineTable.agency_id)
    agency_name = column(LineTable.agency_name, Doc("单位名称", "agency's name", "通报时的名称"))
    district = to_one("Tenant", Doc("地区", "district"), via=LineTable.district_code, key=Tenant.code)
    district_name = column(
        LineTable.district_name, Doc("地区名称", "district's name", "通报时的名称；市直机关为市直单位")
    )
    kind = column(LineTable.kind, Doc("事项", "kind of duty"), enum=DutyKind)
    due = column(LineTable.due, Doc(Measure.DUE.zh, Measure.DUE.en, "件"))
    on_time = column(LineTable.on_time, Doc(Measure.ON_TIME.zh, Measure.ON_TIME.en, "件"))
    late = column(LineTable.late, Doc(Measure.LATE.zh, Measure.LATE.en, "件"))
    missed = column(LineTable.missed, Doc(Measure.MISSED.zh, Measure.MISSED.en, "件"))
    open = column(LineTable.open, Doc(Measure.OPEN.zh, Measure.OPEN.en, "件"))
    void = column(LineTable.void, Doc(Measure.VOID.zh, Measure.VOID.en, "件"))
    was_missed = column(LineTable.was_missed, Doc(Measure.WAS_MISSED.zh, Measure.WAS_MISSED.en, "件；补办后仍计"))
    remedied = column(LineTable.remedied, Doc(Measure.REMEDIED.zh, Measure.REMEDIED.en, "件"))


@node(MissTable, Doc("新增逾期事项", "newly missed duty"))
class CircularMiss:
    """A duty that is listed by name of its agency."""

    agency = to_one("Agency", Doc("单位", "agency", "不在本人范围内的为空，另见名称"), via=MissTable.agency_id)
    agency_name = column(MissTable.agency_name, Doc("单位名称", "agency's name"))
    district_name = column(MissTable.district_name, Doc("地区名称", "district's name"))
    kind = column(MissTable.kind, Doc("事项", "kind of duty"), enum=DutyKind)
    due_on = column(MissTable.due_on, Doc("到期日", "last day"))
    violation_on = column(MissTable.violation_on, Doc("违法之日", "violation date", "到期日次日；列入其所在月份的通报"))
    acted_on = column(MissTable.acted_on, Doc("办结日", "day of the act", "截至日仍未办结的为空"))
    days_late = column(MissTable.days_late, Doc("逾期天数", "days late", "至办结日，未办结的至截至日"))
    remedied = column(MissTable.remedied, Doc("已补救", "remedied"))


@node(CorrectionTable, Doc("通报更正项", "correction", "以往一期的一个数据及其现在的值"))
class CircularCorrection:
    """A figure of an earlier issue, and what it is now."""

    month = column(CorrectionTable.month, Doc("被更正的月份", "month corrected", "当月首日"))
    agency = to_one("Agency", Doc("单位", "agency", "不在本人范围内的为空，另见名称"), via=CorrectionTable.agency_id)
    agency_name = column(CorrectionTable.agency_name, Doc("单位名称", "agency's name"))
    district_name = column(CorrectionTable.district_name, Doc("地区名称", "district's name"))
    kind = column(CorrectionTable.kind, Doc("事项", "kind of duty"), enum=DutyKind)
    measure = column(CorrectionTable.measure, Doc("数据项", "measure"), enum=Measure)
    before = column(CorrectionTable.before, Doc("原通报", "as told before"))
    after = column(CorrectionTable.after, Doc("更正为", "as it is now"))


@node(FileTable, Doc("通报文件", "file of a circular"))
class CircularFile:
    """The document, or the workbook."""

    format = column(FileTable.format, Doc("格式", "format"), enum=CircularFormat)
    name = column(FileTable.name, Doc("文件名", "name"))
    media_type = column(FileTable.media_type, Doc("媒体类型", "media type"))
    size = expression(
        lambda alias: f"{alias}.size::text", Doc("大小（字节）", "size in bytes"), Scalar.STRING, nullable=False
    )
    sha256 = column(FileTable.sha256, Doc("摘要", "sha256", "同一期重新生成，内容相同"))
    stored_at = column(FileTable.stored_at, Doc("生成时间", "made at"))


NODES = (Circular, CircularLine, CircularMiss, CircularCorrection, CircularFile)
QUERIES = {
    "circulars": connection(
        CIRCULARS, Doc("每月通报列表", "monthly circulars", "本市已发布的；草稿仅市司法局可见"), permission=READ
    )
}
