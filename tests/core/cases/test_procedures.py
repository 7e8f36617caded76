from __future__ import annotations

from itertools import product

import pytest

from core.cases.outcomes import Outcome
from core.cases.procedures import (
    CASE_TYPES,
    STAGE_KINDS,
    Compensation,
    ImpossibleLink,
    LinkKind,
    ProcedureKind,
    link_kind,
)
from core.reference.readers import read_case_types

K = ProcedureKind


def test_the_table_covers_the_20_types_and_agrees_with_the_reference_data() -> None:
    rows = {row.type: row for row in read_case_types()}
    assert set(rows) == set(CASE_TYPES)
    for code, rule in CASE_TYPES.items():
        assert rule.name_zh == rows[code].name_zh
        # The grammar and the standard disagree on 赔辖; we follow the grammar (see the README of the data).
        assert rule.basic_court_possible == rows[code].basic_court_possible or code == "赔辖"
        if rows[code].stage in STAGE_KINDS:
            assert rule.kind is STAGE_KINDS[rows[code].stage]
        assert rule.compensation is (Compensation.ALONE if "赔" in code else Compensation.NONE)


def test_types_of_one_procedure_in_two_series_agree() -> None:
    for tail in "初终监申抗再他":
        assert CASE_TYPES[f"行{tail}"].kind is CASE_TYPES[f"行赔{tail}"].kind
        assert CASE_TYPES[f"行{tail}"].basic_court_possible == CASE_TYPES[f"行赔{tail}"].basic_court_possible


@pytest.mark.parametrize(
    ("previous", "following", "outcome", "kind"),
    [
        (K.FIRST, K.SECOND, Outcome.CLAIMS_DISMISSED, LinkKind.APPEALED),
        (K.FIRST, K.SECOND, None, LinkKind.APPEALED),
        (K.SECOND, K.FIRST, Outcome.REMANDED, LinkKind.REMANDED),
        (K.SECOND, K.FIRST, None, LinkKind.REMANDED),
        (K.RETRIAL, K.FIRST, Outcome.REMANDED, LinkKind.REMANDED),
        (K.RETRIAL, K.SECOND, Outcome.REMANDED, LinkKind.REMANDED),
        (K.RETRIAL, K.SECOND, Outcome.REVERSED, LinkKind.APPEALED),
        (K.RETRIAL, K.SECOND, None, LinkKind.APPEALED),
        (K.SECOND, K.RETRIAL_APP, Outcome.AFFIRMED, LinkKind.RETRIAL_APPLIED),
        (K.RETRIAL_APP, K.RETRIAL, Outcome.RETRIAL_BY_HIGHER_COURT, LinkKind.RETRIED),
        (K.RECON, K.FIRST, Outcome.RECON_UPHELD, LinkKind.RECONSIDERED),
        (K.PRE_MED, K.FIRST, None, LinkKind.MEDIATED),
        (K.FIRST, K.FIRST, Outcome.TRANSFERRED, LinkKind.TRANSFERRED),
        (K.NONLIT_ENF, K.NONLIT_REVIEW, Outcome.ENFORCEMENT_REFUSED, LinkKind.REVIEWED),
        (K.SECOND, K.ENF_ON_US, Outcome.AFFIRMED, LinkKind.ENFORCED),
    ],
)
def test_link_kind(previous: ProcedureKind, following: ProcedureKind, outcome: Outcome | None, kind: LinkKind) -> None:
    assert link_kind(previous, following, outcome) is kind


@pytest.mark.parametrize(
    ("previous", "following", "outcome"),
    [
        (K.SECOND, K.FIRST, Outcome.AFFIRMED),
        (K.RETRIAL, K.FIRST, Outcome.REVERSED),
        (K.FIRST, K.FIRST, None),
        (K.FIRST, K.FIRST, Outcome.REMANDED),
        (K.FIRST, K.FIRST, Outcome.CLAIMS_DISMISSED),
        (K.SECOND, K.SECOND, None),
        (K.SECOND, K.RECON, None),
        (K.RETRIAL_APP, K.FIRST, Outcome.RETRIAL_REFUSED),
    ],
)
def test_impossible_links(previous: ProcedureKind, following: ProcedureKind, outcome: Outcome | None) -> None:
    with pytest.raises(ImpossibleLink) as caught:
        link_kind(previous, following, outcome)
    assert following.zh in caught.value.message_zh
    assert previous.en in caught.value.message


def test_no_step_ever_derives_what_people_must_declare() -> None:
    derived = set()
    for previous, following, outcome in product(K, K, [None, *Outcome]):
        try:
            derived.add(link_kind(previous, following, outcome))
        except ImpossibleLink:
            continue
    assert derived == set(LinkKind) - {LinkKind.JOINED, LinkKind.SERIES}
