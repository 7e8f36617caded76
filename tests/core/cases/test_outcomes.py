from __future__ import annotations

import pytest

from core.cases.outcomes import (
    OUTCOME_RULES,
    OUTCOME_WORDS,
    Outcome,
    UnknownOutcome,
    Verdict,
    VerdictSource,
    outcome_of,
    verdict_of,
)
from core.cases.vocabulary import DOC_TYPE_WORDS, AgencyCategory, AgencyLevel, DocType, HearingMode, PartyKind
from core.cases.vocabulary import Direction as Dir
from core.cases.vocabulary import ProcedureKind as K
from core.reference.readers import read_agencies_guangzhou

V = Verdict


def test_every_outcome_has_a_rule_a_procedure_and_an_article() -> None:
    assert set(OUTCOME_RULES) == set(Outcome)
    for rule in OUTCOME_RULES.values():
        assert rule.kinds
        assert "第" in rule.article
        assert (rule.verdict is not None) == (rule.source is VerdictSource.OUTCOME)


def test_a_word_names_one_outcome_that_belongs_to_the_procedure() -> None:
    for (kind, word), outcome in OUTCOME_WORDS.items():
        assert kind in OUTCOME_RULES[outcome].kinds
        assert outcome_of(kind, word) is outcome
    for rule in OUTCOME_RULES.values():
        for kind in rule.kinds:
            assert outcome_of(kind, rule.outcome.zh) is rule.outcome


# What import files write, by stage.
WRITTEN = [
    *((K.FIRST, word, outcome) for word, outcome in (
        ("撤销", Outcome.REVOKED), ("撤销并责令重作", Outcome.REVOKED_REMAKE), ("确认违法", Outcome.DECLARED_UNLAWFUL),
        ("责令履行", Outcome.ORDERED_TO_PERFORM), ("变更", Outcome.VARIED), ("责令赔偿", Outcome.COMPENSATION),
        ("驳回诉讼请求", Outcome.CLAIMS_DISMISSED), ("驳回起诉", Outcome.SUIT_DISMISSED), ("不予立案", Outcome.NOT_ACCEPTED),
        ("调解", Outcome.MEDIATED), ("撤诉", Outcome.WITHDRAWN), ("移送", Outcome.TRANSFERRED),
    )),
    *((K.SECOND, word, outcome) for word, outcome in (
        ("维持", Outcome.AFFIRMED), ("撤回上诉", Outcome.APPEAL_WITHDRAWN), ("调解", Outcome.MEDIATED), ("改判", Outcome.REVERSED),
        ("发回重审", Outcome.REMANDED),
    )),
    (K.RETRIAL_APP, "驳回再审申请", Outcome.RETRIAL_REFUSED),
    (K.RETRIAL_APP, "提审", Outcome.RETRIAL_BY_HIGHER_COURT),
    (K.RETRIAL, "维持原判", Outcome.AFFIRMED),
    (K.RETRIAL, "改判", Outcome.REVERSED),
    (K.RETRIAL, "发回重审", Outcome.REMANDED),
    (K.RECON, "维持", Outcome.RECON_UPHELD),
    (K.RECON, "撤销", Outcome.RECON_REVOKED),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "word", "outcome"), WRITTEN)
def test_words_of_import_files(kind: K, word: str, outcome: Outcome) -> None:
    assert outcome_of(kind, word) is outcome


@pytest.mark.parametrize(
    ("kind", "word"), [(K.FIRST, "维持"), (K.SECOND, "撤销"), (K.FIRST, ""), (K.RETRIAL_APP, "改判")]
)
def test_words_that_the_procedure_does_not_know(kind: K, word: str) -> None:
    with pytest.raises(UnknownOutcome) as caught:
        outcome_of(kind, word)
    assert kind.zh in caught.value.message_zh


