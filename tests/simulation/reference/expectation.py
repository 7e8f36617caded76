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
    REPORTED = "REPORTED"
    REPORTED_LATE = "REPORTED_LATE"


class Word(Enum):
    """What somebody is told by a message: which one, and who."""

    REMINDER = "message to the agency: REMINDED"
    MISSED = "message to the agency: MISSED"
    REMINDER_BY_MAIL = "e-mail to the agency: REMINDED"
    MISSED_BY_MAIL = "e-mail to the agency: MISSED"
    MISSED_TO_BUREAU = "message to the bureau: MISSED"
    PHONE_TASK_TO_BUREAU = "message to the bureau: PHONE_TASK"


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """On this day, for this duty or document, this (a `What` or a `Word`). `offset` and `version` belong to reminders and their telephone calls."""

    day: date
    key: str
    what: str
    version: int = 0
    offset: int = 0
    short_lead: bool = False
