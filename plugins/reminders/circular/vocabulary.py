"""The words of circulars in the schema: states, kinds of duties, measures, files."""

from __future__ import annotations

from core.sdk.rules import Labelled, ObligationKind


class CircularState(Labelled):
    """通报状态."""

    DRAFT = "DRAFT", "草稿", "draft"
    PUBLISHED = "PUBLISHED", "已发布", "published, frozen"
    SUPERSEDED = "SUPERSEDED", "已被新草稿取代", "superseded by a later draft"


class DutyKind(Labelled):
    """事项: what a line counts: a kind of obligation, or the duty to report (报备)."""

    REPORT = "REPORT", "报备", "reporting"
    DEFENCE = ObligationKind.DEFENCE.value, ObligationKind.DEFENCE.zh, ObligationKind.DEFENCE.en
    HEARING = ObligationKind.HEARING.value, ObligationKind.HEARING.zh, ObligationKind.HEARING.en
    PERFORMANCE = ObligationKind.PERFORMANCE.value, ObligationKind.PERFORMANCE.zh, ObligationKind.PERFORMANCE.en
    SUGG_REPLY = ObligationKind.SUGG_REPLY.value, ObligationKind.SUGG_REPLY.zh, ObligationKind.SUGG_REPLY.en
    LOSS_REPORT = ObligationKind.LOSS_REPORT.value, ObligationKind.LOSS_REPORT.zh, ObligationKind.LOSS_REPORT.en
    RECON_ANSWER = ObligationKind.RECON_ANSWER.value, ObligationKind.RECON_ANSWER.zh, ObligationKind.RECON_ANSWER.en


class Measure(Labelled):
    """数据项: a figure of a line. `due` is the sum of void, on time, late, missed and open."""

    DUE = "DUE", "到期", "due in the month"
    ON_TIME = "ON_TIME", "按时", "done on time"
    LATE = "LATE", "逾期办结", "done late"
    MISSED = "MISSED", "逾期未办", "missed and not done"
    OPEN = "OPEN", "未到期", "not yet past its last day"
    VOID = "VOID", "作废", "void"
    WAS_MISSED = "WAS_MISSED", "曾逾期", "ever missed"
    REMEDIED = "REMEDIED", "已补救", "missed and remedied"

    @property
    def column(self) -> str:
        """The column of a line that holds it."""
        return self.value.lower()


class CircularFormat(Labelled):
    """通报文件格式."""

    DOCX = "DOCX", "公文", "the document"
    XLSX = "XLSX", "数据表", "the workbook"

    @property
    def ending(self) -> str:
        """The ending of its files' names."""
        return self.value.lower()

    @property
    def media_type(self) -> str:
        """Its media type."""
        kind = "wordprocessingml.document" if self is CircularFormat.DOCX else "spreadsheetml.sheet"
        return f"application/vnd.openxmlformats-officedocument.{kind}"
