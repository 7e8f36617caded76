"""What a circular says, as plain data: all that its files are made from. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from plugins.reminders.circular.figures import binding
from plugins.reminders.circular.publication import Month
from plugins.reminders.rules.counters import Counters

NO_RATE = "—"
"""What stands for a rate of nothing: never 0, never 100 (domain §1.4)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A named line of a table of figures; `place` says where an agency belongs."""

    name: str
    figures: Counters
    place: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """点名: a duty that was missed. The case is not named: one agency's cases are not the others' (domain §10)."""

    agency: str
    district: str
    kind: str
    due_on: date
    violation_on: date
    acted_on: date | None
    days_late: int
    remedied: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """更正: one figure of an earlier issue."""

    month: Month
    agency: str
    district: str
    kind: str
    measure: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Issue:
    """一期通报: a circular with its rows in the order in which they are printed.

    `number` is None in a draft. `as_of` is the last day of the month, `published_on` the day that the document bears.
    """

    city: str
    issuer: str
    recipients: str
    demands: str
    month: Month
    as_of: date
    number: str | None
    published_on: date
    districts: tuple[Row, ...]
    kinds: tuple[Row, ...]
    agencies: tuple[Row, ...]
    missed: tuple[Miss, ...]
    corrected: tuple[Corrected, ...]

    @property
    def total(self) -> Counters:
        """The figures of the city."""
        return sum((row.figures for row in self.districts), Counters())

    @property
    def title_lines(self) -> tuple[str, str]:
        """The document's title, broken where a word ends, as the standard wants it."""
        return f"关于{self.month.zh}全市行政应诉事项", "办理情况的通报"

    @property
    def title(self) -> str:
        """The document's title in one line."""
        return "".join(self.title_lines)

    @property
    def file_stem(self) -> str:
        """The files' name without its ending."""
        name = self.number or f"{self.month.zh}（草稿）"
        return f"{name} {self.title}"


def on_time_rate(figures: Counters) -> str:
    """按时率: on time ÷ due without the void, in per cent, half up, one digit shown."""
    if not binding(figures):
        return NO_RATE
    rate = Decimal(100 * figures.on_time) / binding(figures)
    return f"{rate.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def day_text(day: date) -> str:
    """成文日期 as official documents write it: 2026年9月7日."""
    return f"{day.year}年{day.month}月{day.day}日"
