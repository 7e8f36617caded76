"""What happened, as a list: each fact with the moment at which the platform learned of it (Beijing time)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum

from tests.simulation.reference.terms import Term, Unit

BEIJING = timezone(timedelta(hours=8))


class DutyKind(Enum):
    """督办义务 (domain §4)."""

    DEFENCE = "DEFENCE"
    HEARING = "HEARING"
    PERFORMANCE = "PERFORMANCE"
    SUGG_REPLY = "SUGG_REPLY"
    LOSS_REPORT = "LOSS_REPORT"
    RECON_ANSWER = "RECON_ANSWER"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the duty or the document `key`, known from `at` on."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class DocumentReceived(Fact):
    """One of the four kinds of document reached an agency of the tenant `place`: it is to be reported (报备)."""

    place: int
    received_on: date


@dataclass(frozen=True, slots=True)
class Reported(Fact):
    """The report was submitted."""


@dataclass(frozen=True, slots=True)
class DutyBorn(Fact):
    """A duty with a term that runs from `starts_on`, or, for a hearing, with the court's day as its term."""

    place: int
    kind: DutyKind
    starts_on: date
    term: Term


@dataclass(frozen=True, slots=True)
class Moved(Fact):
    """改期、延期: the court gave another last day."""

    term: Term


@dataclass(frozen=True, slots=True)
class Suspended(Fact):
    """中止, from this day on."""

    on: date


@dataclass(frozen=True, slots=True)
class Resumed(Fact):
    """恢复: from this day on the days count again."""

    on: date


@dataclass(frozen=True, slots=True)
class Acted(Fact):
    """答辩、出庭、履行: done on this day."""

    on: date


@dataclass(frozen=True, slots=True)
class FeedbackFiled(Fact):
    """反馈."""


@dataclass(frozen=True, slots=True)
class FeedbackReturned(Fact):
    """退回反馈."""


@dataclass(frozen=True, slots=True)
class Verified(Fact):
    """核实."""


@dataclass(frozen=True, slots=True)
class RemedyFiled(Fact):
    """补救方案."""


@dataclass(frozen=True, slots=True)
class Voided(Fact):
    """作废: 撤诉、移送、重复."""


@dataclass(frozen=True, slots=True)
class Confirmed(Fact):
    """The responsible person confirmed the reminder so many days ahead: no telephone call is needed."""

    offset: int


@dataclass(frozen=True, slots=True)
class Switch:
    """The plugin was disabled or enabled in a tenant's range `low <= place < high`."""

    at: datetime
    low: int
    high: int
    enabled: bool

    def covers(self, place: int) -> bool:
        return self.low <= place < self.high


class Nonworking(Enum):
    """提醒遇休息日 (domain §12: reminder.nonworking)."""

    ADVANCE = "advance"
    KEEP = "keep"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of domain §12 that touch the calendar, with their defaults, and the hours of the day."""

    report: Term = field(default=Term(2))
    feedback: Term = field(default=Term(1))
    returned: Term = field(default=Term(1, Unit.WORKING_DAY))
    remedy: Term = field(default=Term(3, Unit.WORKING_DAY))
    offsets: tuple[int, ...] = (7, 1)
    nonworking: Nonworking = Nonworking.ADVANCE
    morning: time = time(9)
    """From when on the reminders of a day are sent."""
    noon: time = time(12)


@dataclass(frozen=True, slots=True)
class History:
    """All that happened, and under which settings."""

    facts: tuple[Fact, ...]
    switches: tuple[Switch, ...] = ()
    settings: Settings = field(default_factory=Settings)
