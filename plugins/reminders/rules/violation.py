"""违反之日与逾期风险: from when a duty is violated, and what late performance may cost the agency's head."""

from __future__ import annotations

from datetime import date, timedelta

from core.sdk.rules import Exposure, overdue_exposure
from plugins.reminders.rules.facts import Facts
from plugins.reminders.rules.vocabulary import ObligationKind, ObligationState


def violation_date(due_on: date) -> date:
    """违反之日: the day after the last day, whether that was moved off a rest day or not."""
    return due_on + timedelta(days=1)


def exposure(facts: Facts, today: date) -> Exposure | None:
    """逾期履行风险 (行诉法 96(2), D24): 50 to 100 yuan a day for the head, through the day of performance, or `today`.

    A risk to show, never a fine. None for what is no performance of a judgment, void, suspended, or not overdue.
    """
    if facts.kind is not ObligationKind.PERFORMANCE:
        return None
    if facts.state in (ObligationState.VOID, ObligationState.SUSPENDED):
        return None
    found = overdue_exposure(facts.due_on, facts.acted_on or today)
    return found if found.days else None
