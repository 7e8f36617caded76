"""期间单位: what people state a term in; the engine's own units are in `trace.TermUnit`."""

from __future__ import annotations

from core.calendar.trace import TermUnit
from core.labels import Labelled


class PeriodUnit(Labelled):
    """期间单位: what a stated term counts in."""

    DAY = "DAY", "日", "calendar day"
    WORKING_DAY = "WORKING_DAY", "工作日", "working day"
    MONTH = "MONTH", "个月", "month"
    YEAR = "YEAR", "年", "year"

    @property
    def unit(self) -> TermUnit:
        """The same unit, as the period engine knows it."""
        return TermUnit[self.name]
