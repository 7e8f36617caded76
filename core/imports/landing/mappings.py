"""The words of import files and what they become: temporary tables that the landing joins."""

from __future__ import annotations

from itertools import product

from core.cases.outcomes import OUTCOME_WORDS, Outcome
from core.cases.procedures import CASE_TYPES, ImpossibleLink, link_kind
from core.cases.vocabulary import DOC_TYPE_WORDS, AgencyCategory, PartyKind, ProcedureKind

Mapping = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def mappings() -> list[Mapping]:
    """Every mapping: the name of its table, its columns, its rows."""
    return [
        (
            "map_type",
            ("type", "kind", "compensation"),
            [(name, rule.kind.value, rule.compensation.value) for name, rule in CASE_TYPES.items()],
        ),
        (
            "map_outcome",
            ("kind", "word", "outcome"),
            [(kind.value, word, outcome.value) for (kind, word), outcome in OUTCOME_WORDS.items()],
        ),
        ("map_document", ("word", "code"), [(word, code.value) for word, code in DOC_TYPE_WORDS.items()]),
        ("map_party", ("word", "kind"), [(kind.zh, kind.value) for kind in PartyKind]),
        ("map_category", ("category",), [(category.value,) for category in AgencyCategory]),
        ("map_link", ("previous", "following", "outcome", "link"), _links()),
    ]


def _links() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    outcomes: list[Outcome | None] = [None, *Outcome]
    for previous, following, outcome in product(ProcedureKind, ProcedureKind, outcomes):
        try:
            link = link_kind(previous, following, outcome)
        except ImpossibleLink:
            continue
        rows.append((previous.value, following.value, outcome.value if outcome else "", link.value))
    return rows
