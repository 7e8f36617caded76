"""The words of a circular: what the document says between its tables."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.reminders.circular.figures import binding
from plugins.reminders.circular.rendering.issue import Issue, day_text, on_time_rate

COLUMNS = (
    ("due", "到期"),
    ("on_time", "按时"),
    ("late", "逾期办结"),
    ("missed", "逾期未办"),
    ("open", "未到期"),
    ("void", "作废"),
    ("was_missed", "曾逾期"),
    ("remedied", "已补救"),
)
"""The columns of figures, by measure, as tables and sheets head them."""
RATE = "按时率"
MEASURE_ZH = dict(COLUMNS)

AGENCIES_TITLE = "各单位行政应诉事项办理情况表"
MISSED_TITLE = "本月新增逾期事项名单"
CORRECTED_TITLE = "以往月份数据更正表"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the body: its heading (一、…) and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


def opening(issue: Issue) -> str:
    """The first paragraph."""
    return (
        f"根据行政应诉全过程督办工作机制，现将{issue.month.zh}全市行政应诉事项（报备、答辩举证、出庭、履行等）"
        f"办理情况通报如下。数据截至{day_text(issue.as_of)}24时。"
    )


def overall(issue: Issue) -> Section:
    """一、总体情况."""
    all_of = issue.total
    agencies = sum(1 for row in issue.agencies if binding(row.figures))
    first = (
        f"本月全市到期事项{all_of.due}件，涉及{agencies}个单位。其中，按时办结{all_of.on_time}件，"
        f"逾期办结{all_of.late}件，逾期未办{all_of.missed}件，期限尚未届满{all_of.open}件，"
        f"因撤诉、移送等作废{all_of.void}件；按时率为{on_time_rate(all_of)}。"
    )
    second = f"上述事项中曾逾期{all_of.was_missed}件，已完成补救{all_of.remedied}件。"
    return Section("一、总体情况", (first, second))


def districts(issue: Issue) -> Section:
    """二、各区和市直单位情况: the best and what was missed where; the table and the chart follow."""
    behind = sorted((row for row in issue.districts if row.figures.missed), key=lambda row: -row.figures.missed)
    told = "、".join(f"{row.name}{row.figures.missed}件" for row in behind)
    text = f"截至月末仍逾期未办的：{told}。" if told else "截至月末没有逾期未办事项。"
    return Section("二、各区和市直单位情况", (f"{text}各区和市直单位办理情况见表1、图1。",))


def kinds(_issue: Issue) -> Section:
    """三、各类事项情况."""
    return Section("三、各类事项情况", ("各类事项办理情况见表2，各单位办理情况见附件1。",))


def missed(issue: Issue) -> Section:
    """四、新增逾期情况."""
    if not issue.missed:
        return Section("四、新增逾期情况", ("本月没有新增逾期事项。",))
    agencies = len({one.agency for one in issue.missed})
    return Section("四、新增逾期情况", (f"本月新增逾期事项{len(issue.missed)}件，涉及{agencies}个单位，名单见附件2。",))


def corrected(issue: Issue) -> Section | None:
    """五、以往月份数据更正; None where there is nothing to correct."""
    if not issue.corrected:
        return None
    months = len({one.month for one in issue.corrected})
    number = 3 if issue.missed else 2
    text = (
        f"以往{months}个月份的数据在原通报发布后有变动，共更正{len(issue.corrected)}项，见附件{number}。"
        "原通报不作改动，引用时以更正后的数据为准。"
    )
    return Section("五、以往月份数据更正", (text,))


def demands(issue: Issue, after: int) -> Section | None:
    """工作要求, as the tenant has set it; `after` is how many sections stand before."""
    if not issue.demands.strip():
        return None
    return Section(f"{'一二三四五六七'[after]}、工作要求", tuple(issue.demands.split("\n")))


def attachments(issue: Issue) -> tuple[str, ...]:
    """The titles of the attachments, in order; the first is always there."""
    titles = [AGENCIES_TITLE]
    if issue.missed:
        titles.append(MISSED_TITLE)
    if issue.corrected:
        titles.append(CORRECTED_TITLE)
    return tuple(titles)
