"""The calendar in the schema: which days are working days, and a preview of any period with its trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import strawberry

from core.calendar import PeriodInput, WorkingCalendar, period
from core.calendar.period_input import LONGEST
from core.calendar.unit import PeriodUnit
from core.errors import BadUserInput
from schema.declared.fields import ComputedField
from schema.declared.types import Contribution
from schema.describe import Doc
from schema.labels import described_enum
from schema.scalars import Date

MAX_DAYS = 400


@strawberry.type(name="CalendarDay", description="日历日（calendar day）。")
class CalendarDayType:
    """A day, and whether it is a working day."""

    day: Date = strawberry.field(description="日期（day）。")
    is_workday: bool = strawberry.field(description="是否工作日（working day）。")
    holiday: str | None = strawberry.field(description="节日名称（holiday）。")
    official: bool = strawberry.field(description="是否依据国务院已公布的放假安排（official）。")


@strawberry.type(name="PeriodStep", description="期限计算的一步（step of a calculation）。")
class PeriodStep:
    """One step of the calculation."""

    rule: str = strawberry.field(description="规则（rule）。")
    law: str = strawberry.field(description="依据条文（article）。")
    text: str = strawberry.field(description="说明（in words）。")


@strawberry.type(name="PeriodPreview", description="期限试算（preview of a period）。")
class PeriodPreview:
    """What a period would be."""

    due_on: Date = strawberry.field(description="届满日（due day）。")
    raw_last_day: Date = strawberry.field(description="顺延前的最后一日（last day before moving off rest days）。")
    earliest_due_on: Date = strawberry.field(description="最早可能的届满日（earliest due day）。")
    provisional: bool = strawberry.field(description="是否暂定（provisional）。")
    steps: list[PeriodStep] = strawberry.field(description="计算过程（trace）。")


def _refuse(field: str, message: str, message_zh: str) -> BadUserInput:
    return BadUserInput(f"{field} {message}", f"{field} {message_zh}", field=field)


async def _calendar(context: Any) -> WorkingCalendar:
    calendar: WorkingCalendar = await context.extras["calendar"]()
    return calendar


async def resolve_days(context: Any, first: date, last: date) -> list[CalendarDayType]:
    """The days from `first` to `last`, both included."""
    span = (last - first).days
    if not 0 <= span <= MAX_DAYS:
        raise _refuse("last", f"must lie 0 to {MAX_DAYS} days after first", f"应在 first 之后 0 至 {MAX_DAYS} 天")
    calendar = await _calendar(context)
    days = (calendar.day(first + timedelta(days=offset)) for offset in range(span + 1))
    return [
        CalendarDayType(
            day=Date(day.date),
            is_workday=day.is_workday,
            holiday=day.holiday or None,
            official=day.status.value == "official",
        )
        for day in days
    ]


async def resolve_preview(context: Any, start_on: date, amount: int, unit: PeriodUnit, roll: bool) -> PeriodPreview:
    """A period reckoned from `start_on`, which is not counted itself."""
    longest = LONGEST[unit.unit]
    if not 1 <= amount <= longest:
        raise _refuse(
            "amount", f"must be from 1 to {longest} for {unit.name}", f"应在 1 到 {longest} 之间（{unit.zh}）"
        )
    found = period(PeriodInput(amount, unit.unit, start_on, roll), await _calendar(context))
    return PeriodPreview(
        due_on=Date(found.due),
        raw_last_day=Date(found.raw_last_day),
        earliest_due_on=Date(found.earliest_due),
        provisional=found.provisional,
        steps=[PeriodStep(rule=step.rule.value, law=step.law, text=step.text_zh) for step in found.trace],
    )


CONTRIBUTION = Contribution(
    "core",
    queries={
        "calendar_days": ComputedField(
            Doc("日历", "calendar days", f"一次最多 {MAX_DAYS + 1} 天"),
            list[CalendarDayType],
            resolve_days,
            {"first": (Date, Doc("首日", "first day")), "last": (Date, Doc("末日", "last day"))},
        ),
        "period_preview": ComputedField(
            Doc("期限试算", "period preview", law="民事诉讼法 85；民法典 201-203"),
            PeriodPreview,
            resolve_preview,
            {
                "start_on": (Date, Doc("起算日", "start", "当日不计入")),
                "amount": (int, Doc("数量", "amount")),
                "unit": (described_enum(PeriodUnit), Doc("单位", "unit")),
                "roll": (bool, Doc("末日为休息日时是否顺延", "move off rest days")),
            },
        ),
    },
)
