"""What is expected to have happened: the reference's answer, in the words of domain §4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class What(Enum):
    REMINDED = "REMINDED"
    PHONE_TASK = "PHONE_TASK"
    MISSED = "MISSED"
    FEEDBACK_OVERDUE = "FEEDBACK_OVERDUE"
    REMEDY_OVERDUE = "REMEDY_OVERDUE"
    REPORT_OVERDUE = "REPORT_OVERDUE"


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """On this day, for this duty or document, this. `offset` and `version` belong to reminders and their telephone calls."""

    day: date
    key: str
    what: str
    version: int = 0
    offset: int = 0
    short_lead: bool = False
