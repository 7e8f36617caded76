"""What a period is computed from (期间的输入), kept beside its result so that it can be computed again."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from core.calendar.trace import TermUnit
from core.calendar.working_days import DateOutOfRange, check_ordinal

EARLIEST_START: Final = date(1990, 1, 1)
LATEST_START: Final = date(2100, 12, 31)
LONGEST: Final[Mapping[TermUnit, int]] = {
    TermUnit.DAY: 7300,
    TermUnit.WORKING_DAY: 5000,
    TermUnit.MONTH: 240,
    TermUnit.YEAR: 20,
    TermUnit.FIXED_DATE: 0,
}
"""The longest term of each unit: twenty years, as long as the longest term any law sets (行诉法 46(2))."""


class Direction(enum.StrEnum):
    """Whether a term runs after its event, or must be kept before it (开庭三日前)."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True, order=True)
class Suspension:
    """中止: days from `suspended_on` up to, not including, `resumed_on` are not counted.

    `resumed_on` None means that the period still stands still. Raises ValueError if it resumes before it stops.
    """

    suspended_on: date
    resumed_on: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.resumed_on is not None and self.resumed_on < self.suspended_on:
            raise ValueError(f"resumed_on {self.resumed_on} lies before suspended_on {self.suspended_on}")


@dataclass(frozen=True, slots=True)
class Extension:
    """延长、改期: either more time (`amount`, `unit`) added to the term's last day before it rolls, or a new last day.

    A new last day (`until`) replaces all that was counted; of the suspensions only those that begin on or after
    `granted_on` still move it. `source` names the article (default 民诉法 86).
    Raises ValueError unless exactly one of the two is given.
    """

    amount: int = 0
    unit: TermUnit = TermUnit.DAY
    until: date | None = None
    granted_on: date | None = None
    source: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.until is not None:
            if self.amount:
                raise ValueError("an extension has either an amount or a date")
            if self.granted_on is None or self.granted_on > self.until:
                raise ValueError("a replaced due date needs granted_on, not after it")
            check_ordinal(self.until.toordinal())
        elif self.unit is TermUnit.FIXED_DATE or not 0 < self.amount <= LONGEST[self.unit]:
            raise ValueError(f"an extension of {self.amount} {self.unit} is not possible")


@dataclass(frozen=True, slots=True)
class PeriodInput:
    """A period's input: `amount` × `unit` from the event on `start_on`, which is itself not counted.

    `unit` FIXED_DATE takes `fixed_on` as the last day. `travel_days` is 在途时间. `term` is the id of the term
    table, `source` the article that sets the term. Raises ValueError on what cannot be computed, and
    DateOutOfRange for a start outside 1990-2100.
    """

    amount: int
    unit: TermUnit
    start_on: date
    roll: bool = True
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    travel_days: int = 0
    direction: Direction = Direction.AFTER
    fixed_on: date | None = None
    term: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        _check_day(self.start_on)
        if not 0 <= self.amount <= LONGEST[self.unit]:
            raise ValueError(f"a term of {self.amount} {self.unit} is not possible")
        if not 0 <= self.travel_days <= LONGEST[TermUnit.DAY]:
            raise ValueError(f"{self.travel_days} travel days are not possible")
        if (self.unit is TermUnit.FIXED_DATE) != (self.fixed_on is not None):
            raise ValueError("fixed_on goes with the unit fixed_date, and with no other")
        if self.fixed_on is not None:
            check_ordinal(self.fixed_on.toordinal())
        if self.direction is Direction.BEFORE and (
            self.unit not in (TermUnit.DAY, TermUnit.WORKING_DAY)
            or self.suspensions
            or self.extensions
            or self.travel_days
        ):
            raise ValueError("a term before an event counts days only and is neither suspended nor extended")

    @property
    def is_suspended(self) -> bool:
        """Whether a suspension has no end yet."""
        return any(pause.resumed_on is None for pause in self.suspensions)

    def to_json(self) -> dict[str, object]:
        """Plain data for a jsonb column."""
        return {
            "amount": self.amount,
            "unit": self.unit.value,
            "start_on": self.start_on.isoformat(),
            "roll": self.roll,
            "suspensions": [
                {"suspended_on": _text(s.suspended_on), "resumed_on": _text(s.resumed_on), "reason": s.reason}
                for s in self.suspensions
            ],
            "extensions": [
                {
                    "amount": e.amount,
                    "unit": e.unit.value,
                    "until": _text(e.until),
                    "granted_on": _text(e.granted_on),
                    "source": e.source,
                    "reason": e.reason,
                }
                for e in self.extensions
            ],
            "travel_days": self.travel_days,
            "direction": self.direction.value,
            "fixed_on": _text(self.fixed_on),
            "term": self.term,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """The inverse of `to_json`. Raises ValueError, KeyError or TypeError on foreign data."""
        return cls(
            amount=_number(data["amount"]),
            unit=TermUnit(str(data["unit"])),
            start_on=date.fromisoformat(str(data["start_on"])),
            roll=_flag(data["roll"]),
            suspensions=tuple(
                Suspension(date.fromisoformat(str(s["suspended_on"])), _date(s["resumed_on"]), str(s["reason"]))
                for s in _records(data["suspensions"])
            ),
            extensions=tuple(
                Extension(
                    amount=_number(e["amount"]),
                    unit=TermUnit(str(e["unit"])),
                    until=_date(e["until"]),
                    granted_on=_date(e["granted_on"]),
                    source=str(e["source"]),
                    reason=str(e["reason"]),
                )
                for e in _records(data["extensions"])
            ),
            travel_days=_number(data["travel_days"]),
            direction=Direction(str(data["direction"])),
            fixed_on=_date(data["fixed_on"]),
            term=str(data["term"]),
            source=str(data["source"]),
        )


def _check_day(on: date) -> None:
    if not EARLIEST_START <= on <= LATEST_START:
        raise DateOutOfRange(on.isoformat())


def _text(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _date(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is not true or false")
    return value


def _records(value: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TypeError("a list of objects is expected")
    return value
