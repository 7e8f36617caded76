"""Closing, reopening and correcting cases."""

from __future__ import annotations

import asyncio
from datetime import date

from core.cases.acts.closing import CASE_CLOSE, CASE_CORRECT, CASE_REOPEN
from core.cases.events import CaseClosed, CaseCorrected, CaseReopened
from core.cases.outcomes import Outcome
from core.cases.refusals.cases import CaseCloseRefusal, CaseCorrectRefusal, CaseReopenRefusal
from core.cases.states import ProcedureForm
from core.cases.tables import Response
from core.db.session import Database
from core.errors import ActRefused
from tests.support.acting import Desk, Docket, row_of, trail


async def test_a_case_is_closed_and_its_closing_taken_back(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, [response_id] = await docket.case("huangpu")
    before = await docket.state(case_id)
    await bureau.perform(
        CASE_CLOSE,
        case_id=case_id,
        outcome=Outcome.REVOKED,
        closed_on=date(2026, 3, 9),
        expected_version=before.version,
    )
    assert [type(event) for event in bureau.heard] == [CaseClosed]
    case = await docket.state(case_id)
    assert (case.status, case.outcome, case.closed_on, case.version) == (
        "CLOSED",
        "REVOKED",
        date(2026, 3, 9),
        before.version + 1,
    )
    response = await row_of(database, Response, response_id)
    assert (response.status, response.outcome, response.lost) == ("CLOSED", "REVOKED", True)
    await bureau.perform(CASE_REOPEN, case_id=case_id, reason="登记错误")
    assert [type(event) for event in bureau.heard] == [CaseReopened]
    response = await row_of(database, Response, response_id)
    assert (response.status, response.outcome, response.lost) == ("OPEN", None, None)
    entries = await trail(database, case_id)
    assert [entry.act for entry in entries] == ["caseRegister", "caseClose", "caseReopen"]
    assert entries[1].before == {"status": "OPEN", "outcome": None, "closed_on": None}
    assert entries[2].reason == "登记错误"
    await bureau.refused(CASE_REOPEN, CaseReopenRefusal.CASE_OPEN, "caseId", case_id=case_id, reason="再次")
    await bureau.refused(CASE_REOPEN, CaseReopenRefusal.INVALID_INPUT, "reason", case_id=case_id, reason="")


async def test_with_two_respondents_closing_says_nothing_about_who_lost(
    database: Database, bureau: Desk, tianhe: Desk, docket: Docket
) -> None:
    case_id, responses = await docket.case("huangpu", "tianhe")
    # The co-respondent sees one response only, and still must not take the case's outcome for its own.
    await tianhe.perform(CASE_CLOSE, case_id=case_id, outcome=Outcome.REVOKED, closed_on=date(2026, 3, 9))
    for response_id in responses:
        response = await row_of(database, Response, response_id)
        assert (response.status, response.outcome, response.lost) == ("CLOSED", None, None)


async def test_closing_is_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu")
    code = CaseCloseRefusal
    values = {"case_id": case_id, "outcome": Outcome.REVOKED, "closed_on": date(2026, 3, 9)}
    await shenzhen.refused(CASE_CLOSE, code.NOT_FOUND, "caseId", **values)
    await bureau.refused(CASE_CLOSE, code.CONFLICT, "expectedVersion", **values, expected_version=99)
    await bureau.refused(CASE_CLOSE, code.OUTCOME_NOT_POSSIBLE, "outcome", **values | {"outcome": Outcome.AFFIRMED})
    await bureau.refused(CASE_CLOSE, code.BEFORE_FILING, "closedOn", **values | {"closed_on": date(2026, 3, 1)})
    await bureau.refused(CASE_CLOSE, code.IN_FUTURE, "closedOn", **values | {"closed_on": date(2026, 3, 11)})
    await bureau.refused(CASE_CLOSE, code.CAUSE_UNKNOWN, "closingCauseCode", **values, closing_cause_code="x")
    await bureau.perform(CASE_CLOSE, **values, closing_cause_code="01")
    await bureau.refused(CASE_CLOSE, code.CASE_CLOSED, "caseId", **values)


async def test_two_closings_at_once_close_once(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, _ = await docket.case("huangpu")
    version = (await docket.state(case_id)).version
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    values = {"case_id": case_id, "outcome": Outcome.REVOKED, "closed_on": date(2026, 3, 9)}
    done = await asyncio.gather(
        *(desk.perform(CASE_CLOSE, **values, expected_version=version) for desk in desks), return_exceptions=True
    )
    assert [one.code for one in done if isinstance(one, ActRefused)] == [CaseCloseRefusal.CONFLICT]
    assert [entry.act for entry in await trail(database, case_id)] == ["caseRegister", "caseClose"]


async def test_a_case_is_corrected(database: Database, bureau: Desk, docket: Docket) -> None:
    case_id, [response_id] = await docket.case("huangpu")
    await bureau.perform(
        CASE_CORRECT,
        case_id=case_id,
        cause_code="01",
        filed_on=date(2026, 3, 1),
        procedure_form=ProcedureForm.SIMPLIFIED,
        challenged_act_number="穗行决〔2026〕1号",
        reason="立案日期有误",
    )
    assert [(type(event), event.changed) for event in bureau.heard if isinstance(event, CaseCorrected)] == [
        (CaseCorrected, "cause_code,challenged_act_number,filed_on,procedure_form")
    ]
    response = await row_of(database, Response, response_id)
    assert (response.cause_code, response.filed_on) == ("01", date(2026, 3, 1))
    entry = (await trail(database, case_id))[-1]
    assert (entry.before["cause_code"], entry.after["cause_code"]) == ("0101", "01")


async def test_correcting_is_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = CaseCorrectRefusal
    case_id, _ = await docket.case("huangpu", received_on=date(2026, 3, 5))
    await shenzhen.refused(CASE_CORRECT, code.NOT_FOUND, "caseId", case_id=case_id, cause_code="01")
    for change, expected, path in [
        ({}, code.NOTHING_TO_CHANGE, ()),
        ({"cause_code": "0101"}, code.NOTHING_TO_CHANGE, ()),
        ({"cause_code": "x"}, code.CAUSE_UNKNOWN, ("causeCode",)),
        ({"closing_cause_code": "01"}, code.CASE_OPEN, ("closingCauseCode",)),
        ({"organ_reference": "文号"}, code.REFERENCE_NOT_POSSIBLE, ("organReference",)),
        ({"filed_on": date(2026, 3, 11)}, code.IN_FUTURE, ("filedOn",)),
        ({"filed_on": date(2026, 3, 6)}, code.DATES_OUT_OF_ORDER, ("filedOn",)),
        ({"cause_code": "01", "expected_version": 9}, code.CONFLICT, ("expectedVersion",)),
        ({"challenged_act_number": "甲" * 201}, code.INVALID_INPUT, ("challengedActNumber",)),
    ]:
        await bureau.refused(CASE_CORRECT, expected, *path, case_id=case_id, **change)
    second, _ = await docket.case("huangpu", number_type="行审")
    await bureau.refused(
        CASE_CORRECT,
        code.SIMPLIFIED_NOT_POSSIBLE,
        "procedureForm",
        case_id=second,
        procedure_form=ProcedureForm.SIMPLIFIED,
    )
