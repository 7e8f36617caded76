"""Obligations and suggestions."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.calendar.unit import PeriodUnit
from core.cases.acts.effectiveness import JUDGMENT_BECOME_EFFECTIVE
from core.cases.acts.judgments import JUDGMENT_RECORD
from core.cases.acts.obligations import OBLIGATION_FULFIL, OBLIGATION_RECORD, OBLIGATION_VOID
from core.cases.acts.periods import PERIOD_VOID
from core.cases.acts.suggestions import SUGGESTION_RECORD, SUGGESTION_REPLY
from core.cases.acts.terms import JudgmentKind
from core.cases.events import (
    ObligationFulfilled,
    ObligationRecorded,
    ObligationVoided,
    PeriodChanged,
    PeriodMet,
    PeriodOpened,
    SuggestionRecorded,
    SuggestionReplied,
)
from core.cases.outcomes import Outcome
from core.cases.refusals.duties import (
    ObligationFulfilRefusal,
    ObligationRecordRefusal,
    ObligationVoidRefusal,
    SuggestionRecordRefusal,
    SuggestionReplyRefusal,
)
from core.cases.tables import Obligation, Period, PeriodCalculation, Suggestion
from core.cases.vocabulary import ObligationKind, SuggestionKind
from core.db.session import Database
from core.errors import ActRefused
from tests.support.acting import Desk, Docket, row_of, rows_of, trail
from tests.support.city import City


async def effective(bureau: Desk, docket: Docket) -> tuple[UUID, UUID]:
    """A judgment in effect since 2026-03-02, and the response it is about."""
    case_id, [response_id] = await docket.case("huangpu", filed_on=date(2026, 2, 2))
    judgment_id = await bureau.perform(
        JUDGMENT_RECORD,
        case_id=case_id,
        kind=JudgmentKind.JUDGMENT,
        decided_on=date(2026, 2, 10),
        outcome=Outcome.ORDERED_TO_PAY,
    )
    await bureau.perform(JUDGMENT_BECOME_EFFECTIVE, judgment_id=judgment_id, effective_on=date(2026, 3, 2))
    return judgment_id, response_id


@pytest.mark.parametrize(
    ("stated", "due"),
    [
        ({}, date(2026, 4, 1)),
        ({"term_amount": 60}, date(2026, 5, 6)),
        ({"term_amount": 10, "term_unit": PeriodUnit.WORKING_DAY}, date(2026, 3, 16)),
        ({"term_amount": 1, "term_unit": PeriodUnit.MONTH}, date(2026, 4, 2)),
        ({"due_on": date(2026, 4, 4)}, date(2026, 4, 7)),
        ({"starts_on": date(2026, 3, 5)}, date(2026, 4, 7)),
    ],
)
async def test_a_performance_runs_by_the_stated_term_or_thirty_days(
    database: Database, bureau: Desk, docket: Docket, stated: dict[str, Any], due: date
) -> None:
    judgment_id, response_id = await effective(bureau, docket)
    obligation_id = await bureau.perform(
        OBLIGATION_RECORD, response_id=response_id, content="给付补偿款", judgment_id=judgment_id, **stated
    )
    assert [type(event) for event in bureau.heard] == [PeriodOpened, ObligationRecorded]
    obligation = await row_of(database, Obligation, obligation_id)
    period = await row_of(database, Period, obligation.period_id)
    assert (obligation.due_on, period.due_on, period.kind, period.judgment_id) == (due, due, "PERFORMANCE", judgment_id)
    [entry] = await trail(database, obligation_id)
    assert (entry.act, entry.after["due_on"]) == ("obligationRecord", due.isoformat())


async def test_another_duty_has_a_last_day_and_no_period(database: Database, bureau: Desk, docket: Docket) -> None:
    _, [response_id] = await docket.case("huangpu")
    obligation_id = await bureau.perform(
        OBLIGATION_RECORD,
        response_id=response_id,
        content="败诉分析",
        kind=ObligationKind.LOSS_REPORT,
        due_on=date(2026, 4, 1),
    )
    obligation = await row_of(database, Obligation, obligation_id)
    assert (obligation.period_id, obligation.due_on) == (None, date(2026, 4, 1))


async def test_recording_an_obligation_is_refused(bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = ObligationRecordRefusal
    judgment_id, response_id = await effective(bureau, docket)
    _, [other] = await docket.case("huangpu")
    values: dict[str, Any] = {"response_id": response_id, "content": "给付", "judgment_id": judgment_id}
    await shenzhen.refused(OBLIGATION_RECORD, code.NOT_FOUND, "responseId", **values)
    for change, expected, path in [
        ({"content": " "}, code.INVALID_INPUT, "content"),
        ({"response_id": other}, code.NOT_FOUND, "judgmentId"),
        ({"judgment_id": uuid4()}, code.NOT_FOUND, "judgmentId"),
        ({"due_on": date(2026, 4, 1), "term_amount": 3}, code.TERM_AMBIGUOUS, "dueOn"),
        ({"due_on": date(2026, 3, 1)}, code.DATES_OUT_OF_ORDER, "dueOn"),
        ({"due_on": date(2101, 3, 1)}, code.INVALID_INPUT, "dueOn"),
        ({"starts_on": date(2026, 2, 9)}, code.DATES_OUT_OF_ORDER, "startsOn"),
        ({"starts_on": date(1, 1, 1)}, code.INVALID_INPUT, "startsOn"),
        ({"judgment_id": None}, code.START_REQUIRED, "startsOn"),
        ({"kind": ObligationKind.LOSS_REPORT}, code.TERM_REQUIRED, "termAmount"),
        ({"term_amount": 0}, code.INVALID_INPUT, "termAmount"),
        ({"term_amount": 241, "term_unit": PeriodUnit.MONTH}, code.INVALID_INPUT, "termAmount"),
    ]:
        await bureau.refused(OBLIGATION_RECORD, expected, path, **values | change)


async def recorded(bureau: Desk, docket: Docket) -> UUID:
    judgment_id, response_id = await effective(bureau, docket)
    return await bureau.perform(OBLIGATION_RECORD, response_id=response_id, content="给付", judgment_id=judgment_id)


async def test_fulfilling_meets_the_period(database: Database, bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = ObligationFulfilRefusal
    obligation_id = await recorded(bureau, docket)
    values: dict[str, Any] = {"obligation_id": obligation_id, "fulfilled_on": date(2026, 3, 9)}
    await shenzhen.refused(OBLIGATION_FULFIL, code.NOT_FOUND, "obligationId", **values)
    for change, expected, path in [
        ({"fulfilled_on": date(2026, 3, 11)}, code.IN_FUTURE, "fulfilledOn"),
        ({"fulfilled_on": date(2026, 2, 9)}, code.DATES_OUT_OF_ORDER, "fulfilledOn"),
        ({"fulfilled_on": date(26, 2, 9)}, code.INVALID_INPUT, "fulfilledOn"),
        ({"expected_version": 9}, code.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(OBLIGATION_FULFIL, expected, path, **values | change)
    await bureau.perform(OBLIGATION_FULFIL, **values, expected_version=1)
    assert [type(event) for event in bureau.heard] == [PeriodMet, ObligationFulfilled]
    obligation = await row_of(database, Obligation, obligation_id)
    assert (obligation.status, obligation.fulfilled_on, obligation.version) == ("FULFILLED", date(2026, 3, 9), 2)
    period = await row_of(database, Period, obligation.period_id)
    assert (period.status, period.met_on) == ("MET", date(2026, 3, 9))
    assert [entry.act for entry in await trail(database, obligation_id)] == ["obligationRecord", "obligationFulfil"]
    await bureau.refused(OBLIGATION_FULFIL, code.NOT_OPEN, "obligationId", **values)


async def test_voiding_makes_the_period_void(database: Database, bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = ObligationVoidRefusal
    obligation_id = await recorded(bureau, docket)
    values: dict[str, Any] = {"obligation_id": obligation_id, "reason": "再审改判"}
    await shenzhen.refused(OBLIGATION_VOID, code.NOT_FOUND, "obligationId", **values)
    await bureau.refused(OBLIGATION_VOID, code.INVALID_INPUT, "reason", **values | {"reason": ""})
    await bureau.refused(OBLIGATION_VOID, code.CONFLICT, "expectedVersion", **values, expected_version=9)
    await bureau.perform(OBLIGATION_VOID, **values)
    assert [type(event) for event in bureau.heard] == [PeriodChanged, ObligationVoided]
    obligation = await row_of(database, Obligation, obligation_id)
    assert obligation.status == "VOID"
    assert (await row_of(database, Period, obligation.period_id)).status == "VOID"
    await bureau.refused(OBLIGATION_VOID, code.NOT_OPEN, "obligationId", **values)


async def test_an_obligation_whose_period_was_voided_is_still_fulfilled(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    obligation_id = await recorded(bureau, docket)
    period_id = (await row_of(database, Obligation, obligation_id)).period_id
    await bureau.perform(PERIOD_VOID, period_id=period_id, reason="另行约定")
    await bureau.perform(OBLIGATION_FULFIL, obligation_id=obligation_id, fulfilled_on=date(2026, 3, 9))
    assert [type(event) for event in bureau.heard] == [ObligationFulfilled]
    assert (await row_of(database, Period, period_id)).status == "VOID"


def letter(**more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": SuggestionKind.JUDICIAL,
        "issued_by": "广州铁路运输法院",
        "subject": "规范执法程序",
        "received_on": date(2026, 3, 5),
    }
    return values | more


@pytest.mark.parametrize(
    ("stated", "term", "due"),
    [
        ({}, "D12", date(2026, 5, 6)),
        ({"normative": True}, "D12b", date(2026, 5, 6)),
        ({"kind": SuggestionKind.PROCURATORIAL}, "D13", date(2026, 5, 6)),
        ({"kind": SuggestionKind.PROCURATORIAL, "urgent": True}, "D13.urgent", date(2026, 3, 20)),
        ({"kind": SuggestionKind.RECON_OPINION}, "D14", date(2026, 5, 6)),
        ({"term_amount": 30}, "D12", date(2026, 4, 7)),
        ({"reply_due_on": date(2026, 4, 1)}, "D12", date(2026, 4, 1)),
    ],
)
async def test_a_suggestion_is_answered_within_its_term(
    database: Database, city: City, bureau: Desk, stated: dict[str, Any], term: str, due: date
) -> None:
    suggestion_id = await bureau.perform(SUGGESTION_RECORD, **letter(agency_id=city.agencies["huangpu"], **stated))
    assert [type(event) for event in bureau.heard] == [SuggestionRecorded]
    suggestion = await row_of(database, Suggestion, suggestion_id)
    assert (suggestion.reply_due_on, suggestion.status, suggestion.code, suggestion.case_id) == (
        due,
        "OPEN",
        440112000,
        None,
    )
    assert (await row_of(database, PeriodCalculation, suggestion.calculation_id)).input["term"] == term
    assert [entry.act for entry in await trail(database, suggestion_id)] == ["suggestionRecord"]


async def test_a_suggestion_in_a_case_is_a_period_of_it(
    database: Database, bureau: Desk, huangpu: Desk, shenzhen: Desk, docket: Docket
) -> None:
    code = SuggestionReplyRefusal
    case_id, [response_id] = await docket.case("huangpu")
    suggestion_id = await huangpu.perform(SUGGESTION_RECORD, **letter(response_id=response_id))
    assert [type(event) for event in huangpu.heard] == [PeriodOpened, SuggestionRecorded]
    suggestion = await row_of(database, Suggestion, suggestion_id)
    assert (suggestion.case_id, suggestion.response_id) == (case_id, response_id)
    values: dict[str, Any] = {"suggestion_id": suggestion_id, "replied_on": date(2026, 3, 9)}
    await shenzhen.refused(SUGGESTION_REPLY, code.NOT_FOUND, "suggestionId", **values)
    for change, expected, path in [
        ({"replied_on": date(2026, 3, 11)}, code.IN_FUTURE, "repliedOn"),
        ({"replied_on": date(2026, 3, 4)}, code.DATES_OUT_OF_ORDER, "repliedOn"),
        ({"replied_on": date(6, 3, 4)}, code.INVALID_INPUT, "repliedOn"),
        ({"expected_version": 9}, code.CONFLICT, "expectedVersion"),
    ]:
        await huangpu.refused(SUGGESTION_REPLY, expected, path, **values | change)
    await huangpu.perform(SUGGESTION_REPLY, **values, expected_version=1)
    assert [type(event) for event in huangpu.heard] == [PeriodMet, SuggestionReplied]
    after = await row_of(database, Suggestion, suggestion_id)
    assert (after.status, after.replied_on, after.version) == ("REPLIED", date(2026, 3, 9), 2)
    [period] = await rows_of(database, Period, response_id=response_id)
    assert (period.kind, period.status) == ("SUGGESTION_REPLY", "MET")
    assert [entry.act for entry in await trail(database, suggestion_id)] == ["suggestionRecord", "suggestionReply"]
    await bureau.refused(SUGGESTION_REPLY, code.NOT_OPEN, "suggestionId", **values)


async def test_recording_a_suggestion_is_refused(
    city: City, bureau: Desk, shenzhen: Desk, tianhe: Desk, docket: Docket
) -> None:
    code = SuggestionRecordRefusal
    _, [response_id] = await docket.case("huangpu")
    agency = {"agency_id": city.agencies["huangpu"]}
    await shenzhen.refused(SUGGESTION_RECORD, code.NOT_FOUND, "agencyId", **letter(**agency))
    await tianhe.refused(SUGGESTION_RECORD, code.NOT_FOUND, "agencyId", **letter(**agency))
    await tianhe.refused(SUGGESTION_RECORD, code.NOT_FOUND, "responseId", **letter(response_id=response_id))
    await bureau.refused(
        SUGGESTION_RECORD,
        code.AGENCY_MISMATCH,
        "agencyId",
        **letter(response_id=response_id, agency_id=city.agencies["tianhe"]),
    )
    await bureau.refused(SUGGESTION_RECORD, code.AGENCY_REQUIRED, "agencyId", **letter())
    for change, expected, path in [
        ({"issued_by": ""}, code.INVALID_INPUT, "issuedBy"),
        ({"subject": "甲" * 2001}, code.INVALID_INPUT, "subject"),
        ({"received_on": date(2026, 3, 11)}, code.IN_FUTURE, "receivedOn"),
        ({"urgent": True}, code.KIND_MISMATCH, "urgent"),
        ({"kind": SuggestionKind.RECON_OPINION, "normative": True}, code.KIND_MISMATCH, "normative"),
        ({"reply_due_on": date(2026, 4, 1), "term_amount": 3}, code.TERM_AMBIGUOUS, "replyDueOn"),
        ({"reply_due_on": date(2026, 3, 4)}, code.DATES_OUT_OF_ORDER, "replyDueOn"),
        ({"term_amount": 0}, code.INVALID_INPUT, "termAmount"),
    ]:
        await bureau.refused(SUGGESTION_RECORD, expected, path, **letter(**agency) | change)


async def test_one_letter_recorded_twice_at_once_is_there_once(database: Database, city: City, bureau: Desk) -> None:
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    values = letter(agency_id=city.agencies["huangpu"], number="穗法建〔2026〕1号")
    done = await asyncio.gather(*(desk.perform(SUGGESTION_RECORD, **values) for desk in desks), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, ActRefused)] == [SuggestionRecordRefusal.ALREADY_RECORDED]
