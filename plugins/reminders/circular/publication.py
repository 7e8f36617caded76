"""When a circular is published and what it is called: the month it is about, the day of publication, its number (文号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from core.sdk.rules import SHANGHAI, WorkingCalendar


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """通报月份: a calendar month, by its first day."""

    first: date

    def __post_init__(self) -> None:
        """`ValueError` for a day that is not the first of its month."""
        if self.first.day != 1:
            raise ValueError(f"{self.first} is not the first day of a month")

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that a day lies in."""
        return cls(day.replace(day=1))

    @property
    def next(self) -> Month:
        """The month after."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def previous(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        """Its last day: the day as of which its circular counts."""
        return self.next.first - timedelta(days=1)

    @property
    def over_at(self) -> datetime:
        """The instant from which the month is over: 24:00 of its last day in Shanghai."""
        return datetime.combine(self.next.first, time(), SHANGHAI)

    @property
    def zh(self) -> str:
        """2026年8月."""
        return f"{self.first.year}年{self.first.month}月"

    def __contains__(self, day: date) -> bool:
        return Month.of(day) == self


def publication_day(month: Month, day: int, calendar: WorkingCalendar) -> date:
    """D20: the `day`-th of the next month (1-28), or the first working day after it."""
    return calendar.next_workday(month.next.first.replace(day=day))


def months_to_publish(newest: Month | None, today: date, day: int, calendar: WorkingCalendar) -> tuple[Month, ...]:
    """The months whose circulars are to be published by today, in order, after the newest that is published.

    A city without any circular begins with the last month alone: what lies before it began is nobody's to tell.
    """
    last = Month.of(today).previous
    due = last if today >= publication_day(last, day, calendar) else last.previous
    if newest is None:
        return (due,) if due == last else ()
    months = []
    month = newest.next
    while month <= due:
        months.append(month)
        month = month.next
    return tuple(months)


def number_text(series: str, year: int, serial: int) -> str:
    """文号: 穗应诉通报〔2026〕8号. `series` is 机关代字 with the place; a series begins anew each year, without leading zeros."""
    return f"{series}〔{year}〕{serial}号"
