"""裁判结果: how a procedure can end, and what each end means: who lost, what counts as settled or corrected, which article.

Who lost is judged per agency: with several respondents the verdict follows the holding on that agency's own act
(行政诉讼法 79). What the law leaves open for statistics (a dismissed suit, a partly lost one) is decided by settings of
the city; here stands the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.cases.vocabulary import ProcedureKind
from core.labels import Labelled


class Verdict(Labelled):
    """胜败: how an outcome counts for the agency."""

    LOST = "LOST", "败诉", "lost"
    PARTLY_LOST = "PARTLY_LOST", "部分败诉", "partly lost"
    WON = "WON", "胜诉", "won"
    NEUTRAL = "NEUTRAL", "不计胜败", "neutral"


class VerdictSource(Labelled):
    """胜败的来源: where the verdict of an outcome comes from."""

    OUTCOME = "OUTCOME", "由结果决定", "the outcome itself"
    PREVIOUS = "PREVIOUS", "沿用前一程序", "the previous procedure's stands"
    HOLDING = "HOLDING", "由判项决定", "the new holding, which must be stated"
    PENDING = "PENDING", "尚无生效结果", "none yet: the case goes on"


class Outcome(Labelled):
    """裁判结果, of all procedures. Reconsideration has outcomes of its own, since they count differently."""

    CLAIMS_DISMISSED = "CLAIMS_DISMISSED", "驳回诉讼请求", "claims dismissed"
    REVOKED = "REVOKED", "撤销", "act revoked"
    REVOKED_REMAKE = "REVOKED_REMAKE", "撤销并责令重作", "act revoked, to be made again"
    PARTLY_REVOKED = "PARTLY_REVOKED", "部分撤销", "act revoked in part"
    PARTLY_REVOKED_REMAKE = "PARTLY_REVOKED_REMAKE", "部分撤销并责令重作", "act revoked in part, to be made again"
    ORDERED_TO_PERFORM = "ORDERED_TO_PERFORM", "责令履行", "ordered to perform its duty"
    ORDERED_TO_PAY = "ORDERED_TO_PAY", "责令给付", "ordered to pay"
    DECLARED_UNLAWFUL = "DECLARED_UNLAWFUL", "确认违法", "act declared unlawful"
    DECLARED_VOID = "DECLARED_VOID", "确认无效", "act declared void"
    VARIED = "VARIED", "变更", "act varied"
    AGREEMENT_PERFORM = "AGREEMENT_PERFORM", "责令履行行政协议", "ordered to perform or remedy an agreement"
    AGREEMENT_INDEMNITY = "AGREEMENT_INDEMNITY", "行政协议补偿", "ordered to indemnify under an agreement"
    COMPENSATION = "COMPENSATION", "责令赔偿", "ordered to compensate"
    SUIT_DISMISSED = "SUIT_DISMISSED", "驳回起诉", "suit dismissed"
    NOT_ACCEPTED = "NOT_ACCEPTED", "不予立案", "suit not accepted"
    WITHDRAWN = "WITHDRAWN", "撤诉", "withdrawn"
    WITHDRAWN_AFTER_CHANGE = (
        "WITHDRAWN_AFTER_CHANGE",
        "改变行政行为后撤诉",
        "withdrawn after the agency changed its act",
    )
    DEEMED_WITHDRAWN = "DEEMED_WITHDRAWN", "按撤诉处理", "deemed withdrawn"
    MEDIATED = "MEDIATED", "调解", "mediated"
    JUDICIALLY_CONFIRMED = "JUDICIALLY_CONFIRMED", "司法确认", "mediation confirmed by the court"
    TRANSFERRED = "TRANSFERRED", "移送", "transferred"
    TERMINATED = "TERMINATED", "终结诉讼", "terminated"
    CONSOLIDATED = "CONSOLIDATED", "并案", "consolidated into another case"
    AFFIRMED = "AFFIRMED", "维持", "affirmed"
    REVERSED = "REVERSED", "改判", "reversed"
    REMANDED = "REMANDED", "发回重审", "remanded"
    APPEAL_WITHDRAWN = "APPEAL_WITHDRAWN", "撤回上诉", "appeal withdrawn"
    APPEAL_WITHDRAWN_SETTLED = "APPEAL_WITHDRAWN_SETTLED", "和解后撤回上诉", "appeal withdrawn after a settlement"
    RETRIAL_REFUSED = "RETRIAL_REFUSED", "驳回再审申请", "application for retrial refused"
    RETRIAL_BY_HIGHER_COURT = "RETRIAL_BY_HIGHER_COURT", "提审", "to be retried by the higher court"
    RETRIAL_DIRECTED = "RETRIAL_DIRECTED", "指令再审", "a lower court directed to retry"
    RETRIAL_APP_WITHDRAWN = "RETRIAL_APP_WITHDRAWN", "撤回再审申请", "application for retrial withdrawn"
    RECON_UPHELD = "RECON_UPHELD", "复议维持", "upheld in reconsideration"
    RECON_REJECTED = "RECON_REJECTED", "复议驳回", "reconsideration rejected"
    RECON_REVOKED = "RECON_REVOKED", "复议撤销", "revoked in reconsideration"
    RECON_VARIED = "RECON_VARIED", "复议变更", "varied in reconsideration"
    RECON_UNLAWFUL = "RECON_UNLAWFUL", "复议确认违法", "declared unlawful in reconsideration"
    RECON_VOID = "RECON_VOID", "复议确认无效", "declared void in reconsideration"
    RECON_PERFORM = "RECON_PERFORM", "复议责令履行", "ordered to perform in reconsideration"
    RECON_MEDIATED = "RECON_MEDIATED", "复议调解", "mediated in reconsideration"
    RECON_SETTLED = "RECON_SETTLED", "复议和解撤回", "settled and withdrawn in reconsideration"
    ENFORCEMENT_ALLOWED = "ENFORCEMENT_ALLOWED", "准予执行", "enforcement allowed"
    ENFORCEMENT_REFUSED = "ENFORCEMENT_REFUSED", "不准予执行", "enforcement refused"


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """裁判结果的含义.

    `verdict` is set when `source` is OUTCOME. `mediated` counts in 调撤 and `corrected` in 撤改 (each metric knows its
    procedure kinds); `performance` means that it gives the agency something to do; `counted` is false for what stands
    outside the denominators. `article` is the legal source.
    """

    outcome: Outcome
    kinds: frozenset[ProcedureKind]
    article: str
    verdict: Verdict | None
    source: VerdictSource = VerdictSource.OUTCOME
    mediated: bool = False
    corrected: bool = False
    performance: bool = False
    counted: bool = True


class UnknownOutcome(ValueError):
    """裁判结果不存在: a word that names no outcome of the procedure."""

    def __init__(self, kind: ProcedureKind, word: str) -> None:
        super().__init__(f"{word!r} is no outcome of {kind.en}")
        self.message = str(self)
        self.message_zh = f"{kind.zh}没有“{word}”这种结果"


_K, _V, _O, _S = ProcedureKind, Verdict, Outcome, VerdictSource
_TRIAL = frozenset({_K.FIRST, _K.PIL})
_JUDGED = _TRIAL | {_K.SECOND, _K.RETRIAL}
_UPPER = frozenset({_K.SECOND, _K.RETRIAL})
_REVIEW = frozenset({_K.RETRIAL_APP})
_RECON = frozenset({_K.RECON})
_NONLIT = frozenset({_K.NONLIT_ENF, _K.NONLIT_REVIEW})
_ANY_COURT = _JUDGED | _REVIEW | _NONLIT | {_K.JURISDICTION, _K.ENF_ON_US, _K.OTHER}

_RULES = (
    OutcomeRule(_O.CLAIMS_DISMISSED, _TRIAL, "行政诉讼法 第69条", _V.WON),
    OutcomeRule(_O.REVOKED, _TRIAL, "行政诉讼法 第70条", _V.LOST),
    OutcomeRule(_O.REVOKED_REMAKE, _TRIAL, "行政诉讼法 第70条、第71条", _V.LOST, performance=True),
    OutcomeRule(_O.PARTLY_REVOKED, _TRIAL, "行政诉讼法 第70条", _V.PARTLY_LOST),
    OutcomeRule(_O.PARTLY_REVOKED_REMAKE, _TRIAL, "行政诉讼法 第70条、第71条", _V.PARTLY_LOST, performance=True),
    OutcomeRule(_O.ORDERED_TO_PERFORM, _TRIAL, "行政诉讼法 第72条", _V.LOST, performance=True),
    OutcomeRule(_O.ORDERED_TO_PAY, _TRIAL, "行政诉讼法 第73条", _V.LOST, performance=True),
    OutcomeRule(_O.DECLARED_UNLAWFUL, _TRIAL, "行政诉讼法 第74条", _V.LOST),
    OutcomeRule(_O.DECLARED_VOID, _TRIAL, "行政诉讼法 第75条", _V.LOST),
    OutcomeRule(_O.VARIED, _TRIAL, "行政诉讼法 第77条", _V.LOST),
    OutcomeRule(_O.AGREEMENT_PERFORM, _TRIAL, "行政诉讼法 第78条第1款", _V.LOST, performance=True),
    OutcomeRule(_O.AGREEMENT_INDEMNITY, _TRIAL, "行政诉讼法 第78条第2款", _V.PARTLY_LOST, performance=True),
    OutcomeRule(_O.COMPENSATION, _TRIAL, "行政诉讼法 第76条", _V.LOST, performance=True),
    OutcomeRule(_O.SUIT_DISMISSED, _TRIAL, "行政诉讼法 第49条至第51条；适用解释 第69条", _V.WON),
    OutcomeRule(_O.NOT_ACCEPTED, _TRIAL, "行政诉讼法 第51条；适用解释 第69条", _V.WON),
    OutcomeRule(_O.WITHDRAWN, _JUDGED, "行政诉讼法 第62条", _V.NEUTRAL, mediated=True),
    OutcomeRule(
        _O.WITHDRAWN_AFTER_CHANGE,
        _JUDGED,
        "行政诉讼法 第62条；法释〔2008〕2号 第3条、第4条",
        _V.NEUTRAL,
        mediated=True,
        corrected=True,
    ),
    OutcomeRule(_O.DEEMED_WITHDRAWN, _JUDGED, "行政诉讼法 第58条；适用解释 第61条", _V.NEUTRAL),
    OutcomeRule(_O.MEDIATED, _JUDGED | {_K.PRE_MED}, "行政诉讼法 第60条", _V.NEUTRAL, mediated=True),
    OutcomeRule(_O.JUDICIALLY_CONFIRMED, frozenset({_K.PRE_MED}), "法释〔2016〕14号 第19条", _V.NEUTRAL, mediated=True),
    OutcomeRule(_O.TRANSFERRED, _ANY_COURT, "行政诉讼法 第22条", _V.NEUTRAL, counted=False),
    OutcomeRule(_O.TERMINATED, _ANY_COURT, "适用解释 第88条", _V.NEUTRAL, counted=False),
    OutcomeRule(_O.CONSOLIDATED, _ANY_COURT, "适用解释 第73条", _V.NEUTRAL, counted=False),
    OutcomeRule(_O.AFFIRMED, _UPPER, "行政诉讼法 第89条第1款第1项", None, _S.PREVIOUS),
    OutcomeRule(_O.REVERSED, _UPPER, "行政诉讼法 第89条第1款第2项、第3项", None, _S.HOLDING),
    OutcomeRule(_O.REMANDED, _UPPER, "行政诉讼法 第89条第1款第3项、第4项", None, _S.PENDING, counted=False),
    OutcomeRule(_O.APPEAL_WITHDRAWN, frozenset({_K.SECOND}), "行政诉讼法 第62条、第101条", None, _S.PREVIOUS),
    OutcomeRule(
        _O.APPEAL_WITHDRAWN_SETTLED,
        frozenset({_K.SECOND}),
        "行政诉讼法 第62条、第101条",
        None,
        _S.PREVIOUS,
        mediated=True,
    ),
    OutcomeRule(_O.RETRIAL_REFUSED, _REVIEW, "适用解释 第116条", None, _S.PREVIOUS),
    OutcomeRule(_O.RETRIAL_BY_HIGHER_COURT, _REVIEW, "行政诉讼法 第92条", None, _S.PREVIOUS),
    OutcomeRule(_O.RETRIAL_DIRECTED, _REVIEW, "行政诉讼法 第92条", None, _S.PREVIOUS),
    OutcomeRule(_O.RETRIAL_APP_WITHDRAWN, _REVIEW, "行政诉讼法 第101条", None, _S.PREVIOUS),
    OutcomeRule(_O.RECON_UPHELD, _RECON, "行政复议法 第68条", _V.NEUTRAL),
    OutcomeRule(_O.RECON_REJECTED, _RECON, "行政复议法 第69条", _V.NEUTRAL),
    OutcomeRule(_O.RECON_REVOKED, _RECON, "行政复议法 第64条", _V.NEUTRAL, corrected=True),
    OutcomeRule(_O.RECON_VARIED, _RECON, "行政复议法 第63条", _V.NEUTRAL, corrected=True),
    OutcomeRule(_O.RECON_UNLAWFUL, _RECON, "行政复议法 第65条", _V.NEUTRAL, corrected=True),
    OutcomeRule(_O.RECON_VOID, _RECON, "行政复议法 第67条", _V.NEUTRAL, corrected=True),
    OutcomeRule(_O.RECON_PERFORM, _RECON, "行政复议法 第66条", _V.NEUTRAL, corrected=True, performance=True),
    OutcomeRule(_O.RECON_MEDIATED, _RECON, "行政复议法 第73条", _V.NEUTRAL, mediated=True),
    OutcomeRule(_O.RECON_SETTLED, _RECON, "行政复议法 第74条", _V.NEUTRAL, mediated=True),
    OutcomeRule(_O.ENFORCEMENT_ALLOWED, _NONLIT, "行政诉讼法 第97条；适用解释 第160条", _V.NEUTRAL),
    OutcomeRule(_O.ENFORCEMENT_REFUSED, _NONLIT, "适用解释 第161条", _V.NEUTRAL),
)

OUTCOME_RULES: Mapping[Outcome, OutcomeRule] = MappingProxyType({rule.outcome: rule for rule in _RULES})
"""The meaning of every outcome."""

_ALIASES: tuple[tuple[ProcedureKind, str, Outcome], ...] = (
    (_K.RETRIAL, "维持原判", _O.AFFIRMED),
    (_K.SECOND, "维持原判", _O.AFFIRMED),
    (_K.SECOND, "驳回上诉", _O.AFFIRMED),
    (_K.FIRST, "准许撤诉", _O.WITHDRAWN),
    (_K.RECON, "维持", _O.RECON_UPHELD),
    (_K.RECON, "驳回", _O.RECON_REJECTED),
    (_K.RECON, "撤销", _O.RECON_REVOKED),
    (_K.RECON, "变更", _O.RECON_VARIED),
    (_K.RECON, "确认违法", _O.RECON_UNLAWFUL),
    (_K.RECON, "确认无效", _O.RECON_VOID),
    (_K.RECON, "责令履行", _O.RECON_PERFORM),
    (_K.RECON, "调解", _O.RECON_MEDIATED),
)
OUTCOME_WORDS: Mapping[tuple[ProcedureKind, str], Outcome] = MappingProxyType(
    {(kind, rule.outcome.zh): rule.outcome for rule in _RULES for kind in rule.kinds}
    | {(kind, word): outcome for kind, word, outcome in _ALIASES}
)
"""What courts, organs and import files call the outcomes of each kind of procedure."""


def outcome_of(kind: ProcedureKind, word: str) -> Outcome:
    """The outcome that a Chinese word names in a procedure of this kind; raises `UnknownOutcome` if none."""
    try:
        return OUTCOME_WORDS[kind, word]
    except KeyError:
        raise UnknownOutcome(kind, word) from None


def verdict_of(outcome: Outcome, *, previous: Verdict | None, holding: Verdict | None) -> Verdict | None:
    """How a case counts for the agency after an outcome (行政诉讼法 69-78, 89; 适用解释 116).

    `previous` is the verdict of the procedure before, which an affirmed judgment or a refused retrial leaves standing;
    `holding` is what the court newly held when it reversed. None: not known, or the case goes on.
    """
    rule = OUTCOME_RULES[outcome]
    by_source = {
        VerdictSource.OUTCOME: rule.verdict,
        VerdictSource.PREVIOUS: previous,
        VerdictSource.HOLDING: holding,
        VerdictSource.PENDING: None,
    }
    return by_source[rule.source]
