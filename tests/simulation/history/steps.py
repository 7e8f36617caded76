"""What people do in the simulated year: each step at its instant, with the fact that the reference learns from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from tests.simulation.reference.facts import Fact


class Deed(Enum):
    """Acts of the core, then those of the plugin."""

    CASE_REGISTER = "case register"
    DOCUMENT_REGISTER = "document register"
    HEARING_SCHEDULE = "hearing schedule"
    HEARING_RESCHEDULE = "hearing reschedule"
    HEARING_CANCEL = "hearing cancel"
    HEARING_HOLD = "hearing hold"
    PERIOD_MEET = "period meet"
    PERIOD_SUSPEND = "period suspend"
    PERIOD_RESUME = "period resume"
    PERIOD_EXTEND = "period extend"
    PERIOD_VOID = "period void"
    OBLIGATION_RECORD = "obligation record"
    OBLIGATION_FULFIL = "obligation fulfil"
    SUGGESTION_RECORD = "suggestion record"
    SUGGESTION_REPLY = "suggestion reply"
    JUDGMENT_RECORD = "judgment record"
    JUDGMENT_EFFECT = "judgment become effective"
    ANALYSIS_SEND = "analysis of the loss send"
    REPORT = "report"
    CONFIRM = "confirm"
    FEEDBACK = "feedback"
    RETURN = "return feedback"
    VERIFY = "verify feedback"
    REMEDY = "file a remedy plan"


OF_THE_PLUGIN = frozenset({Deed.REPORT, Deed.CONFIRM, Deed.FEEDBACK, Deed.RETURN, Deed.VERIFY, Deed.REMEDY})
"""Steps that nobody can take where the plugin is disabled."""


@dataclass(frozen=True, slots=True)
class Step:
    """`case` did `deed` about `key` (a duty or a document), with these values."""

    at: datetime
    case: int
    deed: Deed
    key: str
    given: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
