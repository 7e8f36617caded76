"""How a procedure ends: drawn outcome, its document, who lost and why. The words are those of the courts' lists."""

from __future__ import annotations

from typing import NamedTuple

from core.demo import profiles
from core.demo.chance import Chance, Weighted
from core.demo.days import JUDGMENT_APPEAL_TERM, RULING_APPEAL_TERM
from core.demo.disputes import Dispute

JUDGMENT, RULING, MEDIATION = "判决书", "裁定书", "调解书"
NOT_ACCEPTED, TRANSFERRED, REMANDED, REVERSED = "不予立案", "移送", "发回重审", "改判"
RETRIED_ABOVE, RETRIED_BELOW = "提审", "指令再审"
_DISMISSED_SUIT, _CLAIMS_DISMISSED, _MEDIATED, _WITHDRAWN = "驳回起诉", "驳回诉讼请求", "调解", "撤诉"
_JUDGED = "判决"

_FIRST = Weighted(
    (
        (_JUDGED, 59),
        (_DISMISSED_SUIT, 18),
        (NOT_ACCEPTED, 3.5),
        (_WITHDRAWN, 9),
        ("改变行政行为后撤诉", 4),
        ("按撤诉处理", 1.5),
        (_MEDIATED, 4.5),
        (TRANSFERRED, 0.5),
    )
)
_SECOND_ON_JUDGMENT = Weighted(
    (("维持", 83), ("撤回上诉", 5), ("和解后撤回上诉", 3), (REVERSED, 5.5), (REMANDED, 3), (_MEDIATED, 0.5))
)
_SECOND_ON_RULING = Weighted((("维持", 92), ("撤回上诉", 4), (REMANDED, 4)))
_REVIEW = Weighted((("驳回再审申请", 91), ("撤回再审申请", 3), (RETRIED_ABOVE, 4), (RETRIED_BELOW, 2)))
_RETRIAL = Weighted((("维持", 45), (REVERSED, 45), (REMANDED, 10)))

_LOST_BY_CAUSE: tuple[tuple[str, Weighted[str]], ...] = (
    ("0121", Weighted((("责令履行", 70), ("确认违法", 30)))),
    ("0120", Weighted((("责令赔偿", 1),))),
    ("0118", Weighted((("责令履行行政协议", 60), ("行政协议补偿", 20), ("撤销", 20)))),
    ("0119", Weighted((("撤销并责令重作", 60), ("责令履行", 40)))),
    ("0108", Weighted((("责令给付", 80), ("撤销并责令重作", 20)))),
    # A wall that has been pulled down cannot be put back by revoking the act (行政诉讼法 74).
    ("0103", Weighted((("确认违法", 80), ("责令赔偿", 20)))),
    ("0113", Weighted((("撤销并责令重作", 60), ("责令履行", 20), ("确认违法", 20)))),
    ("0101", Weighted((("撤销", 60), ("变更", 15), ("部分撤销", 10), ("确认违法", 14), ("确认无效", 1)))),
)
_LOST_OTHERWISE = Weighted((("撤销", 45), ("撤销并责令重作", 35), ("确认违法", 20)))
_PAYING = frozenset({"责令赔偿", "责令给付", "行政协议补偿"})
PERFORMED = _PAYING | {"责令履行", "责令履行行政协议", "撤销并责令重作"}
"""Outcomes that give the agency something to do."""

_REASONS = Weighted(
    (
        ("主要证据不足", 32),
        ("违反法定程序", 28),
        ("适用法律、法规错误", 20),
        ("明显不当", 8),
        ("超越职权", 8),
        ("滥用职权", 4),
    )
)
"""败诉原因 (行政诉讼法 70)."""
_INACTION, _INACTION_REASON = "0121", "不履行法定职责"
_DISCRETION = ("0101", "0108", "0118", "0119", "0120")
"""Mediation in a suit needs compensation, payments or discretion (行政诉讼法 60)."""