LOST = {
    Outcome.REVOKED, Outcome.REVOKED_REMAKE, Outcome.ORDERED_TO_PERFORM, Outcome.ORDERED_TO_PAY, Outcome.DECLARED_UNLAWFUL, Outcome.DECLARED_VOID,
    Outcome.VARIED, Outcome.AGREEMENT_PERFORM, Outcome.COMPENSATION,
}  # fmt: skip
PARTLY = {Outcome.PARTLY_REVOKED, Outcome.PARTLY_REVOKED_REMAKE, Outcome.AGREEMENT_INDEMNITY}
WON = {Outcome.CLAIMS_DISMISSED, Outcome.SUIT_DISMISSED, Outcome.NOT_ACCEPTED}
MEDIATED = {
    Outcome.WITHDRAWN, Outcome.WITHDRAWN_AFTER_CHANGE, Outcome.MEDIATED, Outcome.JUDICIALLY_CONFIRMED, Outcome.APPEAL_WITHDRAWN_SETTLED,
    Outcome.RECON_MEDIATED, Outcome.RECON_SETTLED,
}  # fmt: skip
CORRECTED = {
    Outcome.WITHDRAWN_AFTER_CHANGE, Outcome.RECON_REVOKED, Outcome.RECON_VARIED, Outcome.RECON_UNLAWFUL, Outcome.RECON_VOID, Outcome.RECON_PERFORM,
}  # fmt: skip


def test_how_outcomes_count() -> None:
    def having(verdict: Verdict) -> set[Outcome]:
        return {outcome for outcome, rule in OUTCOME_RULES.items() if rule.verdict is verdict}

    assert (having(V.LOST), having(V.PARTLY_LOST), having(V.WON)) == (LOST, PARTLY, WON)
    assert {outcome for outcome, rule in OUTCOME_RULES.items() if rule.mediated} == MEDIATED
    assert {outcome for outcome, rule in OUTCOME_RULES.items() if rule.corrected} == CORRECTED
    assert not OUTCOME_RULES[Outcome.TRANSFERRED].counted
    assert OUTCOME_RULES[Outcome.SUIT_DISMISSED].counted


@pytest.mark.parametrize(
    ("outcome", "previous", "holding", "verdict"),
    [
        (Outcome.REVOKED, None, None, V.LOST),
        (Outcome.REVOKED, V.WON, V.WON, V.LOST),
        (Outcome.AFFIRMED, V.LOST, None, V.LOST),
        (Outcome.AFFIRMED, None, None, None),
        (Outcome.APPEAL_WITHDRAWN, V.WON, None, V.WON),
        (Outcome.RETRIAL_REFUSED, V.LOST, None, V.LOST),
        (Outcome.REVERSED, V.LOST, V.WON, V.WON),
        (Outcome.REVERSED, V.LOST, None, None),
        (Outcome.REMANDED, V.LOST, V.WON, None),
    ],
)
def test_verdict(outcome: Outcome, previous: Verdict | None, holding: Verdict | None, verdict: Verdict | None) -> None:
    assert verdict_of(outcome, previous=previous, holding=holding) is verdict


@pytest.mark.parametrize(
    ("word", "doc_type"),
    [
        ("应诉通知书", DocType.RESPONSE_NOTICE), ("起诉状副本", DocType.COMPLAINT), ("答辩状", DocType.ANSWER),
        ("证据清单", DocType.EVIDENCE_LIST), ("授权委托书", DocType.POA), ("法定代表人身份证明", DocType.LEGAL_REP_ID),
        ("传票", DocType.SUMMONS), ("判决书", DocType.JUDGMENT), ("裁定书", DocType.RULING),
        ("调解书", DocType.COURT_MEDIATION), ("上诉状", DocType.APPEAL), ("上诉状副本", DocType.APPEAL),
        ("再审申请书副本", DocType.RETRIAL_APPLICATION), ("再审应诉通知书", DocType.RETRIAL_NOTICE),
    ],
)  # fmt: skip
def test_document_words_of_import_files(word: str, doc_type: DocType) -> None:
    assert DOC_TYPE_WORDS[word] is doc_type


def test_other_words_of_import_files_are_labels() -> None:
    assert [PartyKind.from_zh(word) for word in ("自然人", "法人")] == [
        PartyKind.NATURAL_PERSON,
        PartyKind.LEGAL_PERSON,
    ]
    assert [HearingMode.from_zh(word) for word in ("现场", "线上")] == [HearingMode.ON_SITE, HearingMode.ONLINE]
    assert [Dir.from_zh(word) for word in ("收", "发")] == [Dir.RECEIVED, Dir.SENT]


def test_every_agency_of_guangzhou_has_a_known_level_and_category() -> None:
    for row in read_agencies_guangzhou():
        assert AgencyLevel(row.level.upper())
        assert AgencyCategory(row.category.upper())
