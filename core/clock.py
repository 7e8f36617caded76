"""Time is passed in, never read: rules and acts take a `Clock` or a day, so a test can hold it still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
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


class ClockUnreadable(Exception):
    """The file of a `FileClock` holds no instant; the message names it."""


class FileClock:
    """A clock that shows the instant in a file, for simulations of several processes; the system's while there is no such file.

    Whoever moves it writes the new instant beside the file and renames: a file half written is an error.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._system = SystemClock()

    def now(self) -> datetime:
        """The instant that the file holds at this moment. Raises `ClockUnreadable`."""
        try:
            written = self._path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return self._system.now()
        try:
            instant = datetime.fromisoformat(written)
        except ValueError as error:
            raise ClockUnreadable(f"{self._path} holds no instant like 2026-01-31T09:00:00+08:00") from error
        if instant.tzinfo is None:
            raise ClockUnreadable(f"{self._path}: the instant says no time zone")
        return instant.astimezone(UTC)

    def today(self) -> date:
        """The calendar day in Shanghai of that instant."""
        return self.now().astimezone(SHANGHAI).date()


def process_clock(path: Path | None) -> Clock:
    """The clock of a process: the system's, or that of the file which `YINGSU_CLOCK` names."""
    return SystemClock() if path is None else FileClock(path)
