"""Every transition from every state by every actor: what the table allows, and that it refuses all else.

`ALLOWED` is written from the rule sheet (domain §4), not from the code: state → what may happen → who may do it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from plugins.reminders.rules.facts import Facts, Refusal, Step
from plugins.reminders.rules.table import ACT_EVIDENCE, TABLE
from plugins.reminders.rules.vocabulary import (
    ActorKind,
    EvidenceKind,
    ObligationKind,
    ObligationState,
    StepRefusal,
    Transition,
)
from tests.support.supervision_rules import EVIDENCE, born, day, did, tried

S, T, A = ObligationState, Transition, ActorKind
WHEN = "2026-09-01"
"""Long after everything: so that no lapse is refused for being early."""

MORE: dict[Transition, dict[str, Any]] = {
    T.ACT: {"acted_on": "2026-03-20"},
    T.RESCHEDULE: {"due_on": "2026-10-12"},
    T.RESUME: {"due_on": "2026-10-12"},
    T.FILE_REMEDY: {"plan_due_on": "2026-09-30"},
}


def _running() -> Facts:
    return born(ObligationKind.DEFENCE, "2026-03-25", "2026-03-10")[-1].facts


def _tracking() -> Facts:
    return did(_running(), T.TRACK, A.BUREAU, "2026-03-12")[-1].facts


def _acted() -> Facts:
    return did(_tracking(), T.ACT, A.LIAISON, "2026-03-20", acted_on="2026-03-20")[-1].facts


def _filed() -> Facts:
    return did(_acted(), T.FILE_FEEDBACK, A.LIAISON, "2026-03-21")[-1].facts


def _missed() -> Facts:
    return did(_tracking(), T.MISS, A.SYSTEM, "2026-03-26T00:00")[-1].facts


def _remedy_filed() -> Facts:
    return did(_missed(), T.FILE_REMEDY, A.LEGAL, "2026-03-27", plan_due_on="2026-04-10")[-1].facts


def _approved() -> Facts:
    return did(_remedy_filed(), T.APPROVE_REMEDY, A.BUREAU, "2026-03-28")[-1].facts


def _late() -> Facts:
    acted = did(_approved(), T.ACT, A.LIAISON, "2026-04-08", acted_on="2026-04-08")[-1].facts
    return did(acted, T.FILE_FEEDBACK, A.LIAISON, "2026-04-09")[-1].facts


def _remedied() -> Facts:
    return did(_late(), T.CONFIRM_REMEDY, A.BUREAU, "2026-04-10")[-1].facts


def _verified() -> Facts:
    made = did(_filed(), T.VERIFY, A.BUREAU, "2026-03-24")
    return made[-2].facts


FACTS: dict[ObligationState, Facts] = {
    S.RECEIVED: _running(),
    S.TRACKING: _tracking(),
    S.SUSPENDED: did(_tracking(), T.SUSPEND, A.LIAISON, "2026-03-15")[-1].facts,
    S.ACTED: _acted(),
    S.FEEDBACK_OVERDUE: did(_acted(), T.FEEDBACK_LAPSE, A.SYSTEM, "2026-03-24T00:00")[-1].facts,
    S.FEEDBACK_FILED: _filed(),
    S.RETURNED: did(_filed(), T.RETURN_FEEDBACK, A.BUREAU, "2026-03-24")[-1].facts,
    S.VERIFIED: _verified(),
    S.CLOSED: did(_filed(), T.VERIFY, A.BUREAU, "2026-03-24")[-1].facts,
    S.MISSED: _missed(),
    S.REMEDY_OPEN: did(_missed(), T.OPEN_REMEDY, A.LEGAL, "2026-03-26")[-1].facts,
    S.REMEDY_FILED: _remedy_filed(),
    S.REMEDIED: _remedied(),
    S.ESCALATED: did(_missed(), T.ESCALATE, A.BUREAU, "2026-03-30")[-1].facts,
    S.CLOSED_LATE: did(_remedied(), T.CLOSE_LATE, A.BUREAU, "2026-04-10")[-1].facts,
    S.VOID: did(_tracking(), T.VOID, A.BUREAU, "2026-03-15")[-1].facts,
}

CLERKS = {A.LIAISON, A.LEGAL, A.BUREAU}
ANY_CLERK = CLERKS | {A.SYSTEM, A.FEED}
DOER = {A.LIAISON, A.LEGAL, A.SYSTEM, A.FEED}
CONFIRM = {T.CONFIRM_REMINDER: {A.LIAISON, A.LEGAL, A.BUREAU}}
VOID = {T.VOID: {A.BUREAU, A.SYSTEM}}
SYSTEM, BUREAU = {A.SYSTEM}, {A.BUREAU}
MOVE = {T.RESCHEDULE: ANY_CLERK, T.SUSPEND: ANY_CLERK}
RUN = CONFIRM | VOID | MOVE | {T.REMIND: SYSTEM, T.PHONE_TASK: SYSTEM, T.MISS: SYSTEM, T.ACT: DOER}
LATE = CONFIRM | VOID | MOVE | {T.ACT: DOER, T.ESCALATE: BUREAU}
FILED = {T.RETURN_FEEDBACK: BUREAU, T.VERIFY: BUREAU, T.VERIFICATION_LAPSE: SYSTEM}

ALLOWED: dict[ObligationState, dict[Transition, set[ActorKind]]] = {
    S.RECEIVED: RUN | {T.TRACK: BUREAU},
    S.TRACKING: RUN,
    S.SUSPENDED: CONFIRM | VOID | {T.RESUME: ANY_CLERK, T.RESCHEDULE: ANY_CLERK},
    S.ACTED: CONFIRM | VOID | {T.FILE_FEEDBACK: {A.LIAISON, A.LEGAL}, T.FEEDBACK_LAPSE: SYSTEM},
    S.FEEDBACK_OVERDUE: CONFIRM | VOID | {T.FILE_FEEDBACK: {A.LIAISON, A.LEGAL}},
    S.FEEDBACK_FILED: CONFIRM | VOID | FILED,
    S.RETURNED: CONFIRM | VOID | {T.FILE_FEEDBACK: {A.LIAISON, A.LEGAL}, T.FEEDBACK_LAPSE: SYSTEM},
    S.VERIFIED: CONFIRM | VOID | {T.CLOSE: {A.BUREAU, A.SYSTEM}},
    S.CLOSED: {},
    S.MISSED: LATE | {T.OPEN_REMEDY: {A.LEGAL, A.BUREAU}, T.FILE_REMEDY: {A.LEGAL, A.CHIEF}, T.REMEDY_LAPSE: SYSTEM},
    S.REMEDY_OPEN: LATE | {T.FILE_REMEDY: {A.LEGAL, A.CHIEF}, T.REMEDY_LAPSE: SYSTEM},
    S.REMEDY_FILED: LATE | {T.APPROVE_REMEDY: BUREAU, T.REFUSE_REMEDY: BUREAU, T.PLAN_LAPSE: SYSTEM},
    S.REMEDIED: CONFIRM | VOID | FILED | {T.CLOSE_LATE: {A.BUREAU, A.SYSTEM}},
    S.ESCALATED: LATE | {T.OPEN_REMEDY: {A.LEGAL, A.BUREAU}, T.FILE_REMEDY: {A.LEGAL, A.CHIEF}, T.REMEDY_LAPSE: SYSTEM},
    S.CLOSED_LATE: {},
    S.VOID: {},
}


def _more(transition: Transition, state: ObligationState) -> dict[str, Any]:
    return MORE.get(transition, {})


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("transition", T)
def test_a_transition_happens_from_the_states_and_by_the_actors_of_the_rule_sheet_alone(
    state: ObligationState, transition: Transition
) -> None:
    assert FACTS[state].state is state
    allowed = ALLOWED[state].get(transition, set())
    done = {
        actor
        for actor in A
        if isinstance(tried(FACTS[state], transition, actor, WHEN, **_more(transition, state)), Step)
    }
    assert done == allowed


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("transition", [one for one in T if TABLE[one].reason])
def test_what_must_be_reasoned_is_refused_without_a_reason(state: ObligationState, transition: Transition) -> None:
    for actor in ALLOWED[state].get(transition, ()):
        refused = tried(FACTS[state], transition, actor, WHEN, **_more(transition, state), reason=" ")
        assert refused == Refusal(StepRefusal.REASON_MISSING)


EVIDENCE_NEEDED = {
    T.TRACK: [{"CALCULATION", "CASE_RECORD"}],
    T.REMIND: [{"MESSAGE"}],
    T.ACT: [{"COURT_RECEIPT", "CASE_RECORD"}],
    T.FILE_FEEDBACK: [{"FEEDBACK_FORM"}],
    T.VERIFY: [{"VERIFICATION"}],
    T.FILE_REMEDY: [{"REMEDY_PLAN"}, {"CHIEF_SIGNATURE"}],
    T.CONFIRM_REMEDY: [{"REMEDY_PROOF", "PERFORMANCE_PROOF"}],
    T.ESCALATE: [{"LETTER"}],
    T.RESCHEDULE: [{"NEW_DATE_PAPER", "CASE_RECORD"}],
    T.SUSPEND: [{"RULING", "CASE_RECORD"}],
    T.RESUME: [{"RULING", "CASE_RECORD"}],
    T.VOID: [{"RULING", "CASE_RECORD", "OFFICER_NOTE"}],
}


@pytest.mark.parametrize(("state", "transition"), [(state, transition) for state in S for transition in ALLOWED[state]])
def test_a_transition_needs_its_evidence(state: ObligationState, transition: Transition) -> None:
    actor = next(iter(sorted(ALLOWED[state][transition])))
    more = _more(transition, state)
    needed = [frozenset(EvidenceKind(code) for code in one) for one in EVIDENCE_NEEDED.get(transition, ())]
    for one in needed:
        refused = tried(FACTS[state], transition, actor, WHEN, **more, evidence=EVIDENCE - one)
        assert refused == Refusal(StepRefusal.EVIDENCE_MISSING, one)
    enough = [
        {kind for one in needed for kind in sorted(one)[:1]},
        {kind for one in needed for kind in sorted(one)[-1:]},
    ]
    for evidence in enough:
        assert isinstance(tried(FACTS[state], transition, actor, WHEN, **more, evidence=evidence), Step)


@pytest.mark.parametrize(
    ("kind", "proof"),
    [
        (ObligationKind.DEFENCE, EvidenceKind.COURT_RECEIPT),
        (ObligationKind.HEARING, EvidenceKind.HEARING_RECORD),
        (ObligationKind.PERFORMANCE, EvidenceKind.PERFORMANCE_PROOF),
        (ObligationKind.SUGG_REPLY, EvidenceKind.REPLY),
        (ObligationKind.LOSS_REPORT, EvidenceKind.LOSS_REPORT),
        (ObligationKind.RECON_ANSWER, EvidenceKind.REPLY),
    ],
)
def test_each_kind_of_duty_has_its_own_proof(kind: ObligationKind, proof: EvidenceKind) -> None:
    facts = born(kind, "2026-03-25", "2026-03-10")[-1].facts
    assert did(facts, T.ACT, A.LIAISON, "2026-03-20", acted_on="2026-03-20", evidence={proof})[-1].to_state is S.ACTED
    refused = tried(facts, T.ACT, A.LIAISON, "2026-03-20", acted_on="2026-03-20", evidence={EvidenceKind.SCAN})
    assert refused == Refusal(StepRefusal.EVIDENCE_MISSING, ACT_EVIDENCE[kind])


LEADS_TO = {
    (S.RECEIVED, T.TRACK): S.TRACKING,
    (S.RECEIVED, T.ACT): S.ACTED,
    (S.RECEIVED, T.SUSPEND): S.SUSPENDED,
    (S.RECEIVED, T.MISS): S.MISSED,
    (S.TRACKING, T.ACT): S.ACTED,
    (S.TRACKING, T.SUSPEND): S.SUSPENDED,
    (S.TRACKING, T.MISS): S.MISSED,
    (S.SUSPENDED, T.RESUME): S.TRACKING,
    (S.ACTED, T.FILE_FEEDBACK): S.FEEDBACK_FILED,
    (S.ACTED, T.FEEDBACK_LAPSE): S.FEEDBACK_OVERDUE,
    (S.FEEDBACK_OVERDUE, T.FILE_FEEDBACK): S.FEEDBACK_FILED,
    (S.FEEDBACK_FILED, T.RETURN_FEEDBACK): S.RETURNED,
    (S.FEEDBACK_FILED, T.VERIFY): S.VERIFIED,
    (S.RETURNED, T.FILE_FEEDBACK): S.FEEDBACK_FILED,
    (S.RETURNED, T.FEEDBACK_LAPSE): S.FEEDBACK_OVERDUE,
    (S.VERIFIED, T.CLOSE): S.CLOSED,
    (S.MISSED, T.OPEN_REMEDY): S.REMEDY_OPEN,
    (S.MISSED, T.FILE_REMEDY): S.REMEDY_FILED,
    (S.REMEDY_OPEN, T.FILE_REMEDY): S.REMEDY_FILED,
    (S.REMEDY_FILED, T.REFUSE_REMEDY): S.REMEDY_OPEN,
    (S.REMEDIED, T.CLOSE_LATE): S.CLOSED_LATE,
    (S.ESCALATED, T.FILE_REMEDY): S.REMEDY_FILED,
    (S.ESCALATED, T.OPEN_REMEDY): S.REMEDY_OPEN,
}


@pytest.mark.parametrize(("state", "transition"), [(state, transition) for state in S for transition in ALLOWED[state]])
def test_where_a_transition_leads(state: ObligationState, transition: Transition) -> None:
    actor = next(iter(sorted(ALLOWED[state][transition])))
    made = tried(FACTS[state], transition, actor, WHEN, **_more(transition, state))
    assert isinstance(made, Step)
    missed = state in (S.MISSED, S.REMEDY_OPEN, S.REMEDY_FILED, S.ESCALATED)
    if transition is T.VOID:
        expected = S.VOID
    elif transition is T.SUSPEND:
        expected = S.SUSPENDED
    elif transition is T.ESCALATE:
        expected = S.ESCALATED
    elif transition is T.RESCHEDULE and missed:
        expected = S.TRACKING
    elif transition is T.ACT and missed:  # on 2026-03-20, told only now: it was in time
        expected = S.ACTED
    else:
        expected = LEADS_TO.get((state, transition), state)
    assert (made.from_state, made.to_state) == (state, expected)


def test_the_remedy_is_confirmed_once_its_plan_is_approved_and_the_duty_done() -> None:
    assert tried(_remedy_filed(), T.CONFIRM_REMEDY, A.BUREAU, WHEN) == Refusal(StepRefusal.PLAN_NOT_APPROVED)
    assert tried(_approved(), T.CONFIRM_REMEDY, A.BUREAU, WHEN) == Refusal(StepRefusal.NOT_IN_STATE)
    confirmed = tried(_late(), T.CONFIRM_REMEDY, A.BUREAU, WHEN)
    assert isinstance(confirmed, Step)
    assert confirmed.to_state is S.REMEDIED
    assert tried(_remedied(), T.CLOSE_LATE, A.BUREAU, WHEN)


def test_a_missed_hearing_cannot_be_made_up_but_its_remedy_can() -> None:
    facts = born(ObligationKind.HEARING, "2026-03-25", "2026-03-10")[-1].facts
    facts = did(facts, T.FILE_REMEDY, A.LEGAL, "2026-03-27", plan_due_on="2026-04-10")[-1].facts
    facts = did(facts, T.APPROVE_REMEDY, A.BUREAU, "2026-03-28")[-1].facts
    facts = did(facts, T.CONFIRM_REMEDY, A.BUREAU, "2026-04-09")[-1].facts
    assert did(facts, T.CLOSE_LATE, A.BUREAU, "2026-04-10")[-1].to_state is S.CLOSED_LATE


def test_what_was_done_late_closes_only_with_its_feedback() -> None:
    acted = did(_approved(), T.ACT, A.LIAISON, "2026-04-08", acted_on="2026-04-08")[-1].facts
    confirmed = did(acted, T.CONFIRM_REMEDY, A.BUREAU, "2026-04-08T11:00")[-1].facts
    assert tried(confirmed, T.CLOSE_LATE, A.BUREAU, WHEN) == Refusal(StepRefusal.FEEDBACK_MISSING)
    filed = did(confirmed, T.FILE_FEEDBACK, A.LIAISON, "2026-04-09")[-1].facts
    assert did(filed, T.CLOSE_LATE, A.BUREAU, "2026-04-10")[-1].to_state is S.CLOSED_LATE


@pytest.mark.parametrize(
    ("transition", "more", "code"),
    [
        (T.ACT, {}, StepRefusal.DATE_MISSING),
        (T.ACT, {"acted_on": "2026-03-21"}, StepRefusal.DATE_IMPOSSIBLE),
        (T.RESCHEDULE, {}, StepRefusal.DATE_MISSING),
    ],
)
def test_dates_that_are_missing_or_lie_ahead_are_refused(
    transition: Transition, more: dict[str, Any], code: StepRefusal
) -> None:
    assert tried(_tracking(), transition, A.LIAISON, "2026-03-20", **more) == Refusal(code)


def test_a_plan_needs_a_date_that_lies_ahead() -> None:
    assert tried(_missed(), T.FILE_REMEDY, A.LEGAL, "2026-03-27") == Refusal(StepRefusal.DATE_MISSING)
    past = tried(_missed(), T.FILE_REMEDY, A.LEGAL, "2026-03-27", plan_due_on="2026-03-26")
    assert past == Refusal(StepRefusal.DATE_IMPOSSIBLE)


def test_nothing_is_done_twice() -> None:
    already = Refusal(StepRefusal.ALREADY_DONE)
    assert tried(_tracking(), T.TRACK, A.BUREAU, "2026-03-13") == already
    assert tried(_late(), T.ACT, A.LIAISON, WHEN, acted_on="2026-04-08") == already
    assert tried(_late(), T.FILE_FEEDBACK, A.LIAISON, WHEN) == already
    assert tried(_approved(), T.APPROVE_REMEDY, A.BUREAU, WHEN) == already
    assert tried(_approved(), T.REFUSE_REMEDY, A.BUREAU, WHEN) == already
    assert tried(_late(), T.RESCHEDULE, A.LIAISON, WHEN, due_on="2026-10-12") == already
    assert tried(_late(), T.SUSPEND, A.LIAISON, WHEN) == already


@pytest.mark.parametrize(
    ("facts", "transition", "early", "from_then"),
    [
        (_tracking(), T.MISS, "2026-03-25T23:59:59", "2026-03-26T00:00"),
        (_acted(), T.FEEDBACK_LAPSE, "2026-03-23T23:59:59", "2026-03-24T00:00"),
        (_missed(), T.REMEDY_LAPSE, "2026-03-30T23:59:59", "2026-03-31T00:00"),
        (_approved(), T.PLAN_LAPSE, "2026-04-10T23:59:59", "2026-04-11T00:00"),
    ],
)
def test_a_term_lapses_at_midnight_and_not_a_second_earlier(
    facts: Facts, transition: Transition, early: str, from_then: str
) -> None:
    assert tried(facts, transition, A.SYSTEM, early) == Refusal(StepRefusal.NOT_YET)
    assert isinstance(tried(facts, transition, A.SYSTEM, from_then), Step)


def test_every_state_is_reached_and_every_transition_has_a_row() -> None:
    assert set(FACTS) == set(S)
    assert set(TABLE) == set(T)
    assert {transition for row in ALLOWED.values() for transition in row} | {T.BEAR, T.CONFIRM_REMEDY} == set(T)
    assert isinstance(day("2026-03-10"), date)
