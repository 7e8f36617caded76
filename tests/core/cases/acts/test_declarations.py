"""Every act as declared: names, input, codes, permission; and the pure rules that acts go by."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import types
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.acts import ACTS as CASE_ACTS
from core.cases.acts.refusing import Refused, at, refusing
from core.cases.acts.terms import JudgmentKind, answer_term, appeal_term, suggestion_term, term_of_document
from core.cases.acts.verdicts import LostContradicts, LostNotStated, is_possible, lost_of
from core.cases.outcomes import OUTCOME_RULES, Outcome, Verdict, VerdictSource
from core.cases.refusals.common import Common
from core.cases.states import ProcedureForm
from core.cases.vocabulary import DocType, ProcedureKind, SuggestionKind
from core.identity.acts import ACTS as IDENTITY_ACTS
from core.identity.permissions import CORE_PERMISSIONS
from core.labels import Labelled
from schema.act import Act
from schema.describe import Doc, Ref

ACTS = (*CASE_ACTS, *IDENTITY_ACTS)
PLAIN = {str, int, bool, Decimal, date, time, datetime, UUID}


def by_name(act: Act) -> str:
    return act.name


def leaves(given_type: type[Any]) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Every field of an input, its type without wrappers, and its marks; those of nested inputs too."""
    for name, hint in get_type_hints(given_type, include_extras=True).items():
        assert get_origin(hint) is Annotated, f"{given_type.__name__}.{name} describes nothing"
        leaf, *marks = get_args(hint)
        if get_origin(leaf) in {Union, types.UnionType}:
            leaf = next(one for one in get_args(leaf) if one is not type(None))
        if get_origin(leaf) is tuple:
            leaf = get_args(leaf)[0]
        if dataclasses.is_dataclass(leaf):
            assert isinstance(leaf, type)
            yield from leaves(leaf)
        yield name, leaf, tuple(marks)


def test_names_are_unique() -> None:
    assert len({act.name for act in ACTS}) == len(ACTS)
    assert len({act.given for act in ACTS}) == len(ACTS)
    assert len({act.refusals for act in ACTS}) == len(ACTS)


@pytest.mark.parametrize("act", ACTS, ids=by_name)
def test_an_act_is_declared_whole(act: Act) -> None:
    assert act.permission in {permission.name for permission in CORE_PERMISSIONS}
    assert dataclasses.is_dataclass(act.given)
    assert act.given.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert inspect.iscoroutinefunction(inspect.unwrap(act.perform))
    assert act.given.__doc__
    for name, leaf, marks in leaves(act.given):
        assert leaf in PLAIN or dataclasses.is_dataclass(leaf) or issubclass(leaf, Labelled), name
        assert any(isinstance(mark, Doc) for mark in marks), name
        assert (leaf is UUID) == any(isinstance(mark, Ref) for mark in marks), name


@pytest.mark.parametrize("act", ACTS, ids=by_name)
def test_every_code_of_an_act_is_used_by_it(act: Act) -> None:
    """A code that no line can answer is a promise to front ends that nothing keeps."""
    common = set(Common.__members__)
    source = "".join(inspect.getsource(importlib.import_module(name)) for name in modules_behind(act))
    used = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    used |= {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and node.value}  # type: ignore[misc]
    assert set(act.refusals.__members__) - common <= used


def modules_behind(act: Act) -> list[str]:
    own = inspect.unwrap(act.perform).__module__
    return [
        own,
        *(f"core.cases.acts.{name}" for name in ("registration", "links", "holdings")),
        "core.identity.acts.validity",
    ]


def test_an_enum_without_a_common_code_is_refused_at_import() -> None:
    class Lacking(Labelled):
        NOT_FOUND = "NOT_FOUND", "无", "none"

    with pytest.raises(TypeError, match="Lacking lacks"):
        refusing(Lacking)


