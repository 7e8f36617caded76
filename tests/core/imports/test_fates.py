from __future__ import annotations

import re

import pytest

from core.imports.fates import LEDGER, RULES, Fate, as_markdown, fate_of, ledger_fate
from core.imports.kinds import FaultKind as K


def test_every_kind_of_fault_has_one_fate_and_a_reason_in_both_languages():
    assert set(RULES) == set(K)
    assert all(
        re.search("[a-z]{3}", rule.reason) and re.search("[一-龥]{2}", rule.reason_zh) for rule in RULES.values()
    )


@pytest.mark.parametrize("dirt", LEDGER)
def test_whatever_a_kind_of_dirt_is_reported_as_its_fate_is_the_same(dirt):
    assert {RULES[kind].fate for kind in LEDGER[dirt]} == {ledger_fate(dirt)}


@pytest.mark.parametrize(
    ("kinds", "fate"),
    [
        ([], None),
        ([K.SPACES, K.ZERO_WIDTH], Fate.NORMALISED),
        ([K.SPACES, K.REST_DAY], Fate.WARNED),
        ([K.UNKNOWN_CASE, K.REST_DAY, K.SPACES], Fate.REJECTED),
    ],
)
def test_a_row_takes_the_worst_of_its_fates(kinds, fate):
    assert fate_of(kinds) is fate
    assert fate_of(reversed(kinds)) is fate


def test_the_documentation_names_every_kind_and_every_dirt():
    text = as_markdown()
    assert all(f"`{kind.value}`" in text for kind in K)
    assert all(f"| `{dirt}` | {ledger_fate(dirt).value} |" in text for dirt in LEDGER)
