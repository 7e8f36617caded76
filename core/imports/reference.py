"""What a row is judged against, given by the caller: agencies, causes, working days, the tenant's range, the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

CODE_DIGITS = 9
"""Digits of a padded tenant code (architecture: city 440100000, district 440112000, town 440112001)."""

CODE_LENGTHS = (4, 6, 9)
"""Digits in which a file may write a tenant code."""


class Agency(NamedTuple):
    """机关: its registered name, and its tenant's code padded to nine digits."""

    name: str
    code: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What a row is judged against.

    `agencies`: by the id that the files use. `refused_agencies`: lines of the rejected rows of agencies, by id.
    `causes`: name by code. `low`, `high`: the importing tenant's half-open
    range of codes. `is_workday`: the working calendar. `today`: bounds the year of case numbers.
    """

    low: int
    high: int
    today: date
    is_workday: Callable[[date], bool]
    causes: Mapping[str, str]
    agencies: Mapping[str, Agency] = field(default_factory=dict)
    refused_agencies: Mapping[str, int] = field(default_factory=dict)

    def holds(self, code: int) -> bool:
        """Tell whether a code lies in the importing tenant."""
        return self.low <= code < self.high


def padded(code: str) -> int:
    """Pad a tenant code of 4, 6 or 9 digits: 440112 -> 440112000."""
    return int(code.ljust(CODE_DIGITS, "0"))
