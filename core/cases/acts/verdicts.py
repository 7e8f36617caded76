"""败诉: whether an agency lost, from an outcome and from what is stated about it. Pure rules (行政诉讼法 79)."""

from __future__ import annotations

from core.cases.outcomes import OUTCOME_RULES, Outcome, Verdict, VerdictSource
from core.cases.vocabulary import ProcedureKind


class LostContradicts(ValueError):
    """What is stated contradicts the outcome, e.g. a dismissed claim that the agency is said to have lost."""


class LostNotStated(ValueError):
    """The outcome leaves it to the holding who lost (改判), and nothing is stated."""


def is_possible(outcome: Outcome, kind: ProcedureKind) -> bool:
    """Whether a procedure of this kind can end in this way."""
    return kind in OUTCOME_RULES[outcome].kinds


def lost_of(outcome: Outcome, *, stated: bool | None = None, earlier: bool | None = None) -> bool | None:
    """Whether the agency lost; None where that is not known, or the case goes on.

    `stated` is what the actor says, `earlier` how the procedure before ended for the agency, which an affirmed judgment
    leaves standing. A partly lost case counts as lost unless stated otherwise: cities differ (domain §1.3).
    Raises LostContradicts, or LostNotStated for a reversal without a statement.
    """
    rule = OUTCOME_RULES[outcome]
    if rule.source is VerdictSource.HOLDING:
        if stated is None:
            raise LostNotStated(outcome)
        return stated
    if rule.source is VerdictSource.PREVIOUS:
        return earlier if stated is None else stated
    if rule.source is VerdictSource.PENDING:
        if stated is not None:
            raise LostContradicts(outcome)
        return None
    if rule.verdict is Verdict.PARTLY_LOST:
        return stated is not False
    lost = rule.verdict is Verdict.LOST
    if stated not in (None, lost):
        raise LostContradicts(outcome)
    return lost
