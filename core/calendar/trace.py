"""The calculation trace (计算过程) of a period: one step per rule applied, with the article and the dates around it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Self

from core.calendar.working_days import YearVersion

_WEEKDAYS: Final = "一二三四五六日"


class TermUnit(enum.StrEnum):
    """What a term counts in (期间单位)."""

    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    FIXED_DATE = "fixed_date"


UNIT_ZH: Final[Mapping[TermUnit, str]] = {
    TermUnit.DAY: "日",
    TermUnit.WORKING_DAY: "个工作日",
    TermUnit.MONTH: "个月",
    TermUnit.YEAR: "年",
    TermUnit.FIXED_DATE: "",
}


class TraceRule(enum.StrEnum):
    """The counting rules; each step of a trace applies one."""

    EXCLUDE_START = "EXCLUDE_START"
    COUNT_TERM = "COUNT_TERM"
    COUNT_BACK = "COUNT_BACK"
    FIXED_DATE = "FIXED_DATE"
    SUSPENDED = "SUSPENDED"
    EXTENDED = "EXTENDED"
    DUE_REPLACED = "DUE_REPLACED"
    TRAVEL_EXCLUDED = "TRAVEL_EXCLUDED"
    ROLL_REST_DAY = "ROLL_REST_DAY"
    KEEP_MAKEUP_WORKDAY = "KEEP_MAKEUP_WORKDAY"
    STRICT_NO_ROLL = "STRICT_NO_ROLL"
    UNPUBLISHED_YEAR = "UNPUBLISHED_YEAR"


RULE_LAW: Final[Mapping[TraceRule, str]] = {
    TraceRule.EXCLUDE_START: "民诉法 85(2); 适用解释 48(2); 民法典 201(1)",
    TraceRule.COUNT_TERM: "民诉法 85(2); 适用解释 48(2)",
    TraceRule.COUNT_BACK: "民诉法 85(2); 适用解释 48(2)",
    TraceRule.FIXED_DATE: "",
    TraceRule.SUSPENDED: "适用解释 50",
    TraceRule.EXTENDED: "民诉法 86",
    TraceRule.DUE_REPLACED: "民诉法 86",
    TraceRule.TRAVEL_EXCLUDED: "民诉法 85(4); 适用解释 48(4)",
    TraceRule.ROLL_REST_DAY: "民诉法 85(3); 适用解释 48(3)",
    TraceRule.KEEP_MAKEUP_WORKDAY: "民诉法 85(3); 适用解释 48(3)",
    TraceRule.STRICT_NO_ROLL: "",
    TraceRule.UNPUBLISHED_YEAR: "",
}
"""The article behind each rule; empty where the platform's own default decides. Months and years: 民法典 202."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step (步骤): `rule` took the date `before` to `after`.

    `amount` and `unit` are what was counted, `span` the days from..to a step speaks of (a suspension; for
    UNPUBLISHED_YEAR the earliest possible and the shown end), `note` a holiday's name or a stated reason,
    `versions` the calendar years looked into.
    """

    rule: TraceRule
    law: str
    before: date
    after: date
    amount: int = 0
    unit: TermUnit = TermUnit.DAY
    span: tuple[date, date] | None = None
    note: str = ""
    versions: tuple[YearVersion, ...] = ()

    @property
    def text_zh(self) -> str:
        """The step in one Chinese sentence."""
        return _TEXTS[self.rule](self)

    def to_json(self) -> dict[str, object]:
        """Plain data for a jsonb column, with the Chinese text."""
        return {
            "rule": self.rule.value,
            "law": self.law,
            "before": self.before.isoformat(),
            "after": self.after.isoformat(),
            "amount": self.amount,
            "unit": self.unit.value,
            "span": [day.isoformat() for day in self.span] if self.span else None,
            "note": self.note,
            "versions": [version.to_json() for version in self.versions],
            "text_zh": self.text_zh,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """The inverse of `to_json`. Raises ValueError, KeyError or TypeError on foreign data."""
        span = data["span"]
        versions = data["versions"]
        if not isinstance(versions, Sequence) or not (span is None or isinstance(span, Sequence)):
            raise TypeError("span and versions must be lists")
        return cls(
            rule=TraceRule(str(data["rule"])),
            law=str(data["law"]),
            before=date.fromisoformat(str(data["before"])),
            after=date.fromisoformat(str(data["after"])),
            amount=int(str(data["amount"])),
            unit=TermUnit(str(data["unit"])),
            span=(date.fromisoformat(str(span[0])), date.fromisoformat(str(span[1]))) if span else None,
            note=str(data["note"]),
            versions=tuple(YearVersion.from_json(version) for version in versions),
        )


def result_of(trace: Sequence[TraceStep]) -> date:
    """The date that a trace leads to. Raises ValueError if it is empty or a step does not begin where the last ended."""
    if not trace:
        raise ValueError("an empty trace leads nowhere")
    for earlier, later in pairwise(trace):
        if earlier.after != later.before:
            raise ValueError(f"{later.rule} begins at {later.before}, but {earlier.rule} ended at {earlier.after}")
    return trace[-1].after


def _day(on: date) -> str:
    return f"{on.isoformat()}（周{_WEEKDAYS[on.weekday()]}）"


def _why(step: TraceStep) -> str:
    return f"（{step.note}）" if step.note else ""


def _term(step: TraceStep) -> str:
    return f"{step.amount}{UNIT_ZH[step.unit]}"


def _roll_text(step: TraceStep) -> str:
    back = step.after < step.before
    way = "前推至此前最近的工作日" if back else "以其后第一个工作日"
    end = "" if back else "为期间届满日"
    return f"{_day(step.before)}为休息日{_why(step)}，{way} {_day(step.after)}{end}"


def _suspension_text(step: TraceStep) -> str:
    first, resumed = step.span or (step.before, step.after)
    return (
        f"{first} 至 {resumed - timedelta(days=1)} 中止{_why(step)}，共 {(resumed - first).days} 日不计入期间，"
        f"最后一日由 {step.before} 变为 {step.after}"
    )


def _unpublished_text(step: TraceStep) -> str:
    years = "、".join(f"{v.year}年（{'未载入' if v.status == 'unknown' else '暂定'}）" for v in step.versions)
    earliest, shown = step.span or (step.after, step.after)
    return (
        f"{years}放假安排尚无正式数据，{step.note}为休息日，{shown} 为暂定结果；"
        f"如不因休息日顺延则为 {earliest}，提醒以较早者为准；正式安排载入后重新计算"
    )


_TEXTS: Final = {
    TraceRule.EXCLUDE_START: lambda s: f"{_day(s.before)}为期间开始之日，不计入期间，自 {s.after} 起算",
    TraceRule.COUNT_TERM: lambda s: f"自 {s.before} 起计 {_term(s)}，最后一日为 {_day(s.after)}",
    TraceRule.COUNT_BACK: lambda s: f"{_day(s.before)}当日不计入，向前计 {_term(s)}，最迟为 {_day(s.after)}",
    TraceRule.FIXED_DATE: lambda s: f"期限为确定日期 {_day(s.after)}{_why(s)}",
    TraceRule.SUSPENDED: _suspension_text,
    TraceRule.EXTENDED: lambda s: f"准予延长 {_term(s)}{_why(s)}，最后一日由 {s.before} 变为 {_day(s.after)}",
    TraceRule.DUE_REPLACED: lambda s: f"准予改定期限{_why(s)}，最后一日由 {s.before} 改为 {_day(s.after)}",
    TraceRule.TRAVEL_EXCLUDED: lambda s: f"在途时间 {s.amount} 日不计入期间，最后一日变为 {_day(s.after)}",
    TraceRule.ROLL_REST_DAY: _roll_text,
    TraceRule.KEEP_MAKEUP_WORKDAY: lambda s: f"{_day(s.after)}为调休上班日{_why(s)}，属工作日，不顺延",
    TraceRule.STRICT_NO_ROLL: lambda s: f"按设定不因休息日顺延，{_day(s.after)}为期间届满日",
    TraceRule.UNPUBLISHED_YEAR: _unpublished_text,
}
