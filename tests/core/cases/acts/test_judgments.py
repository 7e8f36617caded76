"""Judgments, their service, holdings and effectiveness."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.cases.acts.closing import CASE_CLOSE
from core.cases.acts.effectiveness import JUDGMENT_BECOME_EFFECTIVE
from core.cases.acts.holdings import HOLDING_RECORD, NewHolding
from core.cases.acts.judgments import JUDGMENT_RECORD, JUDGMENT_SERVE
from core.cases.acts.links import CASES_LINK
from core.cases.acts.terms import JudgmentKind
from core.cases.events import (
    CaseClosed,
    HoldingRecorded,
    JudgmentEffective,
    JudgmentRecorded,
    JudgmentServed,
    PeriodOpened,
)
from core.cases.outcomes import Outcome
from core.cases.refusals.court import (
    HoldingRecordRefusal,
    JudgmentBecomeEffectiveRefusal,
    JudgmentRecordRefusal,
    JudgmentServeRefusal,
)
from core.cases.tables import Holding, Judgment, Period, Response
from core.db.session import Database
from core.errors import ActRefused
from tests.support.acting import Desk, Docket, row_of, rows_of, trail


def given(case_id: UUID, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "case_id": case_id,
        "kind": JudgmentKind.JUDGMENT,
        "decided_on": date(2026, 3, 6),
        "outcome": Outcome.REVOKED,
    }
    return values | more


async def test_the_judgment_of_a_sole_respondent_is_its_holding(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    case_id, [response_id] = await docket.case("huangpu")
    judgment_id = await bureau.perform(
        JUDGMENT_RECORD, **given(case_id, number="（2026）粤7101行初1号", served_on=date(2026, 3, 9))
    )
    assert [type(event) for event in bureau.heard] == [HoldingRecorded, PeriodOpened, JudgmentRecorded]
    judgment = await row_of(database, Judgment, judgment_id)
    # D4: fifteen days after 2026-03-09 is Tuesday 2026-03-24.
    assert (judgment.kind, judgment.appeal_until, judgment.effective_on) == ("JUDGMENT", date(2026, 3, 24), None)
    [holding] = await rows_of(database, Holding, judgment_id=judgment_id)
    assert (holding.outcome, holding.lost) == ("REVOKED", True)
    response = await row_of(database, Response, response_id)
    assert (response.outcome, response.lost, response.status) == ("REVOKED", True, "OPEN")
    [period] = await rows_of(database, Period, judgment_id=judgment_id)
    assert (period.kind, period.due_on, period.starts_on) == ("APPEAL", date(2026, 3, 24), date(2026, 3, 9))
    [entry] = await trail(database, judgment_id)
    assert (entry.act, entry.after["appeal_until"]) == ("judgmentRecord", "2026-03-24")
    await bureau.refused(
        JUDGMENT_RECORD,
        JudgmentRecordRefusal.ALREADY_RECORDED,
        "number",
        **given(case_id, number="（2026）粤7101行初1号"),
    )


@pytest.mark.parametrize(
    ("number_type", "court", "kind", "outcome", "until"),
    [
        ("行初", "粤7101", JudgmentKind.JUDGMENT, Outcome.CLAIMS_DISMISSED, date(2026, 3, 24)),
        ("行初", "粤7101", JudgmentKind.RULING, Outcome.SUIT_DISMISSED, date(2026, 3, 19)),
        ("行初", "粤7101", JudgmentKind.RULING, Outcome.NOT_ACCEPTED, date(2026, 3, 19)),
        ("行初", "粤7101", JudgmentKind.RULING, Outcome.WITHDRAWN, None),
        ("行初", "粤7101", JudgmentKind.COURT_MEDIATION, Outcome.MEDIATED, None),
        ("行终", "粤71", JudgmentKind.JUDGMENT, Outcome.AFFIRMED, None),
    ],
)
async def test_the_term_of_appeal_goes_by_document_and_outcome(
    database: Database,
    bureau: Desk,
    docket: Docket,
    number_type: str,
    court: str,
    kind: JudgmentKind,
    outcome: Outcome,
    until: date | None,
) -> None:
    case_id, _ = await docket.case("huangpu", number_type=number_type, court=court)
    judgment_id = await bureau.perform(
        JUDGMENT_RECORD, **given(case_id, kind=kind, outcome=outcome, served_on=date(2026, 3, 9))
    )
    assert (await row_of(database, Judgment, judgment_id)).appeal_until == until


async def test_holdings_follow_each_agencys_own_act(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, [first, second] = await docket.case("huangpu", "tianhe")
    judgment_id = await bureau.perform(
        JUDGMENT_RECORD,
        **given(
            case_id,
            closes_case=True,
            holdings=(
                NewHolding(first, Outcome.REVOKED, loss_reason="程序违法", amount_yuan=Decimal("10.50")),
                NewHolding(second, Outcome.CLAIMS_DISMISSED),
            ),
        ),
    )
    assert [type(event) for event in bureau.heard] == [HoldingRecorded, HoldingRecorded, CaseClosed, JudgmentRecorded]
    rows = {row.response_id: row for row in await rows_of(database, Holding, judgment_id=judgment_id)}
    assert (rows[first].lost, rows[first].loss_reason, rows[first].amount_yuan) == (True, "程序违法", Decimal("10.50"))
    assert (rows[second].lost, rows[second].outcome) == (False, "CLAIMS_DISMISSED")
    states = [await row_of(database, Response, one) for one in (first, second)]
    assert [(row.outcome, row.lost, row.status) for row in states] == [
        ("REVOKED", True, "CLOSED"),
        ("CLAIMS_DISMISSED", False, "CLOSED"),
    ]
    assert (await docket.state(case_id)).closed_on == date(2026, 3, 6)
    assert [entry.act for entry in await trail(database, judgment_id)] == ["judgmentRecord"]


async def test_without_holdings_two_respondents_stay_open_questions(
    database: Database, tianhe: Desk, huangpu: Desk, docket: Docket
) -> None:
    case_id, [first, second] = await docket.case("huangpu", "tianhe")
    judgment_id = await tianhe.perform(JUDGMENT_RECORD, **given(case_id, served_on=date(2026, 3, 9)))
    assert {row.outcome for row in await rows_of(database, Holding, judgment_id=judgment_id)} == {None}
    [period] = await rows_of(database, Period, judgment_id=judgment_id)
    assert period.response_id == second
    # The other agency was served on a later day: its own term runs from there.
    await huangpu.perform(JUDGMENT_SERVE, judgment_id=judgment_id, response_id=first, served_on=date(2026, 3, 10))
    assert [type(event) for event in huangpu.heard] == [PeriodOpened, JudgmentServed]
    judgment = await row_of(database, Judgment, judgment_id)
    assert (judgment.served_on, judgment.appeal_until) == (date(2026, 3, 10), date(2026, 3, 25))
    code = JudgmentServeRefusal
    again = {"judgment_id": judgment_id, "response_id": first, "served_on": date(2026, 3, 10)}
    await huangpu.refused(JUDGMENT_SERVE, code.ALREADY_SERVED, "responseId", **again)
    await huangpu.refused(JUDGMENT_SERVE, code.NOT_FOUND, "responseId", **again | {"response_id": second})
    await huangpu.perform(HOLDING_RECORD, judgment_id=judgment_id, response_id=first, outcome=Outcome.PARTLY_REVOKED)
    assert (await row_of(database, Response, first)).lost is True


async def test_serving_is_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = JudgmentServeRefusal
    case_id, [response_id] = await docket.case("huangpu")
    _, [foreign] = await docket.case("huangpu")
    judgment_id = await bureau.perform(JUDGMENT_RECORD, **given(case_id))
    values = {"judgment_id": judgment_id, "response_id": response_id, "served_on": date(2026, 3, 9)}
    await shenzhen.refused(JUDGMENT_SERVE, code.NOT_FOUND, "judgmentId", **values)
    await bureau.refused(JUDGMENT_SERVE, code.NOT_FOUND, "responseId", **values | {"response_id": foreign})
    await bureau.refused(JUDGMENT_SERVE, code.IN_FUTURE, "servedOn", **values | {"served_on": date(2026, 3, 11)})
    await bureau.refused(
        JUDGMENT_SERVE, code.DATES_OUT_OF_ORDER, "servedOn", **values | {"served_on": date(2026, 3, 5)}
    )
    await bureau.refused(JUDGMENT_SERVE, code.CONFLICT, "expectedVersion", **values, expected_version=9)
    await bureau.refused(JUDGMENT_SERVE, code.INVALID_INPUT, "servedOn", **values | {"served_on": date(9, 3, 5)})
    final, [other] = await docket.case("huangpu", number_type="行终", court="粤71")
    second = await bureau.perform(JUDGMENT_RECORD, **given(final, outcome=Outcome.AFFIRMED))
    values = {"judgment_id": second, "response_id": other, "served_on": date(2026, 3, 9)}
    await bureau.perform(JUDGMENT_SERVE, **values)
    await bureau.refused(JUDGMENT_SERVE, code.ALREADY_SERVED, "judgmentId", **values)


async def test_recording_is_refused(bureau: Desk, shenzhen: Desk, tianhe: Desk, docket: Docket) -> None:
    code = JudgmentRecordRefusal
    case_id, [response_id] = await docket.case("huangpu")
    _, [foreign] = await docket.case("huangpu")
    await shenzhen.refused(JUDGMENT_RECORD, code.NOT_FOUND, "caseId", **given(case_id))
    await tianhe.refused(JUDGMENT_RECORD, code.NOT_FOUND, "caseId", **given(case_id))

    def holding(**more: Any) -> dict[str, Any]:
        values: dict[str, Any] = {"response_id": response_id, "outcome": Outcome.REVOKED}
        return {"holdings": (NewHolding(**values | more),)}

    for change, expected, path in [
        ({"case_id": uuid4()}, code.NOT_FOUND, ("caseId",)),
        ({"outcome": Outcome.AFFIRMED}, code.OUTCOME_NOT_POSSIBLE, ("outcome",)),
        ({"decided_on": date(2026, 3, 1)}, code.BEFORE_FILING, ("decidedOn",)),
        ({"decided_on": date(2026, 3, 11)}, code.IN_FUTURE, ("decidedOn",)),
        ({"served_on": date(2026, 3, 11)}, code.IN_FUTURE, ("servedOn",)),
        ({"served_on": date(2026, 3, 5)}, code.DATES_OUT_OF_ORDER, ("servedOn",)),
        ({"number": "甲" * 201}, code.INVALID_INPUT, ("number",)),
        (holding(response_id=foreign), code.NOT_FOUND, ("holdings", "0", "responseId")),
        (holding(outcome=Outcome.AFFIRMED), code.OUTCOME_NOT_POSSIBLE, ("holdings", "0", "outcome")),
        (holding(lost=False), code.LOST_CONTRADICTS_OUTCOME, ("holdings", "0", "lost")),
        (
            holding(outcome=Outcome.CLAIMS_DISMISSED, loss_reason="x"),
            code.LOSS_REASON_WITHOUT_LOSS,
            ("holdings", "0", "lossReason"),
        ),
        (holding(amount_yuan=Decimal(-1)), code.INVALID_INPUT, ("holdings", "0", "amountYuan")),
        (holding(amount_yuan=Decimal("NaN")), code.INVALID_INPUT, ("holdings", "0", "amountYuan")),
        (holding(amount_yuan=Decimal("1E+400")), code.INVALID_INPUT, ("holdings", "0", "amountYuan")),
        (holding(amount_yuan=Decimal("0.001")), code.INVALID_INPUT, ("holdings", "0", "amountYuan")),
    ]:
        await bureau.refused(JUDGMENT_RECORD, expected, *path, **given(case_id) | change)
    await bureau.perform(CASE_CLOSE, case_id=case_id, outcome=Outcome.REVOKED, closed_on=date(2026, 3, 9))
    await bureau.refused(JUDGMENT_RECORD, code.CASE_CLOSED, "closesCase", **given(case_id, closes_case=True))


async def test_a_reversal_must_say_who_lost(database: Database, bureau: Desk, docket: Docket) -> None:
    code = JudgmentRecordRefusal
    case_id, [response_id] = await docket.case("huangpu", number_type="行终", court="粤71")
    holding = (NewHolding(response_id, Outcome.REVERSED),)
    reversal = given(case_id, outcome=Outcome.REVERSED)
    await bureau.refused(JUDGMENT_RECORD, code.LOST_REQUIRED, "holdings", "0", "lost", **reversal, holdings=holding)
    judgment_id = await bureau.perform(JUDGMENT_RECORD, **reversal)
    [row] = await rows_of(database, Holding, judgment_id=judgment_id)
    assert (row.outcome, row.lost) == (None, None)
    await bureau.perform(
        HOLDING_RECORD, judgment_id=judgment_id, response_id=response_id, outcome=Outcome.REVERSED, lost=True
    )
    assert (await row_of(database, Response, response_id)).lost is True


async def test_an_affirmed_judgment_leaves_the_earlier_result(database: Database, bureau: Desk, docket: Docket) -> None:
    first, [_] = await docket.case("huangpu")
    await bureau.perform(JUDGMENT_RECORD, **given(first))
    second, [response_id] = await docket.case(
        "huangpu", number_type="行终", court="粤71", filed_on=date(2026, 3, 7), previous_case_id=first
    )
    await bureau.perform(JUDGMENT_RECORD, **given(second, outcome=Outcome.AFFIRMED, decided_on=date(2026, 3, 9)))
    response = await row_of(database, Response, response_id)
    assert (response.outcome, response.lost) == ("AFFIRMED", True)


async def test_a_holding_is_stated_anew(database: Database, bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = HoldingRecordRefusal
    case_id, [response_id] = await docket.case("huangpu")
    _, [foreign] = await docket.case("huangpu")
    judgment_id = await bureau.perform(JUDGMENT_RECORD, **given(case_id))
    values: dict[str, Any] = {
        "judgment_id": judgment_id,
        "response_id": response_id,
        "outcome": Outcome.PARTLY_REVOKED,
    }
    holding_id = await bureau.perform(HOLDING_RECORD, **values, lost=False, expected_version=2)
    assert [type(event) for event in bureau.heard] == [HoldingRecorded]
    entry = (await trail(database, holding_id))[-1]
    assert (entry.before, entry.after) == (
        {"outcome": "REVOKED", "lost": True},
        {"outcome": "PARTLY_REVOKED", "lost": False},
    )
    await shenzhen.refused(HOLDING_RECORD, code.NOT_FOUND, "judgmentId", **values)
    for change, expected, path in [
        ({"response_id": foreign}, code.NOT_FOUND, "responseId"),
        ({"response_id": uuid4()}, code.NOT_FOUND, "responseId"),
        ({"outcome": Outcome.AFFIRMED}, code.OUTCOME_NOT_POSSIBLE, "outcome"),
        ({"outcome": Outcome.REVOKED, "lost": False}, code.LOST_CONTRADICTS_OUTCOME, "lost"),
        ({"lost": False, "loss_reason": "x"}, code.LOSS_REASON_WITHOUT_LOSS, "lossReason"),
        ({"amount_yuan": Decimal(-1)}, code.INVALID_INPUT, "amountYuan"),
        ({"expected_version": 2}, code.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(HOLDING_RECORD, expected, path, **values | change)
    second, [other] = await docket.case("huangpu", number_type="行终", court="粤71")
    reversal = await bureau.perform(JUDGMENT_RECORD, **given(second, outcome=Outcome.REVERSED))
    values = {"judgment_id": reversal, "response_id": other, "outcome": Outcome.REVERSED}
    await bureau.refused(HOLDING_RECORD, code.LOST_REQUIRED, "lost", **values)


async def test_two_holdings_at_once_do_not_overwrite_each_other(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    case_id, [response_id] = await docket.case("huangpu")
    judgment_id = await bureau.perform(JUDGMENT_RECORD, **given(case_id))
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    values = {"judgment_id": judgment_id, "response_id": response_id, "outcome": Outcome.PARTLY_REVOKED}
    done = await asyncio.gather(
        *(desk.perform(HOLDING_RECORD, **values, expected_version=2) for desk in desks), return_exceptions=True
    )
    assert [one.code for one in done if isinstance(one, ActRefused)] == [HoldingRecordRefusal.CONFLICT]


async def test_an_earlier_judgment_does_not_undo_a_later_result(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    case_id, [response_id] = await docket.case("huangpu")
    await bureau.perform(JUDGMENT_RECORD, **given(case_id, decided_on=date(2026, 3, 9)))
    await bureau.perform(
        JUDGMENT_RECORD,
        **given(case_id, kind=JudgmentKind.RULING, outcome=Outcome.SUIT_DISMISSED, decided_on=date(2026, 3, 6)),
    )
    assert (await row_of(database, Response, response_id)).outcome == "REVOKED"


async def test_a_judgment_takes_effect_after_the_term_of_appeal(
    database: Database, bureau: Desk, shenzhen: Desk, docket: Docket
) -> None:
    code = JudgmentBecomeEffectiveRefusal
    case_id, _ = await docket.case("huangpu", filed_on=date(2026, 2, 2))
    judgment_id = await bureau.perform(
        JUDGMENT_RECORD, **given(case_id, decided_on=date(2026, 2, 10), served_on=date(2026, 2, 12))
    )
    # 2026-02-27: fifteen days after 2026-02-12.
    values = {"judgment_id": judgment_id, "effective_on": date(2026, 2, 28)}
    await shenzhen.refused(JUDGMENT_BECOME_EFFECTIVE, code.NOT_FOUND, "judgmentId", **values)
    for change, expected, path in [
        ({"effective_on": date(2026, 2, 27)}, code.APPEAL_TERM_RUNNING, "effectiveOn"),
        ({"effective_on": date(2026, 2, 9)}, code.DATES_OUT_OF_ORDER, "effectiveOn"),
        ({"effective_on": date(2026, 3, 11)}, code.IN_FUTURE, "effectiveOn"),
        ({"effective_on": date(3, 3, 11)}, code.INVALID_INPUT, "effectiveOn"),
        ({"expected_version": 9}, code.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(JUDGMENT_BECOME_EFFECTIVE, expected, path, **values | change)
    await bureau.perform(JUDGMENT_BECOME_EFFECTIVE, **values)
    assert [type(event) for event in bureau.heard] == [JudgmentEffective]
    assert (await row_of(database, Judgment, judgment_id)).effective_on == date(2026, 2, 28)
    await bureau.refused(JUDGMENT_BECOME_EFFECTIVE, code.ALREADY_EFFECTIVE, "judgmentId", **values)


async def test_an_open_appeal_keeps_a_judgment_from_taking_effect(bureau: Desk, docket: Docket) -> None:
    first, _ = await docket.case("huangpu", filed_on=date(2026, 2, 2))
    judgment_id = await bureau.perform(JUDGMENT_RECORD, **given(first, decided_on=date(2026, 2, 10)))
    second, _ = await docket.case("huangpu", number_type="行终", court="粤71")
    await bureau.perform(CASES_LINK, from_case_id=first, to_case_id=second)
    values = {"judgment_id": judgment_id, "effective_on": date(2026, 3, 9)}
    code = JudgmentBecomeEffectiveRefusal
    await bureau.refused(JUDGMENT_BECOME_EFFECTIVE, code.UNDER_APPEAL, "judgmentId", **values)
    await bureau.perform(CASE_CLOSE, case_id=second, outcome=Outcome.APPEAL_WITHDRAWN, closed_on=date(2026, 3, 9))
    await bureau.perform(JUDGMENT_BECOME_EFFECTIVE, **values)
