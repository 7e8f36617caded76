"""Which days are worked, as a table: one row a day, read from the calendar's data file with nothing else in between."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ONE_DAY = timedelta(days=1)


class WorkingDays:
    """A table of days. A day that is not in it is an error, never a guess."""

    def __init__(self, worked: dict[date, bool]) -> None:
        self._worked = worked

    @classmethod
    def read(cls, path: Path) -> WorkingDays:
        with path.open(encoding="utf-8", newline="") as file:
            return cls({date.fromisoformat(row["date"]): _is_worked(row) for row in csv.DictReader(file)})

    def is_worked(self, day: date) -> bool:
        return self._worked[day]

    def rolled(self, day: date) -> date:
        """The day itself, or the first working day after it (民诉法 85(3))."""
        while not self.is_worked(day):
            day += ONE_DAY
        return day

    def advanced(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.is_worked(day):
            day -= ONE_DAY
        return day


FIXED = ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")
"""Days off on the same date every year: all that is known beside weekends of a year without a notice."""


def _is_worked(row: dict[str, str]) -> bool:
    return row["is_workday"] == "1" and not (row["status"] == "provisional" and row["date"][5:] in FIXED)


def each_day(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
