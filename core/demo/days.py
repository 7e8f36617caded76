"""Days of the demo, as ordinals (`date.toordinal()`): legal periods over the shipped calendar, and what is known by its day."""

from __future__ import annotations

from datetime import date, timedelta

from core.calendar.calendar_file import shipped_calendar
from core.errors import BadUserInput

HISTORY_DAYS = 912
"""The demo reaches two and a half years back."""
FIRST_DAY, LAST_DAY = date(2019, 1, 1), date(2099, 12, 31)
"""Days on which a demo may stand: case numbers in today's form begin in 2016, the working calendar ends in 2120."""

ANSWER_TERM = 15
"""答辩期限 in days after receipt (行政诉讼法 67; 民事诉讼法 174 with 行政诉讼法 101; 适用解释 111)."""
JUDGMENT_APPEAL_TERM, RULING_APPEAL_TERM = 15, 10
"""上诉期限 in days after service (行政诉讼法 85)."""
_LONGEST_AHEAD = 800


class DemoDayOutOfRange(BadUserInput):
    """演示日期超出范围."""

    def __init__(self, asof: date) -> None:
        super().__init__(
            f"a demo can stand on a day from {FIRST_DAY} to {LAST_DAY}, not on {asof}",
            f"演示日期须在{FIRST_DAY}至{LAST_DAY}之间，不能是{asof}",
        )


class DemoDays:
    """The days of one demo. 0 stands for "no such day"; a day after `asof` has not happened yet."""

    __slots__ = ("_base", "_texts", "add", "asof", "next", "previous", "start")

    def __init__(self, asof: date) -> None:
        if not FIRST_DAY <= asof <= LAST_DAY:
            raise DemoDayOutOfRange(asof)
        table = shipped_calendar().days
        self.add = table.add
        self.next = table.next_workday
        self.previous = table.previous_workday
        self.asof = asof.toordinal()
        self.start = self.asof - HISTORY_DAYS
        first = asof - timedelta(days=2 * HISTORY_DAYS)
        self._base = first.toordinal()
        self._texts = [(first + timedelta(days=n)).isoformat() for n in range(2 * HISTORY_DAYS + _LONGEST_AHEAD)]

    def workdays(self) -> list[int]:
        """The working days of the demo's history, to `asof`."""
        found, day = [], self.next(self.start)
        while day <= self.asof:
            found.append(day)
            day = self.add(day, 1)
        return found

    def happened(self, day: int) -> bool:
        """Whether there is such a day, and it has come."""
        return 0 < day <= self.asof

    def text(self, day: int) -> str:
        """The day as the files write it; empty for none."""
        return self._texts[day - self._base] if day else ""

    def told(self, day: int) -> str:
        """The day as the files write it; empty for none and for one to come."""
        return self._texts[day - self._base] if 0 < day <= self.asof else ""

    def due(self, start: int, term: int) -> int:
        """The last day of a period: the start is not counted, and a rest day at its end moves it on (民事诉讼法 85)."""
        return self.next(start + term)