def test_paths_are_written_as_the_schema_writes_them() -> None:
    assert at("held_on") == ("input", "heldOn")
    assert at("plaintiffs", 0, "identity_number") == ("input", "plaintiffs", "0", "identityNumber")
    assert Refused(Common.NOT_FOUND).message == Common.NOT_FOUND.en


@given(st.sampled_from(Outcome), st.sampled_from([None, True, False]), st.sampled_from([None, True, False]))
def test_who_lost_follows_the_outcome(outcome: Outcome, stated: bool | None, earlier: bool | None) -> None:
    rule = OUTCOME_RULES[outcome]
    try:
        lost = lost_of(outcome, stated=stated, earlier=earlier)
    except LostNotStated:
        assert (rule.source, stated) == (VerdictSource.HOLDING, None)
    except LostContradicts:
        assert stated is not None
        assert rule.source in (VerdictSource.OUTCOME, VerdictSource.PENDING)
        assert rule.source is VerdictSource.PENDING or stated != (rule.verdict is Verdict.LOST)
    else:
        if stated is not None:
            assert lost == stated
        elif rule.source is VerdictSource.PREVIOUS:
            assert lost == earlier
        else:
            assert lost == {None: None, Verdict.WON: False, Verdict.NEUTRAL: False}.get(rule.verdict, True)


def test_an_outcome_belongs_to_its_procedures() -> None:
    assert is_possible(Outcome.AFFIRMED, ProcedureKind.SECOND)
    assert not is_possible(Outcome.AFFIRMED, ProcedureKind.FIRST)


@pytest.mark.parametrize(
    ("kind", "form", "term"),
    [
        (ProcedureKind.FIRST, ProcedureForm.ORDINARY, "D2"),
        (ProcedureKind.FIRST, ProcedureForm.SIMPLIFIED, "D2b"),
        (ProcedureKind.PIL, ProcedureForm.ORDINARY, "D2"),
        (ProcedureKind.SECOND, ProcedureForm.ORDINARY, "D2.second"),
        (ProcedureKind.RETRIAL_APP, ProcedureForm.ORDINARY, "D2.retrial"),
        (ProcedureKind.RETRIAL, ProcedureForm.ORDINARY, "D2"),
        (ProcedureKind.RECON, ProcedureForm.ORDINARY, "D15"),
        (ProcedureKind.RECON, ProcedureForm.SIMPLIFIED, "D15.simple"),
        (ProcedureKind.NONLIT_ENF, ProcedureForm.ORDINARY, None),
        (ProcedureKind.PRE_MED, ProcedureForm.ORDINARY, None),
    ],
)
def test_the_term_to_answer(kind: ProcedureKind, form: ProcedureForm, term: str | None) -> None:
    found = answer_term(kind, form)
    assert (found[1] if found else None) == term


@given(st.sampled_from(DocType), st.sampled_from(ProcedureKind))
def test_only_five_kinds_of_document_start_a_period(doc_type: DocType, kind: ProcedureKind) -> None:
    starting = {
        DocType.RESPONSE_NOTICE,
        DocType.APPEAL,
        DocType.RETRIAL_APPLICATION,
        DocType.RETRIAL_NOTICE,
        DocType.RECON_NOTICE,
    }
    if doc_type not in starting:
        assert term_of_document(doc_type, kind, ProcedureForm.ORDINARY) is None


@given(st.sampled_from(ProcedureKind), st.sampled_from(JudgmentKind), st.sampled_from([None, *Outcome]))
def test_there_is_an_appeal_in_first_instance_only(
    kind: ProcedureKind, judgment: JudgmentKind, outcome: Outcome | None
) -> None:
    term = appeal_term(kind, judgment, outcome)
    if term is not None:
        assert kind in (ProcedureKind.FIRST, ProcedureKind.PIL)
        assert term == {JudgmentKind.JUDGMENT: "D4.judgment", JudgmentKind.RULING: "D4.ruling"}[judgment]


def test_no_suggestion_is_both_normative_and_urgent() -> None:
    for kind in SuggestionKind:
        assert suggestion_term(kind, normative=True, urgent=True) is None
