"""Rates (domain §1.4) as sums over cells of `case_tally`: what counts above and below the line. Pure: they only write SQL.

Only responses (件次) whose result is stated for the agency are counted, and none that was transferred, terminated or
consolidated: those stand outside every denominator. The lists of outcomes are those of `core.cases.outcomes`.
"""

from __future__ import annotations

from collections.abc import Callable

from core.cases.outcomes import OUTCOME_RULES, OutcomeRule, Verdict
from core.cases.vocabulary import ProcedureKind
from schema.declared.figures import Rate
from schema.declared.values import Expression
from schema.describe import Doc

FILED = "{t}.series = 'FILED'"
CLOSED = "{t}.series = 'CLOSED'"
STATED = "({t}.outcome is not null or {t}.lost is not null)"


def summed(condition: str) -> Expression:
    """The responses of the cells that meet a condition on `{t}`; a city of more than two thousand million is not foreseen."""
    return lambda row: f"coalesce(sum({row}.responses) filter (where {condition.replace('{t}', row)}), 0)::integer"


def _outcomes(wanted: Callable[[OutcomeRule], bool]) -> str:
    names = sorted(rule.outcome.value for rule in OUTCOME_RULES.values() if wanted(rule))
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


def _closed(kind: ProcedureKind) -> str:
    uncounted = _outcomes(lambda rule: not rule.counted)
    return (
        f"{CLOSED} and {{t}}.procedure_kind = '{kind.value}' and {STATED}"
        f" and coalesce({{t}}.outcome, '') not in {uncounted}"
    )


FIRST_CLOSED = _closed(ProcedureKind.FIRST)
RECONSIDERATION_CLOSED = _closed(ProcedureKind.RECON)
LOST = (
    "coalesce({t}.lost, {t}.outcome in "
    + _outcomes(lambda rule: rule.verdict in (Verdict.LOST, Verdict.PARTLY_LOST))
    + ")"
)
"""What is stated of the agency goes before what the outcome means by itself; partly lost is lost (default of domain §1.3)."""
MEDIATED = "{t}.outcome in " + _outcomes(lambda rule: rule.mediated)
CORRECTED = "{t}.outcome in " + _outcomes(lambda rule: rule.corrected)

OF_FIRST = "分母：期内审结的一审件次，结果未登记的与移送、终结、并案的除外。"
LOSS_RATE = Rate(
    "loss_rate",
    Doc("败诉率", "loss rate", "一审败诉（含部分败诉）÷ 一审结案", law="行政诉讼法 69-79"),
    summed(f"{FIRST_CLOSED} and {LOST}"),
    summed(FIRST_CLOSED),
    f"分子：期内审结的一审件次中该机关败诉或部分败诉的。{OF_FIRST}",
)
SETTLEMENT_RATE = Rate(
    "settlement_rate",
    Doc("调撤率", "settlement rate", "一审调解、撤诉 ÷ 一审结案；不是调解中心的调撤率"),
    summed(f"{FIRST_CLOSED} and {MEDIATED}"),
    summed(FIRST_CLOSED),
    f"分子：期内审结的一审件次中调解或准许撤诉的，按撤诉处理的除外。{OF_FIRST}",
)
CORRECTION_RATE = Rate(
    "correction_rate",
    Doc("撤改率", "correction rate", "复议纠错 ÷ 复议审结", law="行政复议法 63-67"),
    summed(f"{RECONSIDERATION_CLOSED} and {CORRECTED}"),
    summed(RECONSIDERATION_CLOSED),
    "分子：期内审结的行政复议件次中撤销、变更、确认违法或无效、责令履行的。分母：期内审结的行政复议件次，结果未登记的除外。",
)
SELF_CORRECTION_RATE = Rate(
    "self_correction_rate",
    Doc("自行纠正率", "self-correction rate", "一审中机关改变行政行为后撤诉 ÷ 一审结案", law="法释〔2008〕2号 3-4"),
    summed(f"{FIRST_CLOSED} and {CORRECTED}"),
    summed(FIRST_CLOSED),
    f"分子：期内审结的一审件次中机关改变行政行为后原告撤诉的。{OF_FIRST}",
)
RATES = (LOSS_RATE, SETTLEMENT_RATE, CORRECTION_RATE, SELF_CORRECTION_RATE)
