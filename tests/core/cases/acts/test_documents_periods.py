"""Documents and the periods that their receipt starts; what happens to periods afterwards."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, update

from core.calendar.period_input import PeriodInput
from core.calendar.unit import PeriodUnit
from core.cases.acts.documents import DOCUMENT_ATTACH_FILE, DOCUMENT_REGISTER, HEAD_NOTICE_REGISTER
from core.cases.acts.periods import PERIOD_EXTEND, PERIOD_MEET, PERIOD_RESUME, PERIOD_SUSPEND, PERIOD_VOID
from core.cases.acts.registration import CASE_REGISTER
from core.cases.events import DocumentFileAttached, DocumentRegistered, PeriodChanged, PeriodMet, PeriodOpened
from core.cases.refusals.duties import (
    DocumentAttachFileRefusal,
    DocumentRegisterRefusal,
    HeadNoticeRegisterRefusal,
    PeriodExtendRefusal,
    PeriodMeetRefusal,
    PeriodResumeRefusal,
    PeriodSuspendRefusal,
    PeriodVoidRefusal,
)
from core.cases.states import ProcedureForm
from core.cases.tables import Document, Period, PeriodCalculation, PeriodChange, Response
from core.cases.vocabulary import Direction, DocType, ProcedureKind
from core.db.session import Database
from core.documents.tables import StoredFile
from core.errors import ActRefused
from tests.support.acting import NOW, Desk, Docket, row_of, rows_of, trail
from tests.support.city import City

RECEIVED = date(2026, 3, 5)


async def stored_file(database: Database, city: City, agency: str = "huangpu", status: str = "STORED") -> UUID:
    async with database.system() as session:
        return await session.scalar(
            insert(StoredFile)
            .values(
                shard=4401,
                code=440112000 if agency == "huangpu" else 440106000,
                agency_id=city.agencies[agency],
                name="应诉通知书.pdf",
                media_type="application/pdf",
                size=3,
                sha256="0" * 64,
                status=status,
                created_at=NOW,
            )
            .returning(StoredFile.id)
        )


async def defence(bureau: Desk, docket: Docket, database: Database, **more: Any) -> Any:
    """A running defence period: from 2026-03-05 to 2026-03-20."""
    _, [response_id] = await docket.case("huangpu", **more)
    await bureau.perform(
        DOCUMENT_REGISTER, response_id=response_id, doc_type=DocType.RESPONSE_NOTICE, received_on=RECEIVED
    )
    [period] = await rows_of(database, Period, response_id=response_id)
    return period


async def test_a_notice_to_respond_starts_the_defence(
    database: Database, city: City, huangpu: Desk, docket: Docket
) -> None:
    _, [response_id] = await docket.case("huangpu")
    document_id = await huangpu.perform(
        DOCUMENT_REGISTER,
        response_id=response_id,
        doc_type=DocType.RESPONSE_NOTICE,
        received_on=RECEIVED,
        number="（2026）粤7101行初1号",
        dated_on=date(2026, 3, 3),
        pages=2,
        file_id=await stored_file(database, city),
        internal=True,
    )
    assert [type(event) for event in huangpu.heard] == [PeriodOpened, DocumentRegistered]
    document = await row_of(database, Document, document_id)
    assert (document.title, document.direction, document.received_on, document.registered_at) == (
        "应诉通知书",
        "RECEIVED",
        RECEIVED,
        NOW,
    )
    assert (document.file_name, document.internal, document.pages) == ("应诉通知书.pdf", True, 2)
    [period] = await rows_of(database, Period, response_id=response_id)
    assert (period.kind, period.due_on, period.source_document_id) == ("DEFENCE", date(2026, 3, 20), document_id)
    response = await row_of(database, Response, response_id)
    assert (response.received_on, response.answer_due_on) == (RECEIVED, date(2026, 3, 20))
    calculation = await row_of(database, PeriodCalculation, period.calculation_id)
    assert PeriodInput.from_json(calculation.input).term == "D2"
    assert calculation.trace[0]["rule"] == "EXCLUDE_START"
    [entry] = await trail(database, document_id)
    assert (entry.act, entry.after["due_on"], entry.agency_id) == (
        "documentRegister",
        "2026-03-20",
        city.agencies["huangpu"],
    )


async def test_the_complaint_that_came_with_the_case_starts_no_second_period(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    _, [response_id] = await docket.case("huangpu", received_on=RECEIVED)
    values = {"response_id": response_id, "doc_type": DocType.RESPONSE_NOTICE}
    await bureau.perform(DOCUMENT_REGISTER, **values, received_on=RECEIVED)
    assert len(await rows_of(database, Period, response_id=response_id)) == 1
    await bureau.perform(DOCUMENT_REGISTER, **values, received_on=date(2026, 3, 6))
    assert len(await rows_of(database, Period, response_id=response_id)) == 2


async def test_two_notices_at_once_start_one_period(database: Database, bureau: Desk, docket: Docket) -> None:
    _, [response_id] = await docket.case("huangpu")
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    values = {"response_id": response_id, "doc_type": DocType.RESPONSE_NOTICE, "received_on": RECEIVED}
    await asyncio.gather(*(desk.perform(DOCUMENT_REGISTER, **values) for desk in desks))
    assert len(await rows_of(database, Document, response_id=response_id)) == 2
    assert len(await rows_of(database, Period, response_id=response_id)) == 1


async def test_equal_calculations_are_one_row(database: Database, bureau: Desk, docket: Docket) -> None:
    responses = [(await docket.case("huangpu"))[1][0] for _ in range(2)]
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in responses]
    await asyncio.gather(
        *(
            desk.perform(
                DOCUMENT_REGISTER, response_id=one, doc_type=DocType.RESPONSE_NOTICE, received_on=date(2026, 3, 4)
            )
            for desk, one in zip(desks, responses, strict=True)
        )
    )
    periods = [(await rows_of(database, Period, response_id=one))[0] for one in responses]
    assert periods[0].calculation_id == periods[1].calculation_id


@pytest.mark.parametrize(
    ("number_type", "court", "doc_type", "term"),
    [
        ("行终", "粤71", DocType.APPEAL, "D2.second"),
        ("行终", "粤71", DocType.RESPONSE_NOTICE, "D2.second"),
        ("行初", "粤7101", DocType.APPEAL, "D2.second"),
        ("行申", "粤71", DocType.RETRIAL_APPLICATION, "D2.retrial"),
        ("行再", "粤71", DocType.RETRIAL_NOTICE, "D2"),
    ],
)
async def test_other_procedures_have_their_own_term(
    database: Database,
    bureau: Desk,
    docket: Docket,
    number_type: str,
    court: str,
    doc_type: DocType,
    term: str,
) -> None:
    _, [response_id] = await docket.case("huangpu", number_type=number_type, court=court)
    await bureau.perform(DOCUMENT_REGISTER, response_id=response_id, doc_type=doc_type, received_on=RECEIVED)
    [period] = await rows_of(database, Period, response_id=response_id)
    assert (period.kind, period.due_on) == ("DEFENCE", date(2026, 3, 20))
    assert (await row_of(database, PeriodCalculation, period.calculation_id)).input["term"] == term


async def test_reconsideration_is_answered_in_working_days(database: Database, city: City, bureau: Desk) -> None:
    for form, due in ((ProcedureForm.ORDINARY, date(2026, 3, 19)), (ProcedureForm.SIMPLIFIED, date(2026, 3, 12))):
        case_id = await bureau.perform(
            CASE_REGISTER,
            agency_id=city.agencies["huangpu"],
            cause_code="0101",
            filed_on=date(2026, 3, 2),
            procedure_kind=ProcedureKind.RECON,
            organ_reference=f"穗府行复〔2026〕{form}",
            procedure_form=form,
        )
        [response] = await rows_of(database, Response, case_id=case_id)
        await bureau.perform(
            DOCUMENT_REGISTER, response_id=response.id, doc_type=DocType.RECON_NOTICE, received_on=RECEIVED
        )
        [period] = await rows_of(database, Period, response_id=response.id)
        assert (period.kind, period.due_on) == ("RECONSIDERATION_ANSWER", due)


@pytest.mark.parametrize(
    ("doc_type", "direction"),
    [
        (DocType.RESPONSE_NOTICE, Direction.SENT),
        (DocType.SUMMONS, Direction.RECEIVED),
        (DocType.RECON_NOTICE, Direction.RECEIVED),
        (DocType.RETRIAL_NOTICE, Direction.RECEIVED),
        (DocType.ANSWER, Direction.SENT),
    ],
)
async def test_other_documents_start_nothing(
    database: Database, bureau: Desk, docket: Docket, doc_type: DocType, direction: Direction
) -> None:
    _, [response_id] = await docket.case("huangpu")
    await bureau.perform(
        DOCUMENT_REGISTER, response_id=response_id, doc_type=doc_type, received_on=RECEIVED, direction=direction
    )
    assert [type(event) for event in bureau.heard] == [DocumentRegistered]
    assert await rows_of(database, Period, response_id=response_id) == []


async def test_registering_a_document_is_refused(
    database: Database, city: City, bureau: Desk, shenzhen: Desk, tianhe: Desk, docket: Docket
) -> None:
    code = DocumentRegisterRefusal
    _, [response_id, other] = await docket.case("huangpu", "tianhe")
    values = {"response_id": response_id, "doc_type": DocType.RESPONSE_NOTICE, "received_on": RECEIVED}
    await shenzhen.refused(DOCUMENT_REGISTER, code.NOT_FOUND, "responseId", **values)
    await tianhe.refused(DOCUMENT_REGISTER, code.NOT_FOUND, "responseId", **values)
    await tianhe.perform(DOCUMENT_REGISTER, **values | {"response_id": other})
    foreign = await stored_file(database, city, "tianhe")
    pending = await stored_file(database, city, status="PENDING")
    for change, expected, path in [
        ({"received_on": date(2026, 3, 11)}, code.IN_FUTURE, "receivedOn"),
        ({"received_on": date(2026, 3, 1)}, code.BEFORE_FILING, "receivedOn"),
        ({"dated_on": date(2026, 3, 6)}, code.DATES_OUT_OF_ORDER, "datedOn"),
        ({"title": "甲" * 201}, code.INVALID_INPUT, "title"),
        ({"number": "甲\x00"}, code.INVALID_INPUT, "number"),
        ({"pages": 0}, code.INVALID_INPUT, "pages"),
        ({"answer_days": 0}, code.INVALID_INPUT, "answerDays"),
        ({"file_id": uuid4()}, code.NOT_FOUND, "fileId"),
        ({"file_id": foreign}, code.FILE_OF_OTHERS, "fileId"),
        ({"file_id": pending}, code.FILE_NOT_STORED, "fileId"),
    ]:
        await bureau.refused(DOCUMENT_REGISTER, expected, path, **values | change)
    _, [simple] = await docket.case("huangpu", procedure_form=ProcedureForm.SIMPLIFIED)
    await bureau.refused(DOCUMENT_REGISTER, code.TERM_REQUIRED, "answerDays", **values | {"response_id": simple})
    await bureau.perform(DOCUMENT_REGISTER, **values | {"response_id": simple, "answer_days": 10})
    [period] = await rows_of(database, Period, response_id=simple)
    assert period.due_on == date(2026, 3, 16)


async def test_the_court_registers_a_notice_for_the_head(
    database: Database, city: City, bureau: Desk, huangpu: Desk, court: Desk, shenzhen: Desk, docket: Docket
) -> None:
    code = HeadNoticeRegisterRefusal
    _, [response_id] = await docket.case("huangpu")
    values = {"response_id": response_id, "received_on": RECEIVED}
    document_id = await court.perform(HEAD_NOTICE_REGISTER, **values, number="函1号")
    document = await row_of(database, Document, document_id)
    assert (document.doc_type, document.title, document.internal) == ("HEAD_NOTICE", "负责人出庭通知书", False)
    await shenzhen.refused(HEAD_NOTICE_REGISTER, code.NOT_FOUND, "responseId", **values)
    foreign = await stored_file(database, city, "tianhe")
    pending = await stored_file(database, city, status="PENDING")
    for desk, change, expected, path in [
        (court, {"received_on": date(2026, 3, 11)}, code.IN_FUTURE, "receivedOn"),
        (court, {"dated_on": date(2026, 3, 6)}, code.DATES_OUT_OF_ORDER, "datedOn"),
        (court, {"pages": -1}, code.INVALID_INPUT, "pages"),
        (huangpu, {"file_id": foreign}, code.NOT_FOUND, "fileId"),
        (bureau, {"file_id": foreign}, code.FILE_OF_OTHERS, "fileId"),
        (huangpu, {"file_id": pending}, code.FILE_NOT_STORED, "fileId"),
    ]:
        await desk.refused(HEAD_NOTICE_REGISTER, expected, path, **values | change)


async def test_a_file_is_added_once(
    database: Database, city: City, bureau: Desk, shenzhen: Desk, huangpu: Desk, docket: Docket
) -> None:
    code = DocumentAttachFileRefusal
    _, [response_id] = await docket.case("huangpu")
    document_id = await huangpu.perform(
        DOCUMENT_REGISTER, response_id=response_id, doc_type=DocType.OTHER, received_on=RECEIVED
    )
    file_id = await stored_file(database, city)
    values = {"document_id": document_id, "file_id": file_id}
    await shenzhen.refused(DOCUMENT_ATTACH_FILE, code.NOT_FOUND, "documentId", **values)
    pending = await stored_file(database, city, status="PENDING")
    foreign = await stored_file(database, city, "tianhe")
    for change, expected in [
        ({"file_id": pending}, code.FILE_NOT_STORED),
        ({"file_id": foreign}, code.FILE_OF_OTHERS),
        ({"file_id": uuid4()}, code.NOT_FOUND),
    ]:
        await bureau.refused(DOCUMENT_ATTACH_FILE, expected, "fileId", **values | change)
    await huangpu.perform(DOCUMENT_ATTACH_FILE, **values)
    assert [type(event) for event in huangpu.heard] == [DocumentFileAttached]
    document = await row_of(database, Document, document_id)
    assert (document.file_id, document.file_name) == (file_id, "应诉通知书.pdf")
    assert [entry.act for entry in await trail(database, document_id)] == ["documentRegister", "documentAttachFile"]
    await bureau.refused(DOCUMENT_ATTACH_FILE, code.FILE_ALREADY_ATTACHED, "documentId", **values)


async def test_a_period_is_extended_twice(database: Database, bureau: Desk, docket: Docket) -> None:
    period = await defence(bureau, docket, database)
    values = {"period_id": period.id, "granted_on": date(2026, 3, 9), "reason": "不可抗力"}
    await bureau.perform(PERIOD_EXTEND, **values, amount=10, expected_version=1)
    assert [(type(event), event.cause) for event in bureau.heard if isinstance(event, PeriodChanged)] == [
        (PeriodChanged, "EXTENDED")
    ]
    after = await row_of(database, Period, period.id)
    assert (after.due_on, after.version, after.status) == (date(2026, 3, 30), 2, "OPEN")
    assert (await row_of(database, Response, period.response_id)).answer_due_on == date(2026, 3, 30)
    [change] = await rows_of(database, PeriodChange, period_id=period.id)
    assert (change.cause, change.former_due_on, change.new_due_on, change.former_calculation_id) == (
        "EXTENDED",
        date(2026, 3, 20),
        date(2026, 3, 30),
        period.calculation_id,
    )
    # Saturday 2026-04-04 is 清明: the new last day moves to Tuesday 2026-04-07.
    await bureau.perform(PERIOD_EXTEND, **values, until=date(2026, 4, 4))
    assert (await row_of(database, Period, period.id)).due_on == date(2026, 4, 7)
    entry = (await trail(database, period.id))[-1]
    assert (entry.act, entry.before["due_on"], entry.after["due_on"], entry.reason) == (
        "periodExtend",
        "2026-03-30",
        "2026-04-07",
        "不可抗力",
    )


async def test_extending_is_refused(database: Database, bureau: Desk, shenzhen: Desk, docket: Docket) -> None:
    code = PeriodExtendRefusal
    period = await defence(bureau, docket, database)
    values: dict[str, Any] = {"period_id": period.id, "granted_on": date(2026, 3, 9), "reason": "x", "amount": 10}
    await shenzhen.refused(PERIOD_EXTEND, code.NOT_FOUND, "periodId", **values)
    for change, expected, path in [
        ({"reason": " "}, code.INVALID_INPUT, "reason"),
        ({"granted_on": date(2026, 3, 11)}, code.IN_FUTURE, "grantedOn"),
        ({"granted_on": date(2026, 3, 4)}, code.DATES_OUT_OF_ORDER, "grantedOn"),
        ({"amount": None}, code.EXTENSION_AMBIGUOUS, "amount"),
        ({"until": date(2026, 4, 1)}, code.EXTENSION_AMBIGUOUS, "amount"),
        ({"amount": 0}, code.INVALID_INPUT, "amount"),
        ({"amount": 21, "unit": PeriodUnit.YEAR}, code.INVALID_INPUT, "amount"),
        ({"amount": None, "until": date(2026, 3, 8)}, code.DATES_OUT_OF_ORDER, "until"),
        ({"amount": None, "until": date(2026, 3, 20)}, code.NOT_LATER, "until"),
        ({"expected_version": 9}, code.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(PERIOD_EXTEND, expected, path, **values | change)
    await bureau.perform(PERIOD_SUSPEND, period_id=period.id, suspended_on=date(2026, 3, 9), reason="中止")
    await bureau.refused(PERIOD_EXTEND, code.PERIOD_STANDS_STILL, "periodId", **values)
    await bureau.perform(PERIOD_VOID, period_id=period.id, reason="错误")
    await bureau.refused(PERIOD_EXTEND, code.PERIOD_ENDED, "periodId", **values)


async def test_a_suspended_period_resumes_later_by_the_days_it_stood_still(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    period = await defence(bureau, docket, database)
    await bureau.perform(PERIOD_SUSPEND, period_id=period.id, suspended_on=date(2026, 3, 6), reason="诉讼中止")
    still = await row_of(database, Period, period.id)
    assert (still.status, still.due_on) == ("SUSPENDED", date(2026, 3, 20))
    given = PeriodInput.from_json((await row_of(database, PeriodCalculation, still.calculation_id)).input)
    assert given.is_suspended
    await bureau.perform(PERIOD_RESUME, period_id=period.id, resumed_on=date(2026, 3, 10), expected_version=2)
    after = await row_of(database, Period, period.id)
    assert (after.status, after.due_on, after.version) == ("OPEN", date(2026, 3, 24), 3)
    assert [row.cause for row in await rows_of(database, PeriodChange, period_id=period.id)] == ["SUSPENDED", "RESUMED"]
    assert [entry.act for entry in await trail(database, period.id)] == ["periodSuspend", "periodResume"]
    assert (await row_of(database, Response, period.response_id)).answer_due_on == date(2026, 3, 24)
    # A second suspension counts beside the first one.
    await bureau.perform(PERIOD_SUSPEND, period_id=period.id, suspended_on=date(2026, 3, 10), reason="再次中止")
    bureau.clock.instant = bureau.clock.instant.replace(day=12)
    await bureau.perform(PERIOD_RESUME, period_id=period.id, resumed_on=date(2026, 3, 12))
    assert (await row_of(database, Period, period.id)).due_on == date(2026, 3, 26)


async def test_an_imported_period_without_a_calculation_is_moved_too(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    period = await defence(bureau, docket, database)
    async with database.system() as session:
        await session.execute(update(Period).where(Period.id == period.id).values(calculation_id=None))
    await bureau.perform(PERIOD_SUSPEND, period_id=period.id, suspended_on=date(2026, 3, 6), reason="中止")
    await bureau.perform(PERIOD_RESUME, period_id=period.id, resumed_on=date(2026, 3, 9))
    assert (await row_of(database, Period, period.id)).due_on == date(2026, 3, 23)


async def test_suspending_and_resuming_are_refused(
    database: Database, bureau: Desk, shenzhen: Desk, docket: Docket
) -> None:
    suspend, resume = PeriodSuspendRefusal, PeriodResumeRefusal
    period = await defence(bureau, docket, database)
    values: dict[str, Any] = {"period_id": period.id, "suspended_on": date(2026, 3, 9), "reason": "x"}
    await shenzhen.refused(PERIOD_SUSPEND, suspend.NOT_FOUND, "periodId", **values)
    for change, expected, path in [
        ({"reason": ""}, suspend.INVALID_INPUT, "reason"),
        ({"suspended_on": date(2026, 3, 11)}, suspend.IN_FUTURE, "suspendedOn"),
        ({"suspended_on": date(2026, 3, 4)}, suspend.OUTSIDE_PERIOD, "suspendedOn"),
        ({"expected_version": 9}, suspend.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(PERIOD_SUSPEND, expected, path, **values | change)
    resumption: dict[str, Any] = {"period_id": period.id, "resumed_on": date(2026, 3, 10)}
    await bureau.refused(PERIOD_RESUME, resume.NOT_SUSPENDED, "periodId", **resumption)
    await bureau.perform(PERIOD_SUSPEND, **values)
    await bureau.refused(PERIOD_SUSPEND, suspend.PERIOD_STANDS_STILL, "periodId", **values)
    await shenzhen.refused(PERIOD_RESUME, resume.NOT_FOUND, "periodId", **resumption)
    for change, expected, path in [
        ({"resumed_on": date(2026, 3, 8)}, resume.DATES_OUT_OF_ORDER, "resumedOn"),
        ({"resumed_on": date(2026, 3, 11)}, resume.IN_FUTURE, "resumedOn"),
        ({"reason": "甲" * 2001}, resume.INVALID_INPUT, "reason"),
        ({"expected_version": 9}, resume.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(PERIOD_RESUME, expected, path, **resumption | change)
    await bureau.perform(PERIOD_MEET, period_id=period.id, met_on=date(2026, 3, 10))
    await bureau.refused(PERIOD_SUSPEND, suspend.PERIOD_ENDED, "periodId", **values)


async def test_a_period_is_met_by_posting(database: Database, bureau: Desk, docket: Docket) -> None:
    period = await defence(bureau, docket, database)
    await bureau.perform(
        PERIOD_MEET, period_id=period.id, met_on=date(2026, 3, 10), posted_on=date(2026, 3, 9), expected_version=1
    )
    assert [type(event) for event in bureau.heard] == [PeriodMet]
    after = await row_of(database, Period, period.id)
    assert (after.status, after.met_on, after.posted_on) == ("MET", date(2026, 3, 10), date(2026, 3, 9))
    assert (await row_of(database, Response, period.response_id)).answered_on == date(2026, 3, 9)
    [entry] = await trail(database, period.id)
    assert (entry.act, entry.before) == ("periodMeet", {"status": "OPEN"})


async def test_meeting_and_voiding_are_refused(
    database: Database, bureau: Desk, shenzhen: Desk, docket: Docket
) -> None:
    meet, void = PeriodMeetRefusal, PeriodVoidRefusal
    period = await defence(bureau, docket, database)
    values: dict[str, Any] = {"period_id": period.id, "met_on": date(2026, 3, 9)}
    await shenzhen.refused(PERIOD_MEET, meet.NOT_FOUND, "periodId", **values)
    for change, expected, path in [
        ({"met_on": date(2026, 3, 11)}, meet.IN_FUTURE, "metOn"),
        ({"met_on": date(2026, 3, 4)}, meet.DATES_OUT_OF_ORDER, "metOn"),
        ({"met_on": date(6, 3, 4)}, meet.INVALID_INPUT, "metOn"),
        ({"posted_on": date(2026, 3, 4)}, meet.DATES_OUT_OF_ORDER, "postedOn"),
        ({"posted_on": date(2026, 3, 10)}, meet.DATES_OUT_OF_ORDER, "postedOn"),
        ({"expected_version": 9}, meet.CONFLICT, "expectedVersion"),
    ]:
        await bureau.refused(PERIOD_MEET, expected, path, **values | change)
    await shenzhen.refused(PERIOD_VOID, void.NOT_FOUND, "periodId", period_id=period.id, reason="x")
    await bureau.refused(PERIOD_VOID, void.INVALID_INPUT, "reason", period_id=period.id, reason="")
    await bureau.refused(
        PERIOD_VOID, void.CONFLICT, "expectedVersion", period_id=period.id, reason="x", expected_version=9
    )
    await bureau.perform(PERIOD_VOID, period_id=period.id, reason="误登")
    assert [(type(event), event.cause) for event in bureau.heard if isinstance(event, PeriodChanged)] == [
        (PeriodChanged, "VOIDED")
    ]
    assert (await row_of(database, Period, period.id)).status == "VOID"
    await bureau.refused(PERIOD_MEET, meet.PERIOD_ENDED, "periodId", **values)
    await bureau.refused(PERIOD_VOID, void.PERIOD_ENDED, "periodId", period_id=period.id, reason="x")


async def test_two_extensions_at_once_do_not_overwrite_each_other(
    database: Database, bureau: Desk, docket: Docket
) -> None:
    period = await defence(bureau, docket, database)
    desks = [Desk(database, bureau.scope, bureau.clock) for _ in range(2)]
    values = {"period_id": period.id, "granted_on": date(2026, 3, 9), "reason": "x", "amount": 10}
    done = await asyncio.gather(
        *(desk.perform(PERIOD_EXTEND, **values, expected_version=1) for desk in desks), return_exceptions=True
    )
    assert [one.code for one in done if isinstance(one, ActRefused)] == [PeriodExtendRefusal.CONFLICT]
    # Without a version both count, one after the other.
    await asyncio.gather(*(desk.perform(PERIOD_EXTEND, **values) for desk in desks))
    assert len(await rows_of(database, PeriodChange, period_id=period.id)) == 3