class Ending(NamedTuple):
    """How a procedure ends. `lost` is None where the case goes on; `appeal_term` 0 where there is no appeal; `amount` in yuan."""

    outcome: str
    document: str
    lost: bool | None
    reason: str = ""
    amount: str = ""
    appeal_term: int = 0


def end_first(chance: Chance, dispute: Dispute, lost_share: float, *, remanded: bool) -> Ending:
    """The end of a first instance; a remanded one has been accepted long ago and is not transferred either."""
    outcome = chance.draw(_FIRST)
    if remanded and outcome in (NOT_ACCEPTED, TRANSFERRED):
        outcome = _JUDGED
    if outcome == _MEDIATED and not dispute.cause.startswith(_DISCRETION):
        outcome = _WITHDRAWN
    if outcome == _JUDGED:
        if not chance.hits(lost_share):
            return Ending(_CLAIMS_DISMISSED, JUDGMENT, lost=False, appeal_term=JUDGMENT_APPEAL_TERM)
        return _lost_first(chance, dispute.cause)
    if outcome == _MEDIATED:
        return Ending(outcome, MEDIATION, lost=False, amount=_amount(chance))
    appealable = outcome in (_DISMISSED_SUIT, NOT_ACCEPTED)
    return Ending(outcome, RULING, lost=False, appeal_term=RULING_APPEAL_TERM if appealable else 0)


def _lost_first(chance: Chance, cause: str) -> Ending:
    words = next((words for prefix, words in _LOST_BY_CAUSE if cause.startswith(prefix)), _LOST_OTHERWISE)
    outcome = chance.draw(words)
    amount = _amount(chance) if outcome in _PAYING else ""
    return Ending(outcome, JUDGMENT, True, _reason(chance, cause), amount, JUDGMENT_APPEAL_TERM)


def end_second(chance: Chance, dispute: Dispute, *, lost: bool, on_ruling: bool) -> Ending:
    """The end of a second instance; `lost` is how the first ended for the agency, `on_ruling` whether by a ruling."""
    outcome = chance.draw(_SECOND_ON_RULING if on_ruling else _SECOND_ON_JUDGMENT)
    if outcome == _MEDIATED:
        return Ending(outcome, MEDIATION, lost=False, amount=_amount(chance))
    document = JUDGMENT if not on_ruling and outcome in ("维持", REVERSED) else RULING
    return _upper(chance, dispute, outcome, document, lost=lost)


def end_review(chance: Chance, dispute: Dispute, *, lost: bool) -> Ending:
    """The end of a review of an application for retrial: always a ruling (行政诉讼法 91, 92; 适用解释 116)."""
    return _upper(chance, dispute, chance.draw(_REVIEW), RULING, lost=lost)


def end_retrial(chance: Chance, dispute: Dispute, *, lost: bool, on_ruling: bool) -> Ending:
    """The end of a retrial; a ruling that dismissed the suit is upheld, or set aside and the case remanded."""
    outcome = chance.draw(_RETRIAL)
    if on_ruling and outcome == REVERSED:
        outcome = REMANDED
    return _upper(chance, dispute, outcome, RULING if on_ruling or outcome == REMANDED else JUDGMENT, lost=lost)


def _upper(chance: Chance, dispute: Dispute, outcome: str, document: str, *, lost: bool) -> Ending:
    """What stood keeps standing unless it is reversed; a remanded case is open again."""
    if outcome == REMANDED:
        return Ending(outcome, document, lost=None)
    now_lost = not lost if outcome == REVERSED else lost
    return Ending(outcome, document, now_lost, _reason(chance, dispute.cause) if now_lost else "")


def _reason(chance: Chance, cause: str) -> str:
    return _INACTION_REASON if cause == _INACTION else chance.draw(_REASONS)


def _amount(chance: Chance) -> str:
    return str(chance.skewed(2, 600) * 1000)


def is_simplified(chance: Chance, dispute: Dispute) -> bool:
    """简易程序: mostly openness and small fines (行政诉讼法 82)."""
    by_cause = {profiles.OPENNESS: 0.6, profiles.FINE: 0.3}
    return chance.hits(by_cause.get(dispute.cause, 0.05))
