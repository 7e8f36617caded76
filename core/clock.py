"""Time is passed in, never read: rules and acts take a `Clock` or a day, so a test can hold it still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone in which a legal day begins and ends (domain: the last moment of a period is 24:00 local time)."""


class Clock(Protocol):
    """What tells the time to whoever needs it."""

    def now(self) -> datetime:
        """The instant, aware."""
        ...

    def today(self) -> date:
        """The calendar day in Shanghai."""
        ...


class SystemClock:
    """The machine's clock: used at the edges only."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The calendar day in Shanghai."""
        return self.now().astimezone(SHANGHAI).date()


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands where it is put; tests and simulations move it by assigning `instant`."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it was put at."""
        return self.instant

    def today(self) -> date:
        """The calendar day in Shanghai of that instant."""
        return self.instant.astimezone(SHANGHAI).date()
