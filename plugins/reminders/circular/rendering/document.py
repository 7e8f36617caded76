"""通报 as a .docx in the layout of an official document."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from docx.document import Document as DocumentObject
from docx.shared import Pt

from plugins.reminders.circular.rendering import wording
from plugins.reminders.circular.rendering.drawing import add_chart
from plugins.reminders.circular.rendering.issue import Issue, Row, day_text, on_time_rate
from plugins.reminders.circular.rendering.layout import (
    HEITI,
    RED,
    SIZE_1,
    SIZE_2,
    SONG_TITLE,
    body,
    centred,
    flush_left,
    flush_right,
    official_document,
    ruled_below,
)
from plugins.reminders.circular.rendering.package import settled
from plugins.reminders.circular.rendering.tables import add_table
from plugins.reminders.rules.counters import Counters

_FIGURE_WIDTH = 12.4
_PLACED = 2


def document(issue: Issue) -> bytes:
    """The circular as the bytes of a .docx."""
    made = official_document()
    _properties(made, issue)
    _head(made, issue)
    _text(made, issue)
    _signature(made, issue)
    _attachments(made, issue)
    data = io.BytesIO()
    made.save(data)
    return settled(data.getvalue(), issue.published_on)


def _properties(made: DocumentObject, issue: Issue) -> None:
    properties, at = made.core_properties, datetime.combine(issue.published_on, time(), UTC)
    properties.title, properties.author, properties.last_modified_by = issue.title, issue.issuer, issue.issuer
    properties.subject, properties.comments, properties.language = issue.number or "草稿", "", "zh-CN"
    properties.created = properties.modified = at.replace(tzinfo=None)


def _head(made: DocumentObject, issue: Issue) -> None:
    """版头: the issuer in red, the number, the red line; below it the title."""
    mark = centred(made, f"{issue.issuer}文件", SONG_TITLE, SIZE_1)
    mark.runs[0].font.color.rgb = RED
    mark.paragraph_format.space_before = Pt(20)
    made.add_paragraph()
    number = centred(made, issue.number or "（草稿，未编号）")
    ruled_below(number, str(RED))
    made.add_paragraph()
    made.add_paragraph()
    centred(made, "\n".join(issue.title_lines), SONG_TITLE, SIZE_2)
    made.add_paragraph()


def _text(made: DocumentObject, issue: Issue) -> None:
    flush_left(made, f"{issue.recipients}：")
    body(made, wording.opening(issue))
    sections = [wording.overall(issue), wording.districts(issue), wording.kinds(issue), wording.missed(issue)]
    _section(made, sections[0])
    _section(made, sections[1])
    _figures(made, "表1　各区和市直单位办理情况", issue.districts, "地区", total=issue.total)
    add_chart(made, issue.districts, issue.published_on)
    _section(made, sections[2])
    _figures(made, "表2　各类事项办理情况", issue.kinds, "事项", total=issue.total)
    _section(made, sections[3])
    corrected = wording.corrected(issue)
    if corrected is not None:
        _section(made, corrected)
    demands = wording.demands(issue, len(sections) + (corrected is not None))
    if demands is not None:
        _section(made, demands)


def _section(made: DocumentObject, section: wording.Section) -> None:
    body(made, section.heading, HEITI).paragraph_format.keep_with_next = True
    for text in section.paragraphs:
        body(made, text)


def _signature(made: DocumentObject, issue: Issue) -> None:
    """附件说明 one line below the text, then 署名 and 成文日期, the date four characters in and the issuer centred on it."""
    made.add_paragraph()
    titles = wording.attachments(issue)
    for place, title in enumerate(titles, 1):
        mark = ("附件：" if place == 1 else "　　　") + (f"{place}.{title}" if len(titles) > 1 else title)
        body(made, mark)
    made.add_paragraph()
    made.add_paragraph()
    day = day_text(issue.published_on)
    offset = (_width(day) - _width(issue.issuer)) / 2
    flush_right(made, issue.issuer, max(0.0, 4 + offset)).paragraph_format.keep_with_next = True
    flush_right(made, day)


def _width(text: str) -> float:
    """In characters; a digit is half of one."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _attachments(made: DocumentObject, issue: Issue) -> None:
    titles = wording.attachments(issue)
    for place, title in enumerate(titles, 1):
        mark = flush_left(made, f"附件{place}" if len(titles) > 1 else "附件", HEITI)
        mark.paragraph_format.page_break_before = True
        made.add_paragraph()
        centred(made, title, SONG_TITLE, SIZE_2)
        made.add_paragraph()
        if title == wording.AGENCIES_TITLE:
            _agencies(made, issue)
        elif title == wording.MISSED_TITLE:
            _missed(made, issue)
        else:
            _corrected(made, issue)


def _figures(made: DocumentObject, caption: str, rows: Sequence[Row], named: str, total: Counters) -> None:
    line = centred(made, caption, HEITI)
    line.paragraph_format.keep_with_next = True
    widths = (156 - _FIGURE_WIDTH * (len(wording.COLUMNS) + 1), *[_FIGURE_WIDTH] * (len(wording.COLUMNS) + 1))
    add_table(made, (named, *_heads()), _cells([*rows, Row("合计", total)]), widths, 1)


def _agencies(made: DocumentObject, issue: Issue) -> None:
    count = len(wording.COLUMNS) + 1
    widths = (32.0, 20.0, *[(156 - 52) / count] * count)
    rows = [
        (row.name, row.place, *cells[1:]) for row, cells in zip(issue.agencies, _cells(issue.agencies), strict=True)
    ]
    add_table(made, ("单位", "地区", *_heads()), rows, widths, _PLACED)


def _missed(made: DocumentObject, issue: Issue) -> None:
    rows = [
        (
            str(place),
            one.agency,
            one.district,
            one.kind,
            one.due_on.isoformat(),
            one.violation_on.isoformat(),
            one.acted_on.isoformat() if one.acted_on else "未办结",
            str(one.days_late),
            "是" if one.remedied else "否",
        )
        for place, one in enumerate(issue.missed, 1)
    ]
    head = ("序号", "单位", "地区", "事项", "到期日", "违法之日", "办结日", "逾期天数", "已补救")
    add_table(made, head, rows, (9, 36, 16, 17, 19, 19, 19, 11, 10), 0)


def _corrected(made: DocumentObject, issue: Issue) -> None:
    rows = [
        (
            one.month.zh,
            one.agency,
            one.district,
            one.kind,
            wording.MEASURE_ZH[one.measure],
            str(one.before),
            str(one.after),
        )
        for one in issue.corrected
    ]
    head = ("月份", "单位", "地区", "事项", "数据项", "原通报", "更正为")
    add_table(made, head, rows, (22, 46, 18, 22, 18, 15, 15), 0)


def _heads() -> tuple[str, ...]:
    return (*(zh for _, zh in wording.COLUMNS), wording.RATE)


def _cells(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    return [
        (row.name, *(str(getattr(row.figures, measure)) for measure, _ in wording.COLUMNS), on_time_rate(row.figures))
        for row in rows
    ]
