"""立案: a procedure about to open, and how it follows from the one before."""

from __future__ import annotations

from dataclasses import dataclass

from core.demo.disputes import Dispute
from core.demo.timelines import Stage


@dataclass(frozen=True, slots=True)
class Filing:
    """A procedure that opens on a day before a court.

    `previous_id` and `previous_court`: the procedure that it follows from (empty for a new dispute). `lost`: whether the
    agency has lost so far. `on_ruling`: what is attacked is a ruling. `by_agency`: the agency is the one that attacks it.
    """

    day: int
    stage: Stage
    dispute: Dispute
    court: str
    previous_id: str = ""
    previous_court: str = ""
    lost: bool = False
    on_ruling: bool = False
    by_agency: bool = False
