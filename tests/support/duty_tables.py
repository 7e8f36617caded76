"""The duty tables of `tests/core/calendar/duties`: reading them, and counting a line off on the fingers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.calendar import shipped_calendar_file
from tests.simulation.reference.terms import Term, Unit, last_day
from tests.simulation.reference.working_days import ONE_DAY, WorkingDays

FOLDER = Path(__file__).parents[1] / "core" / "calendar" / "duties"
PUBLISHED = {2024, 2025, 2026}
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
OTHERWISE = {"D9": "reminders", "D24": "exposure"}
"""Tables of another shape than a term's."""


class Known(WorkingDays):
    """The calendar's rows as they are known, and beyond them weekends and holidays on fixed dates."""

    def __init__(self, worked: dict[date, bool], *, earliest: bool = False) -> None:
        super().__init__(worked)
        self._earliest = earliest

    def is_worked(self, day: date) -> bool:
        if day.year in PUBLISHED:
            return super().is_worked(day)
        return self._earliest or (day.isoweekday() < 6 and (day.month, day.day) not in FIXED)


def _days(*, earliest: bool = False) -> Known:
    rows = csv.DictReader(shipped_calendar_file().decode().splitlines())
    return Known({date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in rows}, earliest=earliest)


DAYS, EARLIEST = _days(), _days(earliest=True)
UNITS = {"days": (Unit.DAY, 1), "working": (Unit.WORKING_DAY, 1), "months": (Unit.MONTH, 1), "years": (Unit.MONTH, 12)}


@dataclass(frozen=True)
class Line:
    """A line of a table."""

    duty: str
    given: dict[str, str]

    def __str__(self) -> str:
        return f"{self.duty} {self.given['start']} {self.given['settings']}".strip()

    def day(self, column: str) -> date:
        return date.fromisoformat(self.given[column])

    @property
    def settings(self) -> dict[str, object]:
        return settings_of(self.given["settings"])

    @property
    def more(self) -> int:
        return int(self.given["more"].split()[0]) if self.given["more"] else 0


def settings_of(text: str) -> dict[str, object]:
    """`report.term=5`, `report.roll=false`, `halfyear.days=07-15 01-20`: as a tenant writes them."""
    if not text:
        return {}
    name, _, value = text.partition("=")
    return {name: _value(value)}


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    words = [int(word) if word.isdigit() else word for word in text.split()]
    return words if len(words) > 1 else words[0]


def read(duty: str) -> list[dict[str, str]]:
    with (FOLDER / f"{duty}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLES = {path.stem: read(path.stem) for path in sorted(FOLDER.glob("*.csv"))}
LINES = [Line(duty, row) for duty, rows in TABLES.items() if duty not in OTHERWISE for row in rows]


def counted_off(line: Line, days: Known, *, roll: bool = True) -> date:
    """The last day by the words of the table: counted on the fingers."""
    first, *words = line.given["term"].split()
    start = line.day("start")
    if first == "on":
        return last_day(Term(stated_on=date.fromisoformat(words[0]), unit=Unit.STATED, roll=roll), start, days)
    if words[-1] == "before":
        day = start
        for _ in range(int(first)):
            day -= ONE_DAY
        return days.advanced(day) if roll else day
    unit, times = UNITS[words[0]]
    amount = int(first) * times + line.more
    return last_day(Term(amount, unit, roll and words[-1] != "strict"), start, days)


def reminded(due: date, known_on: date, offsets: list[int], rule: str) -> list[str]:
    """The reminders of a last day, walking back from it a day at a time."""
    told = []
    for offset in offsets:
        nominal = due
        for _ in range(offset):
            nominal -= ONE_DAY
        wanted = {"advance": [DAYS.advanced(nominal)], "keep": [nominal], "both": [DAYS.advanced(nominal), nominal]}
        sent = []
        for day in wanted[rule]:
            text = f"T-{offset} {max(day, known_on)}{' short' if known_on > day else ''}"
            if text.removesuffix(" short") not in [one.removesuffix(" short") for one in sent]:
                sent.append(text)
        told += sent
    return told if known_on <= due else []
