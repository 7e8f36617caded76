"""The case graph: dispute → case (shell) → response, and what hangs on the case level and on the response level."""

from core.cases.tables.case_level import CaseLink, CaseShell, Dispute, Hearing, HearingChange, Judgment, Party
from core.cases.tables.response_level import (
    Appearance,
    Document,
    Holding,
    Note,
    Obligation,
    Period,
    PeriodCalculation,
    PeriodChange,
    PeriodNotice,
    Response,
    Suggestion,
)

__all__ = [
    "Appearance",
    "CaseLink",
    "CaseShell",
    "Dispute",
    "Document",
    "Hearing",
    "HearingChange",
    "Holding",
    "Judgment",
    "Note",
    "Obligation",
    "Party",
    "Period",
    "PeriodCalculation",
    "PeriodChange",
    "PeriodNotice",
    "Response",
    "Suggestion",
]
