"""Which term of the term table an event of a case starts, as data: receipt of a notice, service of a judgment, a letter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.cases.outcomes import Outcome
from core.cases.states import PeriodKind, ProcedureForm
from core.cases.vocabulary import DocType, ProcedureKind, SuggestionKind
from core.labels import Labelled

_K = ProcedureKind

_ANSWERS: Final[Mapping[ProcedureKind, tuple[PeriodKind, str]]] = MappingProxyType(
    {
        _K.FIRST: (PeriodKind.DEFENCE, "D2"),
        _K.PIL: (PeriodKind.DEFENCE, "D2"),
        # A retrial goes by the procedure of first or second instance; both give 15 days (适用解释 119).
        _K.RETRIAL: (PeriodKind.DEFENCE, "D2"),
        _K.SECOND: (PeriodKind.DEFENCE, "D2.second"),
        _K.RETRIAL_APP: (PeriodKind.DEFENCE, "D2.retrial"),
        _K.RECON: (PeriodKind.RECONSIDERATION_ANSWER, "D15"),
    }
)
_SIMPLIFIED: Final[Mapping[ProcedureKind, str]] = MappingProxyType({_K.FIRST: "D2b", _K.RECON: "D15.simple"})

_NOTICES: Final[Mapping[DocType, frozenset[ProcedureKind]]] = MappingProxyType(
    {
        DocType.RESPONSE_NOTICE: frozenset(_ANSWERS) - {_K.RECON},
        DocType.RETRIAL_APPLICATION: frozenset({_K.RETRIAL_APP}),
        DocType.RETRIAL_NOTICE: frozenset({_K.RETRIAL_APP, _K.RETRIAL}),
        DocType.RECON_NOTICE: frozenset({_K.RECON}),
    }
)

ANSWER_PERIODS: Final = frozenset({PeriodKind.DEFENCE, PeriodKind.RECONSIDERATION_ANSWER})
"""Periods in which the agency answers: the response repeats their last day."""

MOST_ANSWER_DAYS: Final = 60


class PeriodChangeCause(Labelled):
    """期限变更原因: why a last day moved."""

    EXTENDED = "EXTENDED", "延长", "extended"
    SUSPENDED = "SUSPENDED", "中止", "suspended"
    RESUMED = "RESUMED", "恢复", "resumed"
    VOIDED = "VOIDED", "作废", "voided"
    CALENDAR = "CALENDAR", "日历更新", "a calendar was loaded"


class JudgmentKind(Labelled):
    """裁判文书种类; the values are those of the document types."""

    JUDGMENT = "JUDGMENT", "判决书", "judgment"
    RULING = "RULING", "裁定书", "ruling"
    COURT_MEDIATION = "COURT_MEDIATION", "调解书", "court mediation statement"
    RECON_DECISION = "RECON_DECISION", "行政复议决定书", "reconsideration decision"


def has_simplified(kind: ProcedureKind) -> bool:
    """Whether the procedure has a simplified form: first instance (行政诉讼法 82) and reconsideration (行政复议法 53)."""
    return kind in _SIMPLIFIED


def answer_term(kind: ProcedureKind, form: ProcedureForm) -> tuple[PeriodKind, str] | None:
    """The period in which the agency answers, and its row of the term table; None where nothing is to be answered.

    行政诉讼法 67; 适用解释 104, 111; 民事诉讼法 174 through 行政诉讼法 101; 行政复议法 48, 54.
    """
    found = _ANSWERS.get(kind)
    if found is not None and form is ProcedureForm.SIMPLIFIED and kind in _SIMPLIFIED:
        return found[0], _SIMPLIFIED[kind]
    return found


def term_of_document(doc_type: DocType, kind: ProcedureKind, form: ProcedureForm) -> tuple[PeriodKind, str] | None:
    """The period that the receipt of a document starts (domain §1.2), or None.

    An appeal (上诉状副本) reaches the agency through the court of first instance, so it starts the answer to the appeal
    on whichever of the two cases it is registered.
    """
    if doc_type is DocType.APPEAL:
        return PeriodKind.DEFENCE, "D2.second"
    return answer_term(kind, form) if kind in _NOTICES.get(doc_type, ()) else None


def appeal_term(kind: ProcedureKind, judgment: JudgmentKind, outcome: Outcome | None) -> str | None:
    """The term of appeal (上诉期限), or None where there is no appeal.

    Judgments of first instance: 15 days. Rulings: 10 days, and only those that refuse or dismiss the suit
    (行政诉讼法 85; 适用解释 101). A mediation statement and a second instance are final. An outcome of None is not known.
    """
    if kind not in (ProcedureKind.FIRST, ProcedureKind.PIL):
        return None
    if judgment is JudgmentKind.JUDGMENT:
        return "D4.judgment"
    if judgment is JudgmentKind.RULING and outcome in (Outcome.SUIT_DISMISSED, Outcome.NOT_ACCEPTED):
        return "D4.ruling"
    return None


def suggestion_term(kind: SuggestionKind, *, normative: bool, urgent: bool) -> str | None:
    """The term within which a suggestion is answered; None for a term that its kind does not have.

    司法建议规定 8; 适用解释 149 (normative documents); 检察公益解释 21 (urgent: 15 days); 行政复议法 76.
    """
    return {
        (SuggestionKind.JUDICIAL, False, False): "D12",
        (SuggestionKind.JUDICIAL, True, False): "D12b",
        (SuggestionKind.PROCURATORIAL, False, False): "D13",
        (SuggestionKind.PROCURATORIAL, False, True): "D13.urgent",
        (SuggestionKind.RECON_OPINION, False, False): "D14",
    }.get((kind, normative, urgent))
